//! `GET /v1/watch`: which aliases changed after a generation, as a long poll or as server-sent events
//! (WHATWG HTML, "Server-sent events"). Names of aliases that the peer may read; never values.
//!
//! ```text
//! GET /v1/watch?after=3&timeout=30           {"instance":"…","generation":4,"reset":false,"changed":["db1pass"],"removed":[]}
//! GET /v1/watch  Accept: text/event-stream   id: INSTANCE-4
//!                                            event: change
//!                                            data: {…as above…}
//! ```

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::Bytes;
use serde::Serialize;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep, sleep_until};

use super::change_log::Since;
use super::endpoints::Endpoints;
use super::hall::Asker;
use super::places::Place;

/// How soon an event stream's reader is to come again when its connection ends, in milliseconds.
const RECONNECT: &str = "retry: 1000\n\n";

/// Where a peer's knowledge ends.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Position {
    /// The run of the service, if the peer names it.
    pub(super) instance: Option<String>,
    pub(super) generation: u64,
}

/// What happened, as far as a peer may know.
#[derive(Serialize)]
pub(super) struct News {
    instance: String,
    generation: u64,
    /// Whether anything may have changed: `changed` then names every alias.
    reset: bool,
    changed: BTreeSet<String>,
    removed: BTreeSet<String>,
}

impl News {
    fn is_empty(&self) -> bool {
        !self.reset && self.changed.is_empty() && self.removed.is_empty()
    }
}

impl Endpoints {
    /// Where a peer is that knows all there is.
    pub(super) fn here(&self) -> Position {
        Position {
            instance: None,
            generation: self.hall.changes.latest(),
        }
    }

    /// The first news after `position`; what there is when the time is up or the connection ends.
    pub(super) async fn next_news(
        &self,
        asker: &Asker,
        position: Position,
        longest: Duration,
    ) -> News {
        let mut closed = asker.closed.clone();
        tokio::select! {
            news = self.some_news(asker, &position) => news,
            () = sleep(longest) => self.news(asker, &position),
            _ = closed.wait_for(|closed| *closed) => self.news(asker, &position),
        }
    }

    async fn some_news(&self, asker: &Asker, position: &Position) -> News {
        let mut latest = self.hall.changes.follow();
        loop {
            latest.mark_unchanged();
            let news = self.news(asker, position);
            if !news.is_empty() || latest.changed().await.is_err() {
                return news;
            }
        }
    }

    fn news(&self, asker: &Asker, position: &Position) -> News {
        let instance = self.hall.service.instance();
        let is_other_run = |named: &String| named != instance;
        let since = match &position.instance {
            Some(named) if is_other_run(named) => Since::Forgotten(self.hall.changes.latest()),
            _ => self.hall.changes.since(position.generation),
        };
        let may_read = |alias: &String| asker.may_read(alias);
        let visible = |aliases: BTreeSet<String>| aliases.into_iter().filter(may_read).collect();
        match since {
            Since::Known(change) => News {
                instance: instance.to_owned(),
                generation: change.generation,
                reset: false,
                changed: visible(change.changed),
                removed: visible(change.removed),
            },
            Since::Forgotten(generation) => {
                let all = self.hall.service.view().aliases().into_iter();
                News {
                    instance: instance.to_owned(),
                    generation,
                    reset: true,
                    changed: visible(all.map(|entry| entry.alias).collect()),
                    removed: BTreeSet::new(),
                }
            }
        }
    }

    /// Starts to send events; they end when the peer or the connection ends.
    pub(super) fn events(
        self: &Arc<Self>,
        asker: &Asker,
        position: Position,
        place: Place,
    ) -> mpsc::Receiver<Bytes> {
        let (events, body) = mpsc::channel(1);
        let (endpoints, asker) = (Arc::clone(self), asker.clone());
        tokio::spawn(async move {
            let _place = place;
            endpoints.send_events(&asker, position, events).await;
        });
        body
    }

    async fn send_events(
        &self,
        asker: &Asker,
        mut position: Position,
        events: mpsc::Sender<Bytes>,
    ) {
        let mut closed = asker.closed.clone();
        let mut next = Bytes::from_static(RECONNECT.as_bytes());
        loop {
            // A peer that does not read is cut off by the connection's write timeout.
            let sent = tokio::select! {
                sent = events.send(next) => sent.is_ok(),
                () = is_over(&mut closed) => false,
            };
            if !sent {
                return;
            }
            let keep_alive = Instant::now() + self.hall.limits.keep_alive;
            tokio::select! {
                news = self.some_news(asker, &position) => {
                    position = Position { instance: None, generation: news.generation };
                    next = event(&news);
                }
                () = sleep_until(keep_alive) => next = Bytes::from_static(b": keep-alive\n\n"),
                () = is_over(&mut closed) => return,
                () = events.closed() => return,
            }
        }
    }
}

async fn is_over(closed: &mut watch::Receiver<bool>) {
    let _ = closed.wait_for(|closed| *closed).await;
}

fn event(news: &News) -> Bytes {
    // Strings and numbers always have a JSON text.
    let data = serde_json::to_string(news).unwrap_or_default();
    let (instance, generation) = (&news.instance, news.generation);
    Bytes::from(format!(
        "id: {instance}-{generation}\nevent: change\ndata: {data}\n\n"
    ))
}
