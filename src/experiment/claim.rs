//! `[[claim]]`: a statement about the results, as the experiment file has it.

mod condition;
mod definition;
mod fixed;
mod quantity;
mod read;

pub use condition::{Condition, Verdict};
pub use definition::{Claim, ClaimedClients, Relation};
pub(super) use fixed::leave_out;
pub use quantity::in_unit_of;
pub(super) use read::read;
