//! `[[claim]]`: a statement about the results, as the experiment file has it.

mod condition;
mod definition;
mod quantity;
mod read;

pub use condition::{Condition, Verdict};
pub use definition::{Claim, ClaimedClients, Relation};
pub use quantity::in_unit_of;
pub(super) use read::read;
