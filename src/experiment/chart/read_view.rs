//! Reads how a chart shows its data.

use super::read::ChartReader;
use super::usual::TRANSPORT;
use super::view::{ChartView, Reference};
use super::{ChartKind, YRule};
use crate::experiment::diagnostics::Problem;
use crate::experiment::node::{Node, Span, Value};

impl ChartReader<'_> {
    pub(super) fn view(&mut self, kind: ChartKind, node: &Node) -> ChartView {
        let word = |name: &str| node.get(&[name]).and_then(Node::as_text).map(str::to_owned);
        ChartView {
            x_label: word("x_label"),
            y_label: word("y_label"),
            x_range: self.range(node, "x_range"),
            y_range: self.range(node, "y_range"),
            series: self.series(node),
            label: self.labels(node),
            reference: self.references(node),
            panels: self.panels(kind, node),
        }
    }

    fn range(&mut self, node: &Node, name: &str) -> Option<[f64; 2]> {
        let node = node.get(&[name])?;
        let Value::List(items) = &node.value else { return None };
        let ends: Option<Vec<f64>> = items.iter().map(number).collect();
        match ends.as_deref() {
            Some(&[low, high]) if low < high => Some([low, high]),
            _ => {
                let problem =
                    Problem::new(format!("`chart.{name}` is no range")).at(node.span, "not two numbers that rise");
                self.diagnostics.error(
                    problem.help("allowed: the least and the greatest value, such as [0, 100], of at most 1e15"),
                );
                None
            }
        }
    }

    fn series(&mut self, node: &Node) -> Vec<String> {
        let written =
            node.get(&["series"]).and_then(|series| crate::experiment::values::texts("chart.series", series).ok());
        let mut names: Vec<String> = Vec::new();
        for (name, place) in written.unwrap_or_default() {
            if names.iter().any(|known| known == name) {
                let problem = Problem::new(format!("`{name}` is drawn twice")).at(place.span, "the second time");
                self.diagnostics.error(problem.help("name each once"));
            } else if self.is_series(name, place.span) {
                names.push(name.to_owned());
            }
        }
        names
    }

    /// Whether a transport or a population has this name, or may have it: that there is no transport is reported elsewhere.
    fn is_series(&mut self, name: &str, span: Span) -> bool {
        if self.names.transports.is_empty() {
            return true;
        }
        let transports = self.names.transports.iter().map(|transport| transport.name.as_str());
        let known: Vec<&str> = transports.chain(self.names.populations.iter().map(String::as_str)).collect();
        if known.contains(&name) {
            return true;
        }
        let problem = Problem::new(format!("there is no transport `{name}`")).at(span, "not known");
        self.diagnostics.error(problem.suggest(name, known.iter().copied()));
        false
    }

    fn labels(&mut self, node: &Node) -> Vec<(String, String)> {
        let entries = node.get(&["label"]).and_then(Node::as_table).map_or(&[][..], |table| &table.entries);
        let mut labels = Vec::new();
        for entry in entries {
            let is_known = self.is_series(&entry.key, entry.key_span);
            match entry.node.as_text() {
                Some(text) if is_known => labels.push((entry.key.clone(), text.to_owned())),
                Some(_) => {}
                None => {
                    let problem = Problem::new("a label must be a text").at(entry.node.span, "wrong kind of value");
                    self.diagnostics.error(problem.help("write label = { \"long polling\" = \"Comet\" }"));
                }
            }
        }
        labels
    }

    fn references(&mut self, node: &Node) -> Vec<Reference> {
        let Some(Value::List(items)) = node.get(&["reference"]).map(|node| &node.value) else { return Vec::new() };
        let mut references = Vec::new();
        for item in items {
            let at = |axis: &str| item.get(&[axis]).and_then(number);
            let known = ["x", "y", "label"];
            let table = item.as_table().map_or(&[][..], |table| &table.entries);
            let is_known = table.iter().all(|entry| known.contains(&entry.key.as_str()));
            let label = item.get(&["label"]).map(Node::as_text);
            match (at("x"), at("y"), is_known && label != Some(None)) {
                (Some(at), None, true) | (None, Some(at), true) => references.push(Reference {
                    is_of_x: item.get(&["x"]).is_some(),
                    at,
                    label: label.flatten().map(str::to_owned),
                }),
                _ => {
                    let problem = Problem::new("a reference is a line at one `x` or at one `y`");
                    let problem = problem.at(item.span, "not a line");
                    self.diagnostics
                        .error(problem.help("write { y = 50, label = \"capacity\" }, in the unit of the column"));
                }
            }
        }
        references
    }

    fn panels(&mut self, kind: ChartKind, node: &Node) -> Option<String> {
        let panels = node.get(&["panels"])?;
        if kind.y() == YRule::SweptKey || kind == ChartKind::Bar {
            let problem = Problem::new("this kind of chart has no `panels`").at(panels.span, "not used");
            let help = "a heat map has one for each transport, bars have groups: remove panels";
            self.diagnostics.error(problem.help(help));
            return None;
        }
        match panels.as_text()? {
            TRANSPORT => Some(TRANSPORT.to_owned()),
            name => self.swept(name, panels.span, &[TRANSPORT]),
        }
    }
}

/// A number that an axis can show.
fn number(node: &Node) -> Option<f64> {
    const MOST: f64 = 1e15;
    match &node.value {
        Value::Integer(digits) | Value::Float(digits) => {
            digits.replace('_', "").parse().ok().filter(|number: &f64| number.abs() <= MOST)
        }
        _ => None,
    }
}
