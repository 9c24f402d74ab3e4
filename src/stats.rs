//! Exactly mergeable histograms, estimates and their confidence intervals.

mod estimate;
mod histogram;
mod mser;
mod quantile;
mod ratio;
mod student;
mod summary;
mod transient;

pub use estimate::{Estimate, Interval};
pub use histogram::{Histogram, HistogramError, Packed};
pub use mser::{Truncation, mser5};
pub use quantile::pooled_quantile;
pub use ratio::{Ratio, jackknife};
pub use student::student_t_quantile;
pub use summary::{Summary, summarize};
pub use transient::{Matters, Transient, transient};
