//! `[[chart]]`: what is drawn, and what is drawn where nothing is said.

use super::chart::{AxisScale, Chart, ChartKind};
use super::diagnostics::{Diagnostics, Problem};
use super::document::list;
use super::keys::Kind;
use super::node::{Node, Span, Value};
use super::path::{Names, Path};
use super::sweep::Sweep;
use super::{file_name, showable, values};
use crate::model::Metric;

/// Columns of the time line that can be drawn.
const TIMELINE: [&str; 4] = ["requests_per_s", "http_mbit_per_s", "held_requests", "messages_delivered_per_s"];

struct Reader<'a> {
    sweep: &'a Sweep,
    names: &'a Names,
    diagnostics: &'a mut Diagnostics,
}

/// The charts of the document, or the default ones.
pub(super) fn read(root: &Node, sweep: &Sweep, names: &Names, diagnostics: &mut Diagnostics) -> Vec<Chart> {
    let nodes = list(root, "chart");
    if nodes.is_empty() {
        return defaults(sweep);
    }
    let mut reader = Reader { sweep, names, diagnostics };
    let mut charts: Vec<Chart> = Vec::new();
    for node in nodes.iter().filter(|node| node.as_table().is_some()) {
        let Some(chart) = reader.chart(node) else { continue };
        // Some file systems know no capitals.
        let is_alike = |other: &&Chart| other.name.to_lowercase() == chart.name.to_lowercase();
        if let Some(other) = charts.iter().find(is_alike) {
            let span = node.get(&["name"]).map_or(node.span, |name| name.span);
            let message = if other.name == chart.name {
                format!("two charts are named `{}`", chart.name)
            } else {
                format!("`{}` and `{}` are one file where capitals do not count", other.name, chart.name)
            };
            let problem = Problem::new(message).at(span, "the second");
            reader.diagnostics.error(problem.help("the name is that of the file: give each its own"));
        } else {
            charts.push(chart);
        }
    }
    charts
}

fn defaults(sweep: &Sweep) -> Vec<Chart> {
    let x = sweep.axes.first().map(|axis| axis.column.clone());
    let chart = |name: &str, kind, x: Option<String>, y: &[&str]| Chart {
        name: name.to_owned(),
        title: None,
        kind,
        x,
        y: y.iter().map(|&y| y.to_owned()).collect(),
        value: None,
        by_population: false,
        x_axis: AxisScale::Linear,
        y_axis: AxisScale::Linear,
    };
    let kind = if x.is_some() { ChartKind::Line } else { ChartKind::Bar };
    let by = x.or_else(|| Some("transport".to_owned()));
    vec![
        chart("bandwidth", kind, by.clone(), &["http_mbit_per_s"]),
        chart("latency", kind, by, &["latency_mean_s", "latency_p95_s"]),
        chart("latency-cdf", ChartKind::Cdf, None, &[]),
        chart("tradeoff", ChartKind::Tradeoff, Some("http_mbit_per_s".to_owned()), &["latency_mean_s"]),
    ]
}

impl Reader<'_> {
    fn chart(&mut self, node: &Node) -> Option<Chart> {
        let word = |name: &str| node.get(&[name]).and_then(Node::as_text);
        for name in ["name", "kind"] {
            if node.get(&[name]).is_none() {
                let problem = Problem::new(format!("a chart needs a `{name}`")).at(node.span, "incomplete");
                self.diagnostics.error(problem.help("write name = \"bandwidth\" and kind = \"line\""));
            }
        }
        let name = self.file_name(word("name")?, node)?;
        let kind = match word("kind")? {
            "line" => ChartKind::Line,
            "cdf" => ChartKind::Cdf,
            "tradeoff" => ChartKind::Tradeoff,
            "heatmap" => ChartKind::Heatmap,
            "bar" => ChartKind::Bar,
            "timeline" => ChartKind::Timeline,
            _ => return None,
        };
        let scale = |axis: &str| if word(axis) == Some("log") { AxisScale::Log } else { AxisScale::Linear };
        let chart = Chart {
            name,
            title: word("title").map(str::to_owned),
            kind,
            x: self.x(kind, node),
            y: self.y(kind, node),
            value: node.get(&["value"]).and_then(|value| self.metric(value.as_text()?, value.span)),
            by_population: self.by_population(kind, node),
            x_axis: scale("x_axis"),
            y_axis: scale("y_axis"),
        };
        self.check_heatmap(&chart, node);
        Some(chart)
    }

    fn file_name(&mut self, name: &str, node: &Node) -> Option<String> {
        let is_usable = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ' ');
        let span = node.get(&["name"]).map_or(node.span, |name| name.span);
        if showable::check("chart.name", Kind::Text, name, span).is_err() {
            // Reported where the keys are checked.
            return None;
        }
        if let Some(problem) = file_name::problem(name).filter(|_| name.chars().all(is_usable)) {
            let problem = Problem::new(format!("a chart cannot be named `{name}`: it {problem}"));
            self.diagnostics
                .error(problem.at(span, "not a file name").help("the name is that of the file: give another"));
            return None;
        }
        if name.chars().all(is_usable) && !name.starts_with(['.', ' ']) && name.len() <= 100 {
            return Some(name.to_owned());
        }
        let problem = Problem::new(format!("`{name}` cannot be the name of a file")).at(span, "not a file name");
        self.diagnostics.error(problem.help("allowed: letters, digits, `-`, `_`, `.` and spaces, at most 100 bytes"));
        None
    }

    fn x(&mut self, kind: ChartKind, node: &Node) -> Option<String> {
        let first = || self.sweep.axes.first().map(|axis| axis.column.clone());
        let written = node.get(&["x"]).and_then(|x| Some((x.as_text()?, x.span)));
        match (kind, written) {
            (ChartKind::Cdf | ChartKind::Timeline, Some((_, span))) => {
                let problem = Problem::new("this kind of chart has no `x` to choose").at(span, "not used");
                self.diagnostics.error(problem.help("cdf draws the latency, timeline draws the time: remove x"));
                None
            }
            (ChartKind::Cdf | ChartKind::Timeline, None) => None,
            (ChartKind::Tradeoff, None) => Some("http_mbit_per_s".to_owned()),
            (ChartKind::Tradeoff, Some((name, span))) => self.metric(name, span),
            (ChartKind::Bar, Some(("transport", _))) => Some("transport".to_owned()),
            (ChartKind::Bar, None) => first().or_else(|| Some("transport".to_owned())),
            (ChartKind::Line | ChartKind::Heatmap, None) => {
                let column = first();
                if column.is_none() && !self.sweep.is_incomplete {
                    let problem = Problem::new("this chart needs a swept key as `x`, and nothing is swept");
                    self.diagnostics
                        .error(problem.at(node.span, "no [sweep]").help("add a [sweep], or use kind = \"bar\""));
                }
                column
            }
            (ChartKind::Bar, Some((name, span))) => self.swept(name, span, &["transport"]),
            (_, Some((name, span))) => self.swept(name, span, &[]),
        }
    }

    fn y(&mut self, kind: ChartKind, node: &Node) -> Vec<String> {
        let written = node.get(&["y"]).and_then(|y| values::texts("chart.y", y).ok());
        let Some(written) = written else {
            return match kind {
                ChartKind::Cdf => Vec::new(),
                ChartKind::Timeline => vec!["http_mbit_per_s".to_owned(), "held_requests".to_owned()],
                ChartKind::Heatmap => self.sweep.axes.get(1).map(|axis| axis.column.clone()).into_iter().collect(),
                ChartKind::Tradeoff => vec!["latency_mean_s".to_owned()],
                ChartKind::Line | ChartKind::Bar => vec!["http_mbit_per_s".to_owned()],
            };
        };
        let written: Vec<(String, Span)> = written.iter().map(|(name, node)| ((*name).to_owned(), node.span)).collect();
        let mut names = Vec::new();
        for (name, span) in written {
            let name = match kind {
                ChartKind::Heatmap => self.swept(&name, span, &[]),
                ChartKind::Timeline => self.one_of(&name, span, &TIMELINE, "column of the time line"),
                ChartKind::Cdf => {
                    let problem = Problem::new("a cdf has no `y` to choose").at(span, "not used");
                    self.diagnostics.error(problem.help("it draws the distribution of the latency: remove y"));
                    None
                }
                _ => self.metric(&name, span),
            };
            names.extend(name);
        }
        names
    }

    fn metric(&mut self, name: &str, span: Span) -> Option<String> {
        let known: Vec<&str> = Metric::ALL.iter().map(|metric| metric.name()).collect();
        self.one_of(name, span, &known, "metric")
    }

    fn one_of(&mut self, name: &str, span: Span, known: &[&str], what: &str) -> Option<String> {
        if known.contains(&name) {
            return Some(name.to_owned());
        }
        let problem = Problem::new(format!("`{name}` is not a {what}")).at(span, "unknown");
        self.diagnostics.error(problem.suggest(name, known.iter().copied()));
        None
    }

    /// The column of a swept key. `others` may stand in its place.
    fn swept(&mut self, name: &str, span: Span, others: &[&str]) -> Option<String> {
        let columns: Vec<&str> = self.sweep.axes.iter().map(|axis| axis.column.as_str()).collect();
        if columns.contains(&name) {
            return Some(name.to_owned());
        }
        let path = Path::parse(name, span, self.names).ok();
        let same = self.sweep.axes.iter().find(|axis| {
            path.as_ref().is_some_and(|path| path.item == axis.path.item && path.steps == axis.path.steps)
        });
        if let Some(axis) = same {
            return Some(axis.column.clone());
        }
        if self.sweep.is_incomplete {
            return None;
        }
        let known = columns.into_iter().chain(others.iter().copied());
        let problem = Problem::new(format!("`{name}` is not a swept key")).at(span, "not swept").suggest(name, known);
        self.diagnostics.error(problem.help("list its values in [sweep], or choose a swept key"));
        None
    }

    fn by_population(&mut self, kind: ChartKind, node: &Node) -> bool {
        let Some(flag) = node.get(&["by_population"]).filter(|flag| matches!(flag.value, Value::Flag(true))) else {
            return false;
        };
        let problem = Problem::new("this chart cannot show populations").at(flag.span, "not possible");
        if matches!(kind, ChartKind::Cdf | ChartKind::Timeline) {
            self.diagnostics
                .error(problem.help("populations have metrics alone: use a line, bar, tradeoff or heatmap"));
        } else if self.names.populations.is_empty() {
            self.diagnostics.error(problem.help("there are none: add [[population]], or remove by_population"));
        }
        true
    }

    fn check_heatmap(&mut self, chart: &Chart, node: &Node) {
        if chart.kind != ChartKind::Heatmap {
            return;
        }
        if node.get(&["value"]).is_none() {
            let problem = Problem::new("a heatmap needs a `value`: the metric that colours a cell");
            self.diagnostics.error(problem.at(node.span, "no value").help("write value = \"latency_mean_s\""));
        }
        if chart.y.is_empty() && node.get(&["y"]).is_none() && !self.sweep.is_incomplete {
            let problem = Problem::new("a heatmap needs two swept keys, `x` and `y`").at(node.span, "one key is swept");
            self.diagnostics.error(problem.help("add a second key to [sweep]"));
        }
    }
}
