//! [`HttpLimits`]: how much, how long and how many.

use std::time::Duration;

/// How much a server takes, how long it waits and how many it serves at once.
#[derive(Clone, Debug)]
pub struct HttpLimits {
    /// Connections of all peers together; one more is answered 503.
    pub connections: usize,
    /// Connections of one user or certificate; one more is answered 429.
    pub connections_of_one_peer: usize,
    /// Requests that wait for changes, of all peers together; one more is answered 503.
    pub subscribers: usize,
    /// Requests of one user or certificate that wait for changes; one more is answered 429.
    pub subscribers_of_one_peer: usize,
    /// TLS handshakes under way, of all addresses together; one more connection is closed.
    pub handshakes: usize,
    /// TLS handshakes under way with one IP address; one more connection is closed.
    pub handshakes_of_one_address: usize,
    /// How long a TLS handshake may take before the connection is closed.
    pub handshake_timeout: Duration,
    /// How long a peer may take for the head of a request, from the end of the one before. One that has begun
    /// is answered 408.
    pub head_timeout: Duration,
    /// How long the body of a request may take to arrive; then 408.
    pub body_timeout: Duration,
    /// How long a peer may leave an answer unread before the connection is closed.
    pub write_timeout: Duration,
    /// How long one connection may last; then the peer connects again, and its user is looked up again.
    pub connection_age: Duration,
    /// How often a stream of events that has nothing to say shows that it is alive.
    pub keep_alive: Duration,
}

impl Default for HttpLimits {
    fn default() -> Self {
        Self {
            connections: 256,
            connections_of_one_peer: 128,
            subscribers: 96,
            subscribers_of_one_peer: 64,
            handshakes: 64,
            handshakes_of_one_address: 32,
            handshake_timeout: Duration::from_secs(10),
            head_timeout: Duration::from_secs(10),
            body_timeout: Duration::from_secs(10),
            write_timeout: Duration::from_secs(10),
            connection_age: Duration::from_mins(1),
            keep_alive: Duration::from_secs(15),
        }
    }
}
