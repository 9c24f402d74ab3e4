//! Why a column that was asked for is empty.

use super::sheet::{Sheet, SheetRow};
use crate::model::Metric;
use crate::report::absence::{absent_metrics, why_absent};

/// A line for each reason, with the metrics that have no value for it in any row.
pub(super) fn reasons(sheet: &Sheet) -> Vec<String> {
    let is_of_populations = sheet.rows().all(|row| row.population.is_some());
    let reason = |metric: Metric| match is_of_populations && metric.is_of_whole_server() {
        true => Some("empty for populations: the whole server has it".to_owned()),
        false => why_absent(metric),
    };
    let is_empty = |place: usize| !sheet.rows().any(|row: &SheetRow| row.estimates[place].is_some());
    let metrics = sheet.heads.iter().map(|head| head.metric).enumerate();
    let empty = metrics.filter(|(place, _)| is_empty(*place));
    absent_metrics(empty.map(|(_, metric)| (metric, reason(metric))))
}
