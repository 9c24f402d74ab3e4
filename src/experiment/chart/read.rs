//! Reads `[[chart]]`; without any there are default charts.

use crate::experiment::diagnostics::{Diagnostics, Problem};
use crate::experiment::names::Names;
use crate::experiment::node::{Node, Span, Value};
use crate::experiment::path::Path;
use crate::experiment::search::KeySearch;
use crate::experiment::sweep::Sweep;
use crate::experiment::{file_name, keys, suggest, values};
use crate::model::Metric;

use super::print;
use super::usual::{SEARCH, TRANSPORT, defaults, of_search};
use super::{AxisScale, Chart, ChartKind, TIME_LINE, XRule, YRule};

/// The metrics of the default charts.
const USUAL: [&str; 5] = ["http_mbit_per_s", "requests_per_s", "latency_mean_s", "latency_p95_s", "messages_lost"];

pub(super) struct ChartReader<'a> {
    pub(super) sweep: &'a Sweep,
    pub(super) names: &'a Names,
    pub(super) diagnostics: &'a mut Diagnostics,
}

/// The charts of the document, or the default ones.
pub fn read(
    root: &Node,
    (sweep, search): (&Sweep, Option<&KeySearch>),
    names: &Names,
    diagnostics: &mut Diagnostics,
) -> Vec<Chart> {
    let nodes = root.list("chart");
    let mut charts = if nodes.is_empty() { defaults(sweep) } else { written(nodes, sweep, names, diagnostics) };
    if let Some(search) = search
        && charts.iter().all(|chart| chart.name != SEARCH)
    {
        charts.insert(0, of_search(search));
    }
    charts
}

fn written(nodes: &[Node], sweep: &Sweep, names: &Names, diagnostics: &mut Diagnostics) -> Vec<Chart> {
    let mut reader = ChartReader { sweep, names, diagnostics };
    let mut charts: Vec<Chart> = Vec::new();
    for node in nodes.iter().filter(|node| node.is_table()) {
        let Some(chart) = reader.chart(node) else { continue };
        // Some file systems ignore capitals.
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

impl ChartReader<'_> {
    fn chart(&mut self, node: &Node) -> Option<Chart> {
        let word = |name: &str| node.get(&[name]).and_then(Node::as_text);
        let missing: Vec<&str> = ["name", "kind"].into_iter().filter(|name| node.get(&[name]).is_none()).collect();
        if !missing.is_empty() {
            let problem = Problem::new(format!("a chart needs a `{}`", missing.join("` and a `")));
            let problem = problem.at(node.span, "incomplete");
            self.diagnostics.error(problem.help("write name = \"bandwidth\" and kind = \"line\""));
        }
        let name = word("name").and_then(|name| self.file_name(name, node));
        let Some(kind) = word("kind").and_then(ChartKind::from_word) else {
            self.check_of_any_kind(node);
            return None;
        };
        let scale = |axis: &str| if word(axis) == Some("log") { AxisScale::Log } else { AxisScale::Linear };
        let chart = Chart {
            name: name.clone().unwrap_or_default(),
            title: word("title").map(str::to_owned),
            kind,
            x: self.x(kind, node),
            y: self.y(kind, node),
            value: self.value(kind.y() == YRule::SweptKey, node),
            by_population: self.by_population(kind, node),
            x_axis: scale("x_axis"),
            y_axis: scale("y_axis"),
            view: self.view(kind, node),
            print: print::read(node),
        };
        if kind.y() == YRule::SweptKey {
            self.check_keys(&chart, node);
        }
        self.check_idle(kind, node);
        self.check_plots(&chart, node);
        if name.is_some() { Some(chart) } else { None }
    }

    /// Errors of a chart of unknown kind.
    fn check_of_any_kind(&mut self, node: &Node) {
        let swept: Vec<String> = self.sweep.axes.iter().map(|axis| axis.column.clone()).collect();
        let metrics = Metric::ALL.iter().map(|metric| metric.name());
        let known: Vec<&str> = metrics.chain(TIME_LINE).chain([TRANSPORT]).collect();
        let names = ["x", "y"].into_iter().filter_map(|key| values::texts(key, node.get(&[key])?).ok());
        for (name, place) in names.flatten() {
            let is_swept = swept.iter().any(|column| column == name) || self.swept_column(name, place.span).is_some();
            if !known.contains(&name) && !is_swept && !self.sweep.is_incomplete {
                let problem = Problem::new(format!("`{name}` is neither a metric nor a swept key"));
                self.diagnostics.error(near_metrics(problem.at(place.span, "unknown"), name, &swept));
            }
        }
        self.value(true, node);
    }

    fn value(&mut self, has_one: bool, node: &Node) -> Option<String> {
        let value = node.get(&["value"])?;
        if !has_one {
            let problem = Problem::new("only a heatmap has a `value`").at(value.span, "not used");
            self.diagnostics.error(problem.help("write the metric as y"));
            return None;
        }
        self.metric(value.as_text()?, value.span)
    }

    fn file_name(&mut self, name: &str, node: &Node) -> Option<String> {
        let is_usable = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ' ');
        let span = node.get(&["name"]).map_or(node.span, |name| name.span);
        if keys::find("chart.name").is_some_and(|key| values::check_text(key.path, key.kind, name, span).is_err()) {
            // Reported when the keys are checked.
            return None;
        }
        let is_plain = name.chars().all(is_usable);
        if is_plain && let Some(problem) = file_name::problem(name) {
            let problem = Problem::new(format!("a chart cannot be named `{name}`: it {problem}"));
            self.diagnostics
                .error(problem.at(span, "not a file name").help("the name is that of the file: give another"));
            return None;
        }
        if is_plain && !name.starts_with(['.', ' ']) && name.len() <= 100 {
            return Some(name.to_owned());
        }
        let problem = Problem::new(format!("`{name}` cannot be the name of a file")).at(span, "not a file name");
        self.diagnostics.error(problem.help("allowed: letters, digits, `-`, `_`, `.` and spaces, at most 100 bytes"));
        None
    }

    fn x(&mut self, kind: ChartKind, node: &Node) -> Option<String> {
        let first = || self.sweep.axes.first().map(|axis| axis.column.clone());
        let written = node.get(&["x"]).and_then(|x| Some((x.as_text()?, x.span)));
        match (kind.x(), written) {
            (XRule::Fixed(_), Some((_, span))) => {
                let draws = |kind: &ChartKind| match kind.x() {
                    XRule::Fixed(what) => Some(format!("{} draws {what}", kind.word())),
                    _ => None,
                };
                let draw: Vec<String> = ChartKind::ALL.iter().filter_map(draws).collect();
                let problem = Problem::new("this kind of chart has no `x` to choose").at(span, "not used");
                self.diagnostics.error(problem.help(format!("{}: remove x", draw.join(", "))));
                None
            }
            (XRule::Fixed(_), None) => None,
            (XRule::Metric(usual), None) => Some(usual.to_owned()),
            (XRule::Metric(_), Some((name, span))) => self.metric(name, span),
            (XRule::SweptKeyOrTransport, Some((TRANSPORT, _))) => Some(TRANSPORT.to_owned()),
            (XRule::SweptKeyOrTransport, None) => first().or_else(|| Some(TRANSPORT.to_owned())),
            (XRule::SweptKeyOrTransport, Some((name, span))) => self.swept(name, span, &[TRANSPORT]),
            (XRule::SweptKey, Some((name, span))) => self.swept(name, span, &[]),
            (XRule::SweptKey, None) => {
                let column = first();
                if column.is_none() && !self.sweep.is_incomplete {
                    let problem = Problem::new("this chart needs a swept key as `x`, and nothing is swept");
                    self.diagnostics
                        .error(problem.at(node.span, "no [sweep]").help("add a [sweep], or use kind = \"bar\""));
                }
                column
            }
        }
    }

    fn y(&mut self, kind: ChartKind, node: &Node) -> Vec<String> {
        let written = node.get(&["y"]).and_then(|y| values::texts("chart.y", y).ok());
        let Some(written) = written else {
            return match kind.y() {
                YRule::Fixed(_) => Vec::new(),
                YRule::TimeLine(usual) => usual.map(str::to_owned).to_vec(),
                YRule::SweptKey => self.sweep.axes.get(1).map(|axis| axis.column.clone()).into_iter().collect(),
                YRule::Metrics(usual) => vec![usual.to_owned()],
            };
        };
        let mut names = Vec::new();
        for (name, span) in written.iter().map(|(name, node)| (*name, node.span)) {
            let name = match kind.y() {
                YRule::SweptKey => self.swept(name, span, &[]),
                YRule::TimeLine(_) => self.column_of_time_line(name, span),
                YRule::Fixed(what) => {
                    let problem = Problem::new(format!("a {} has no `y` to choose", kind.word()));
                    self.diagnostics.error(problem.at(span, "not used").help(format!("it draws {what}: remove y")));
                    None
                }
                YRule::Metrics(_) => self.metric(name, span),
            };
            match name {
                Some(name) if names.contains(&name) => {
                    let problem = Problem::new(format!("`{name}` is drawn twice")).at(span, "the second time");
                    self.diagnostics.error(problem.help("name each once"));
                }
                name => names.extend(name),
            }
        }
        names
    }

    fn metric(&mut self, name: &str, span: Span) -> Option<String> {
        if Metric::ALL.iter().any(|metric| metric.name() == name) {
            return Some(name.to_owned());
        }
        let problem = Problem::new(format!("`{name}` is not a metric")).at(span, "unknown");
        self.diagnostics.error(near_metrics(problem, name, &[]));
        None
    }

    fn column_of_time_line(&mut self, name: &str, span: Span) -> Option<String> {
        if TIME_LINE.contains(&name) {
            return Some(name.to_owned());
        }
        let problem = Problem::new(format!("`{name}` is not a column of the time line")).at(span, "unknown");
        let near = suggest::metrics(name, &TIME_LINE).into_iter().find(|near| TIME_LINE.contains(near));
        let problem = problem.help_if(near.map(|near| format!("did you mean `{near}`?")));
        self.diagnostics.error(problem.help(format!("allowed: {}", TIME_LINE.join(", "))));
        None
    }

    /// The column of the swept key that a path names, in any notation.
    fn swept_column(&self, name: &str, span: Span) -> Option<String> {
        let path = Path::parse(name, span, self.names).ok()?;
        self.sweep.axes.iter().find(|axis| axis.path.is_same(&path)).map(|axis| axis.column.clone())
    }

    /// The column of a swept key. `others` are alternatives.
    pub(super) fn swept(&mut self, name: &str, span: Span, others: &[&str]) -> Option<String> {
        let columns: Vec<&str> = self.sweep.axes.iter().map(|axis| axis.column.as_str()).collect();
        if columns.contains(&name) {
            return Some(name.to_owned());
        }
        if let Some(column) = self.swept_column(name, span) {
            return Some(column);
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
        let Some(Node { value: Value::Flag(true), span, .. }) = node.get(&["by_population"]) else { return false };
        let problem = Problem::new("this chart cannot show populations").at(*span, "not possible");
        if !kind.shows_metrics() {
            let able = ChartKind::ALL.iter().filter(|kind| kind.shows_metrics()).map(|kind| kind.word());
            let able: Vec<&str> = able.collect();
            let help = format!("populations have only metrics: use one of {}", able.join(", "));
            self.diagnostics.error(problem.help(help));
        } else if self.names.populations.is_empty() {
            self.diagnostics.error(problem.help("there are none: add [[population]], or remove by_population"));
        }
        true
    }

    /// Whether a heat map has its two swept keys and its metric.
    fn check_keys(&mut self, chart: &Chart, node: &Node) {
        if node.get(&["value"]).is_none() {
            let problem = Problem::new("a heatmap needs a `value`: the metric that colours a cell");
            self.diagnostics.error(problem.at(node.span, "no value").help("write value = \"latency_mean_s\""));
        }
        if chart.y.is_empty() && node.get(&["y"]).is_none() && !self.sweep.is_incomplete {
            let problem = Problem::new("a heatmap needs two swept keys, `x` and `y`").at(node.span, "one key is swept");
            self.diagnostics.error(problem.help("add a second key to [sweep]"));
        }
        let span = ["y", "x"].iter().find_map(|axis| node.get(&[axis])).map_or(node.span, |axis| axis.span);
        if chart.y.len() > 1 {
            let problem = Problem::new("a heatmap has one `y`").at(span, "more than one");
            self.diagnostics.error(problem.help("keep one swept key"));
        }
        if let Some(both) = chart.x.as_ref().filter(|x| chart.y.first() == Some(x)) {
            let others = self.sweep.axes.iter().map(|axis| axis.column.as_str()).filter(|column| column != both);
            let help = match others.collect::<Vec<_>>()[..] {
                [] => "sweep a second key, and write one as `x` and the other as `y`".to_owned(),
                ref others => format!("write one of the other swept keys as `x` or `y`: {}", others.join(", ")),
            };
            let problem = Problem::new(format!("a heatmap needs two swept keys, and `{both}` is both `x` and `y`"));
            self.diagnostics.error(problem.at(span, "on both axes").help(help));
        }
    }
}

/// Metrics beyond the nearest ones that are named.
const NAMED: usize = 4;

/// Adds the nearest metrics, or others that may be meant, and where to find all metrics.
fn near_metrics(problem: Problem, name: &str, others: &[String]) -> Problem {
    let metrics = Metric::ALL.iter().map(|metric| metric.name());
    let known: Vec<&str> = others.iter().map(String::as_str).chain(metrics).collect();
    let problem = match suggest::metrics(name, &known)[..] {
        [] => problem.help(format!("such as {}", USUAL.join(", "))),
        [near] => problem.help(format!("did you mean `{near}`?")),
        [near, ref others @ ..] => {
            let others = others[..others.len().min(NAMED)].join(", ");
            problem.help(format!("did you mean `{near}`?")).help(format!("or one of {others}"))
        }
    };
    problem.help("all metrics: `cometsim guide metrics`")
}
