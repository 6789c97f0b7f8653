//! What the query of `/v1/watch` says: `after`, `instance`, `timeout`.

use std::time::Duration;

use super::watch::Position;

/// How long a long poll waits unless it says otherwise, and at most.
const USUAL_TIMEOUT: Duration = Duration::from_secs(30);
const LONGEST_TIMEOUT: u64 = 60;

/// What a request to `/v1/watch` asks for.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct WatchQuery {
    /// Nothing is older; without it, what happens from now on.
    pub(super) after: Option<Position>,
    pub(super) timeout: Duration,
}

/// Reads `?after=GENERATION&instance=ID&timeout=SECONDS`; the error says what is wrong.
pub(super) fn parse(query: &str) -> Result<WatchQuery, &'static str> {
    let (mut generation, mut instance, mut timeout) = (None, None, USUAL_TIMEOUT);
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        match pair.split_once('=') {
            Some(("after", number)) => {
                let number = number.parse().map_err(|_| "after is not a generation")?;
                generation = Some(number);
            }
            Some(("instance", name)) => instance = Some(name.to_owned()),
            Some(("timeout", seconds)) => match seconds.parse() {
                Ok(seconds @ 0..=LONGEST_TIMEOUT) => timeout = Duration::from_secs(seconds),
                _ => return Err("timeout is not a number of seconds from 0 to 60"),
            },
            _ => return Err("the query has a part that means nothing here"),
        }
    }
    let after = generation.map(|generation| Position {
        instance,
        generation,
    });
    Ok(WatchQuery { after, timeout })
}

/// Reads the id of an event that the peer saw last (`Last-Event-ID`).
pub(super) fn parse_event_id(id: &str) -> Option<Position> {
    let (instance, generation) = id.trim().rsplit_once('-')?;
    Some(Position {
        instance: Some(instance.to_owned()),
        generation: generation.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_says_from_where_and_how_long() {
        let usual = parse("").unwrap();
        assert_eq!((usual.after, usual.timeout), (None, USUAL_TIMEOUT));
        let query = parse("after=7&timeout=0&instance=ab").unwrap();
        let after = query.after.unwrap();
        assert_eq!(
            (after.generation, after.instance.as_deref()),
            (7, Some("ab"))
        );
        assert_eq!(query.timeout, Duration::ZERO);
        for wrong in [
            "after=x",
            "after=-1",
            "timeout=61",
            "timeout=",
            "afte=1",
            "after",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_event_s_id_names_the_run_and_the_generation() {
        let position = parse_event_id("0011aabb-12").unwrap();
        assert_eq!(position.instance.as_deref(), Some("0011aabb"));
        assert_eq!(position.generation, 12);
        assert!(parse_event_id("12").is_none());
    }
}
