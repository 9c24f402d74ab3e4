//! What is asked of an experiment beyond its points: a precision, and a search.

use std::sync::Arc;

use super::diagnostics::Diagnostics;
use super::plan::Precision;
use super::search::KeySearch;
use super::{Experiment, check, precision, values};

impl Experiment {
    /// The goals at which replications stop, if there are any. A smoke run has none.
    pub fn precision(&self) -> Option<Precision> {
        let root = self.point(0);
        let reader = self.reader(&root);
        let goals = precision::goals("experiment.precision", reader.node("experiment.precision")?).ok()?;
        if reader.flag("experiment.quick") {
            return None;
        }
        Some(Precision { goals, fewest: reader.replications(), most: self.max_replications() })
    }

    /// Most replications where their number is not fixed: with a precision, and in a search.
    pub fn max_replications(&self) -> u32 {
        let root = self.point(0);
        u32::try_from(self.reader(&root).count("experiment.max_replications")).unwrap_or(u32::MAX)
    }

    /// The search, if there is one. Its points are then the two ends of its range.
    pub fn search(&self) -> Option<&KeySearch> {
        self.search.as_ref()
    }

    /// The experiment of a search with these values of the key as its points. Claims about values of the key are about
    /// the points that have these values now.
    ///
    /// # Errors
    /// If a value between the two ends, which are valid, is not.
    pub fn with_tried(&self, positions: &[u64]) -> Result<Experiment, Diagnostics> {
        let mut tried = self.clone();
        tried.runs = Arc::default();
        let mut diagnostics = Diagnostics::default();
        let Some(search) = &self.search else { return Ok(tried) };
        let before = self.cells_of_key();
        for axis in &mut tried.sweep.axes {
            axis.values = positions.iter().map(|position| search.node(*position)).collect();
            for node in &mut axis.values {
                if let Err(problem) = check::check_assigned(&axis.path, node) {
                    diagnostics.error(problem);
                }
            }
        }
        let cells = tried.cells_of_key();
        for points in tried.claims.iter_mut().filter_map(|claim| claim.points.as_mut()) {
            let place = |point: &usize| cells.iter().position(|cell| Some(cell) == before.get(*point));
            *points = points.iter().filter_map(place).collect();
        }
        if !diagnostics.has_errors() {
            (0..positions.len()).for_each(|point| {
                let root = tried.point(point);
                tried.reader(&root).scenarios(&mut diagnostics);
            });
        }
        if diagnostics.has_errors() { Err(diagnostics) } else { Ok(tried) }
    }

    /// The values of the key of a search, point by point.
    fn cells_of_key(&self) -> Vec<String> {
        self.sweep.axes.iter().flat_map(|axis| &axis.values).map(values::cell).collect()
    }
}
