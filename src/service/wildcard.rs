//! [`Wildcard`]: a pattern of names. `*` stands for any text, also none; nothing else is special.

/// A pattern of names.
#[derive(Clone, Debug)]
pub(super) struct Wildcard(String);

impl Wildcard {
    pub(super) fn new(pattern: &str) -> Self {
        Self(pattern.to_owned())
    }

    pub(super) fn matches(&self, name: &str) -> bool {
        let Some((head, rest)) = self.0.split_once('*') else {
            return name == self.0;
        };
        let Some(mut unmatched) = name.strip_prefix(head) else {
            return false;
        };
        let (middles, tail) = rest.rsplit_once('*').unwrap_or(("", rest));
        for middle in middles.split('*') {
            let Some((_, after)) = unmatched.split_once(middle) else {
                return false;
            };
            unmatched = after;
        }
        unmatched.ends_with(tail)
    }
}
