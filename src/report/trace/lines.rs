//! A trace as text for a terminal.

use super::seconds::{exact, with_decimals};
use super::story::StoryLine;
use super::telling::Telling;
use super::{ClientTrace, TracedLife};
use crate::report::columns::{left, right, width, wrapped};
use crate::terminal::without_controls;

/// Fewest columns of the words.
const FEWEST: usize = 20;

/// The trace, a table for each transport, in lines of at most `columns`.
pub fn trace_text(trace: &ClientTrace, columns: usize) -> Vec<String> {
    let mut lines = wrapped(&without_controls(&trace.title, |_| false), columns);
    lines.extend(wrapped(&trace.heading(), columns));
    lines.extend(trace.notes().iter().flat_map(|note| wrapped(note, columns)));
    for life in &trace.lives {
        lines.push(String::new());
        lines.extend(wrapped(&without_controls(&life.name(), |_| false), columns));
        lines.extend(table(trace, life, columns));
    }
    lines
}

impl ClientTrace {
    /// Which client, when, and where.
    pub fn heading(&self) -> String {
        let point = if self.point.is_empty() { String::new() } else { format!(", {}", self.point) };
        let point = without_controls(&point, |_| false);
        let ClientTrace { client, replication, .. } = self;
        format!(
            "client {client} of replication {replication}{point}, from {} s to {} s",
            exact(self.from),
            exact(self.to)
        )
    }

    /// What a reader has to know: that the span was chosen, and what is left out.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.is_cut {
            notes.push("This is what fits on a page: --from and --to choose another part.".to_owned());
        }
        if self.from < self.warmup {
            notes.push(format!("The results count from {} s on, the end of the warm-up.", exact(self.warmup)));
        }
        for life in &self.lives {
            notes.extend(self.start_of(life));
            if let Some((first, count)) = life.life.left_out.filter(|(first, _)| *first < self.to) {
                let name = without_controls(&life.name(), |_| false);
                notes.push(format!(
                    "{name}: {count} more events, the first at {} s, are left out: choose a shorter part with --from \
                     and --to.",
                    exact(first)
                ));
            }
        }
        notes
    }
}

impl ClientTrace {
    /// When the client comes, if that is not before the part.
    fn start_of(&self, life: &TracedLife) -> Option<String> {
        let name = without_controls(&life.name(), |_| false);
        match life.life.begins {
            None => Some(format!("{name}: the client never comes.")),
            Some(begins) if begins >= self.from => Some(format!("{name}: the client comes at {} s.", exact(begins))),
            Some(_) => None,
        }
    }
}

/// The widths of the columns.
struct Widths {
    time: usize,
    decimals: usize,
    place: usize,
    words: usize,
    bytes: usize,
}

fn table(trace: &ClientTrace, life: &TracedLife, columns: usize) -> Vec<String> {
    let told: Vec<StoryLine> =
        Telling::of(life).lines.into_iter().filter(|line| !line.is_detail && line.at < trace.to).collect();
    if !told.iter().any(|line| line.at >= trace.from) {
        return vec!["  nothing happens".to_owned()];
    }
    let decimals = if told.iter().all(|line| line.at.0.is_multiple_of(1_000_000)) { 3 } else { 6 };
    let time = told.iter().map(|line| width(&with_decimals(line.at, decimals))).max().unwrap_or(0).max(4);
    let bytes = told.iter().map(|line| width(&bytes_of(line))).max().unwrap_or(0).max(5);
    let place = told.iter().map(|line| width(&place_of(line))).max().unwrap_or(0);
    let words = columns.saturating_sub(time + place + bytes + 8).max(FEWEST);
    let longest = told.iter().map(|line| width(&line.words)).max().unwrap_or(0).max(4);
    let widths = Widths { time, decimals, place, words: words.min(longest), bytes };
    let mut lines = widths.row(["s", "where", "what", "bytes"]);
    let mut is_before = told.first().is_some_and(|line| line.at < trace.from);
    for line in &told {
        if is_before && line.at >= trace.from {
            is_before = false;
            lines.push(format!("  {}", "-".repeat(widths.time)));
        }
        lines.extend(widths.lines(line));
    }
    lines
}

impl Widths {
    fn row(&self, cells: [&str; 4]) -> Vec<String> {
        let [time, place, words, bytes] = cells;
        let words = wrapped(words, self.words);
        let line = |(row, words): (usize, &String)| {
            let [time, place, bytes] = if row == 0 { [time, place, bytes] } else { [""; 3] };
            let (time, place) = (right(time, self.time), left(place, self.place));
            format!("  {time}  {place}  {}  {}", left(words, self.words), right(bytes, self.bytes))
                .trim_end()
                .to_owned()
        };
        words.iter().enumerate().map(line).collect()
    }

    fn lines(&self, line: &StoryLine) -> Vec<String> {
        self.row([&with_decimals(line.at, self.decimals), &place_of(line), &line.words, &bytes_of(line)])
    }
}

fn place_of(line: &StoryLine) -> String {
    match line.to {
        None => line.from.word().to_owned(),
        Some(to) => format!("{} → {}", line.from.word(), to.word()),
    }
}

fn bytes_of(line: &StoryLine) -> String {
    line.bytes.map(|bytes| bytes.to_string()).unwrap_or_default()
}
