//! Exactly mergeable histograms, estimates and their confidence intervals.

mod bisection;
mod contrast;
mod estimate;
mod histogram;
mod jackknifed;
mod look_ahead;
mod mser;
mod quantile;
mod ratio;
mod student;
mod summary;
mod transient;

pub use bisection::{Crossing, Positions, crossing};
pub use contrast::{Contrast, holm, p_value_above};
pub use estimate::{Estimate, Interval};
pub use histogram::{Histogram, HistogramError, Packed};
pub use jackknifed::Jackknifed;
pub use look_ahead::LookAhead;
pub use mser::{Truncation, mser5};
pub use quantile::{PooledQuantile, pooled_quantile};
pub use ratio::{Ratio, jackknife, without_each};
pub use student::{student_t_quantile, student_t_tails};
pub use summary::{Summary, summarize};
pub use transient::{Matters, Transient, transient};
