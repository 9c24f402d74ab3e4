//! Checks of what holds for several plots of a chart.

use super::read::ChartReader;
use super::usual::TRANSPORT;
use super::{AxisScale, Chart, ChartKind, YRule};
use crate::experiment::diagnostics::Problem;
use crate::experiment::keys::ValueKind;
use crate::experiment::node::{Node, Value};
use crate::experiment::sweep::SweepAxis;
use crate::model::Metric;

/// More plots than this in one picture are too small, or the picture is too high.
const MOST_PLOTS: usize = 12;

/// The axis keys that mean nothing to a kind of chart, and why.
fn idle(kind: ChartKind) -> (&'static [&'static str], &'static str) {
    match kind {
        ChartKind::Bar => {
            (&["x_axis", "x_range"], "bars are beside names, and their values are those of y_axis and y_range")
        }
        ChartKind::Heatmap => {
            let keys = &["x_axis", "y_axis", "x_range", "y_range", "reference"];
            (keys, "the fields of a heat map have one size, whatever their values")
        }
        _ => (&[], ""),
    }
}

impl ChartReader<'_> {
    /// Keys that would change nothing.
    pub(super) fn check_idle(&mut self, kind: ChartKind, node: &Node) {
        let (keys, why) = idle(kind);
        for (key, written) in keys.iter().filter_map(|key| Some((key, node.get(&[key])?))) {
            let problem = Problem::new(format!("this kind of chart has no `{key}`")).at(written.span, "not used");
            self.diagnostics.error(problem.help(format!("{why}: remove {key}")));
        }
        let Some(Value::List(lines)) = node.get(&["reference"]).map(|lines| &lines.value) else { return };
        for line in lines.iter().filter(|line| kind == ChartKind::Bar && line.get(&["x"]).is_some()) {
            let problem = Problem::new("a bar chart has no line at an `x`").at(line.span, "not used");
            self.diagnostics.error(problem.help("the values of bars are those of y: write { y = 50 }"));
        }
    }

    /// Whether labels, ranges and lines fit all plots of a chart, and how many plots there are.
    pub(super) fn check_plots(&mut self, chart: &Chart, node: &Node) {
        if matches!(chart.kind.y(), YRule::Metrics(_) | YRule::TimeLine(_)) {
            self.check_label(chart, node);
            self.check_range(chart, node);
            self.check_lines(chart, node);
        }
        self.check_words(chart, node);
        self.check_panels(chart, node);
    }

    /// Words along the horizontal axis have no ends, no logarithm and no values between them.
    fn check_words(&mut self, chart: &Chart, node: &Node) {
        let is_across = |axis: &&SweepAxis| chart.x.as_ref().is_none_or(|x| *x == axis.column);
        let Some(axis) = self.sweep.axes.iter().find(is_across) else { return };
        if chart.kind != ChartKind::Line || axis.path.kind().is_some_and(ValueKind::has_numbers) {
            return;
        }
        let has_line = chart.view.reference.iter().any(|line| line.is_of_x);
        let is_log = chart.x_axis == AxisScale::Log;
        for (key, is_idle) in [("x_range", chart.view.x_range.is_some()), ("x_axis", is_log), ("reference", has_line)] {
            if let (Some(written), true) = (node.get(&[key]), is_idle) {
                let message = format!("`{key}` needs numbers along x, and `{}` has words", axis.column);
                let problem = Problem::new(message).at(written.span, "not used");
                self.diagnostics.error(problem.help(format!("remove {key}")));
            }
        }
    }

    /// A label names one quantity.
    fn check_label(&mut self, chart: &Chart, node: &Node) {
        let Some(label) = node.get(&["y_label"]) else { return };
        if let [one, .., other] = first_of_each_plot(chart)[..] {
            let problem = Problem::new(format!("`y_label` cannot name both `{one}` and `{other}`"));
            let problem = problem.at(label.span, "one label for several plots");
            self.diagnostics.error(problem.help("draw each in a chart of its own, or leave y_label out"));
        }
    }

    /// A range has one unit.
    fn check_range(&mut self, chart: &Chart, node: &Node) {
        let (Some(range), Some(two)) = (node.get(&["y_range"]), two_units(chart)) else { return };
        let problem = Problem::new(format!("`y_range` cannot hold for both {}", in_words(two)));
        let problem = problem.at(range.span, "one range for several units");
        self.diagnostics.error(problem.help("draw each in a chart of its own, or leave y_range out"));
    }

    /// The same of a line at a value.
    fn check_lines(&mut self, chart: &Chart, node: &Node) {
        let is_drawn = chart.view.reference.iter().any(|line| !line.is_of_x);
        let (Some(lines), true, Some(two)) = (node.get(&["reference"]), is_drawn, two_units(chart)) else { return };
        let problem = Problem::new(format!("a reference at one `y` cannot hold for both {}", in_words(two)));
        let problem = problem.at(lines.span, "one line for several units");
        self.diagnostics.error(problem.help("draw each in a chart of its own, or leave the line out"));
    }

    /// Plots by a key are few, and the key is not on an axis as well.
    fn check_panels(&mut self, chart: &Chart, node: &Node) {
        let (Some(panels), Some(written)) = (&chart.view.panels, node.get(&["panels"])) else { return };
        if chart.x.as_ref() == Some(panels) {
            let problem = Problem::new(format!("`{panels}` is both `x` and `panels`")).at(written.span, "on both");
            self.diagnostics.error(problem.help("choose another swept key as x or as panels, or remove panels"));
            return;
        }
        let (values, of_each) = (self.values_of(panels, chart), first_of_each_plot(chart).len().max(1));
        if values * of_each > MOST_PLOTS {
            let problem = Problem::new(format!("`panels` would draw more than {MOST_PLOTS} plots"));
            let problem = problem.at(written.span, "too many");
            let problem = problem.help(match (panels.as_str(), chart.kind) {
                (TRANSPORT, _) => "choose transports: series = [\"...\"]".to_owned(),
                (key, ChartKind::Line) => format!("draw `{key}` along x, or sweep fewer values of it"),
                (key, _) => format!("sweep fewer values of `{key}`"),
            });
            let fewer = if of_each > 1 { Some("or draw fewer y, as each has a plot") } else { None };
            self.diagnostics.error(problem.help_if(fewer.map(str::to_owned)));
        }
    }

    /// How many values `panels` has; counting ends where they are too many.
    fn values_of(&self, panels: &str, chart: &Chart) -> usize {
        if panels == TRANSPORT {
            let all = if chart.by_population { self.names.populations.len() } else { self.names.transports.len() };
            return if chart.view.series.is_empty() { all } else { chart.view.series.len() };
        }
        let axis = self.sweep.axes.iter().find(|axis| axis.column == panels);
        axis.map_or(0, |axis| axis.different_values(MOST_PLOTS))
    }
}

/// The first column in each plot of a chart, one below the other.
fn first_of_each_plot(chart: &Chart) -> Vec<&str> {
    let mut plots: Vec<(&str, &str)> = Vec::new();
    for (number, column) in chart.y.iter().enumerate() {
        let metric = Metric::from_name(column);
        let axis = match (chart.kind, metric) {
            // Metrics of one unit share a plot, and plain numbers of one kind.
            (ChartKind::Line | ChartKind::Bar, Some(metric)) if metric.unit().is_empty() => metric.labels()[1],
            (ChartKind::Line | ChartKind::Bar, Some(metric)) => metric.unit(),
            _ => chart.y[number].as_str(),
        };
        if plots.iter().all(|(known, _)| *known != axis) {
            plots.push((axis, column));
        }
    }
    plots.into_iter().map(|(_, column)| column).collect()
}

/// Two columns of different units.
fn two_units(chart: &Chart) -> Option<[&str; 2]> {
    let first = chart.y.first()?;
    let other = chart.y.iter().find(|column| unit(column) != unit(first))?;
    Some([first, other])
}

/// The unit of a column; parts of a whole have one of their own.
fn unit(column: &str) -> &'static str {
    match Metric::from_name(column) {
        Some(metric) if metric.unit().is_empty() && column.ends_with("_fraction") => "a share",
        Some(metric) => metric.unit(),
        // The columns of the time line that are no metrics.
        None if column.ends_with("_per_s") => "1/s",
        None => "",
    }
}

fn in_words(columns: [&str; 2]) -> String {
    let words = columns.map(|column| match unit(column) {
        "" => format!("`{column}` (a number)"),
        unit => format!("`{column}` ({unit})"),
    });
    words.join(" and ")
}
