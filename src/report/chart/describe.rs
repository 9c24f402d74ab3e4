//! What a chart shows, in a few sentences, for readers who do not see it.

use super::names::distinct;
use crate::experiment::chart::ChartKind;

/// What a chart shows.
pub struct Description<'a> {
    pub kind: ChartKind,
    /// Titles of the vertical axes, or the metric of bars and fields.
    pub values: Vec<String>,
    /// What they are values by: the title of the horizontal axis, places, or two keys.
    pub by: String,
    /// Names of curves, bars or panels.
    pub series: Vec<&'a str>,
    /// How many points, bars or fields have a value.
    pub count: usize,
    /// The small print.
    pub remarks: &'a [String],
}

impl Description<'_> {
    /// In sentences.
    pub fn in_words(&self) -> String {
        let [kind, what] = words(self.kind);
        let by = if self.by.is_empty() { String::new() } else { format!(" by {}", self.by) };
        let mut sentences =
            vec![format!("{kind}: {}{by}.", distinct(self.values.iter().map(String::as_str)).join(" and "))];
        let series = distinct(self.series.iter().copied().filter(|name| !name.is_empty()));
        if !series.is_empty() {
            sentences.push(format!("{} series: {}.", series.len(), series.join("; ")));
        }
        sentences.push(match self.count {
            0 => "No data.".to_owned(),
            1 => format!("1 {what}."),
            count => format!("{count} {what}s."),
        });
        sentences.extend(self.remarks.iter().cloned());
        sentences.join(" ")
    }
}

/// The words of a kind at the beginning of a sentence, and what it draws for a value.
fn words(kind: ChartKind) -> [&'static str; 2] {
    match kind {
        ChartKind::Line => ["Line chart", "point"],
        ChartKind::Cdf => ["Cumulative distribution", "point"],
        ChartKind::Tradeoff => ["Trade-off", "point"],
        ChartKind::Heatmap => ["Heat map", "field"],
        ChartKind::Bar => ["Bar chart", "bar"],
        ChartKind::Timeline => ["Time line", "point"],
    }
}
