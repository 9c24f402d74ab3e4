//! TODO
use super::figure::Figure;
use super::{ChartError, Job};
/// TODO
pub fn figure(job: &Job) -> Result<Figure, ChartError> { Err(job.no_column("todo")) }
