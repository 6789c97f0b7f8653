//! GeneralName: a host, an address, a URI or whatever a certificate is about, as Java prints it.
//!
//! Source: RFC 5280 section 4.2.1.6; the words are those of JDK 17.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::der_value::DerValue;
use super::name;

const RFC822_NAME: u8 = 0x81;
const DNS_NAME: u8 = 0x82;
const DIRECTORY_NAME: u8 = 0xa4;
const URI: u8 = 0x86;
const IP_ADDRESS: u8 = 0x87;
const REGISTERED_ID: u8 = 0x88;

/// One name; none of a kind that is not known here.
pub(super) fn in_words(value: &DerValue<'_>) -> Option<String> {
    let text = || String::from_utf8_lossy(value.content);
    match value.tag {
        RFC822_NAME => Some(format!("RFC822Name: {}", text())),
        DNS_NAME => Some(format!("DNSName: {}", text())),
        DIRECTORY_NAME => name::in_words(&value.child()?),
        URI => Some(format!("URIName: {}", text())),
        IP_ADDRESS => Some(format!("IPAddress: {}", address(value.content)?)),
        REGISTERED_ID => Some(format!("OIDName: {}", value.identifier())),
        _ => None,
    }
}

/// All names in `value`.
pub(super) fn all_in_words(value: &DerValue<'_>) -> Option<Vec<String>> {
    value.children()?.iter().map(in_words).collect()
}

fn address(octets: &[u8]) -> Option<String> {
    if let Ok(octets) = <[u8; 4]>::try_from(octets) {
        return Some(Ipv4Addr::from(octets).to_string());
    }
    let octets = <[u8; 16]>::try_from(octets).ok()?;
    let groups = Ipv6Addr::from(octets)
        .segments()
        .map(|group| format!("{group:x}"));
    Some(groups.join(":"))
}
