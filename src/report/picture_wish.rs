//! Which charts of a run are drawn for another place, and how.

use super::chart::PictureFormat;
use super::request::ReportError;
use crate::experiment::chart::{Chart, Ground, PrintSize};
use crate::experiment::near::near_names;

/// What is asked for; what is not, is as in the experiment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PictureWish {
    /// Names of charts; none: all.
    pub names: Vec<String>,
    /// Their size.
    pub size: Option<PrintSize>,
    /// What they stand on.
    pub ground: Option<Ground>,
    /// The formats.
    pub formats: Vec<PictureFormat>,
}

impl PictureWish {
    /// The charts that are asked for, in the order of the experiment.
    ///
    /// # Errors
    /// If there is no chart of a name.
    pub(super) fn charts(&self, charts: &[Chart]) -> Result<Vec<Chart>, ReportError> {
        let known = || charts.iter().map(|chart| chart.name.as_str());
        if let Some(name) = self.names.iter().find(|name| !known().any(|known| known == *name)) {
            let near = near_names(name, known()).first().map(|near| format!("did you mean `{near}`? "));
            let all = known().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            return Err(ReportError::Refused(format!(
                "there is no chart `{name}`: {}the charts are {all}",
                near.unwrap_or_default()
            )));
        }
        let is_asked = |chart: &&Chart| self.names.is_empty() || self.names.contains(&chart.name);
        Ok(charts.iter().filter(is_asked).map(|chart| self.changed(chart)).collect())
    }

    fn changed(&self, chart: &Chart) -> Chart {
        let mut chart = chart.clone();
        chart.print.size = self.size.or(chart.print.size);
        chart.print.ground = self.ground.unwrap_or(chart.print.ground);
        chart
    }
}
