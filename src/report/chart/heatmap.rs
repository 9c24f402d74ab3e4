//! TODO
use super::canvas::Drawing;
use super::{ChartError, Job};
/// TODO
pub fn draw(job: &Job) -> Result<Drawing, ChartError> { Err(job.no_column("todo")) }
