//! What follows from the results: comparisons of transports, and verdicts on claims.

mod between;
mod claims;
mod contrasts;
mod limit;
mod markup;
mod scope;
mod tables;
mod text;
mod words;

pub use between::{Compared, Ran, between};
pub use claims::{JudgedClaim, judge};
pub(super) use contrasts::charted_metrics;
pub use contrasts::{LEVEL, OneSided, PairRow, compared_metrics, contrasts, one_sided};
pub use limit::Limit;
pub use markup::{comparison_latex, comparison_markdown};
pub use scope::PairScope;
pub use tables::comparison;
pub(super) use tables::{is_inferred, named, names, tables};
pub use text::comparison_text;
