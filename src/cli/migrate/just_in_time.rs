//! `keyward migrate serve`, `report` and `end`: users move when they log in.

pub(super) mod end;
pub(super) mod report;
pub(super) mod serve;
mod stores;
