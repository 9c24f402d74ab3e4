//! What follows from the results: comparisons of transports, and verdicts on claims.

mod claims;
mod contrasts;
mod rounded;
mod tables;

pub use claims::{JudgedClaim, judge};
pub use contrasts::{LEVEL, PairRow, compared_metrics, contrasts};
pub use rounded::in_words;
pub use tables::{CLAIMS, COMPARISON, comparison};
pub(super) use tables::{is_inferred, named, names, tables};
