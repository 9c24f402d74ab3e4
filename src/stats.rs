//! Exactly mergeable histograms and confidence intervals.

mod histogram;
mod student;
mod summary;

pub use histogram::{Histogram, HistogramError};
pub use student::student_t_quantile;
pub use summary::{Summary, summarize};
