//! The data of a chart.

use super::error::ChartError;
use super::looks::Looks;
use super::period::Period;
use super::sheet::ChartSheet;
use crate::experiment::chart::{Chart, SweptKey, XRule, YRule};
use crate::report::table::CsvTable;

/// The tables of a run that charts are drawn from.
#[derive(Clone, Debug, Default)]
pub struct Tables {
    /// `summary.csv`: a row per point and transport.
    pub summary: CsvTable,
    /// `populations.csv`, in which each population counts as a transport; only a mix has rows.
    pub populations: CsvTable,
    /// `latency_cdf.csv`.
    pub latency_cdf: CsvTable,
    /// `timeline.csv`.
    pub timeline: CsvTable,
}

/// The common data of all charts of a run.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Title of the experiment, for charts without one of their own.
    pub title: &'a str,
    /// The swept keys, in the order of their columns.
    pub swept: &'a [SweptKey],
    /// A warning in small print under the title.
    pub note: Option<&'a str>,
    /// The looks of transports and populations.
    pub looks: &'a Looks,
    /// Warm-up and events of the run, in seconds.
    pub spans: &'a [Period],
}

/// One chart to draw, with its data.
pub struct ChartJob<'a> {
    pub chart: &'a Chart,
    pub tables: &'a Tables,
    /// The tables of all plots, which share their units; `tables` are those of one.
    pub whole: &'a Tables,
    pub context: &'a Context<'a>,
}

impl<'a> ChartJob<'a> {
    /// The sheet of the chart.
    pub fn sheet(&self) -> ChartSheet {
        ChartSheet::of(self.chart.print)
    }

    /// The table with a row per point and transport, or population.
    pub fn summary(&self) -> &'a CsvTable {
        self.summary_of(self.tables)
    }

    /// The same for all plots.
    pub fn whole_summary(&self) -> &'a CsvTable {
        self.summary_of(self.whole)
    }

    fn summary_of(&self, tables: &'a Tables) -> &'a CsvTable {
        if self.chart.by_population { &tables.populations } else { &tables.summary }
    }

    /// The horizontal axis: from the chart, or the default of its kind.
    pub fn x(&self) -> Option<&str> {
        match (&self.chart.x, self.chart.kind.x()) {
            (None, XRule::Metric(usual)) => Some(usual),
            (x, _) => x.as_deref(),
        }
    }

    /// The vertical axes: from the chart, or the default of its kind.
    pub fn y(&self) -> Vec<&str> {
        match (&self.chart.y[..], self.chart.kind.y()) {
            ([], YRule::Metrics(usual)) => vec![usual],
            ([], YRule::TimeLine(usual)) => usual.to_vec(),
            (y, _) => y.iter().map(String::as_str).collect(),
        }
    }

    /// The name of a transport or population in this chart.
    pub fn label<'b>(&'b self, name: &'b str) -> &'b str {
        self.chart.view.label.iter().find(|(known, _)| known == name).map_or(name, |(_, label)| label)
    }

    /// The name of the only transport, if it is in none of the names of what is drawn.
    pub fn unsaid<'b>(&'b self, transports: &'b [String], names: &[&str]) -> Option<&'b str> {
        let [transport] = transports else { return None };
        let name = self.label(transport);
        if names.is_empty() || names.iter().any(|said| said.contains(name)) { None } else { Some(name) }
    }

    /// The place of a column; any in a table without rows.
    ///
    /// # Errors
    /// When the table has rows and no such column.
    pub fn column(&self, table: &CsvTable, name: &str) -> Result<usize, ChartError> {
        match table.column(name) {
            None if table.rows.is_empty() => Ok(0),
            found => found.ok_or_else(|| self.no_column(name)),
        }
    }

    pub fn no_column(&self, column: &str) -> ChartError {
        ChartError::NoColumn { chart: self.chart.name.clone(), column: column.to_owned() }
    }
}
