//! Exactly mergeable histograms, estimates and their confidence intervals.

mod estimate;
mod histogram;
mod quantile;
mod ratio;
mod student;
mod summary;

pub use estimate::{Estimate, Interval};
pub use histogram::{Histogram, HistogramError, Packed};
pub use quantile::pooled_quantile;
pub use ratio::{Ratio, jackknife};
pub use student::student_t_quantile;
pub use summary::{Summary, summarize};
