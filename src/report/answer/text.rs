//! A table of results as text in columns.

use super::cell::{SheetCell, Spread95};
use super::claims::ClaimLine;
use super::head::Head;
use super::screen::Screen;
use super::sheet::{Sheet, SheetPart, SheetRow};
use crate::report::columns::{left, right, width, wrapped};
use crate::terminal::without_controls;

/// Columns between two columns.
const GAP: usize = 2;
/// Columns of a heading, if its numbers need fewer.
const HEADING: usize = 8;
/// Names take at most this part of the width, in hundredths, but never less than [`LEAST_NAME`].
const NAME_PART: usize = 40;
/// Names are narrowed to this many columns if the numbers then stand side by side.
const NARROWED_NAME: usize = 18;
/// Names are never narrowed further.
const LEAST_NAME: usize = 14;
/// What stands before the rows of a point.
const INDENT: &str = "  ";
/// Significant digits of a number without its interval beside it: more are of no use to a person.
const MOST_DIGITS: i32 = 4;
/// A value that does not exist.
const ABSENT: &str = "–";

/// The lines of a table of at most `columns`, and whether it has intervals: they are shown where there is room for them.
/// Otherwise a note below says how to see them.
pub(super) fn lines(sheet: &Sheet, columns: usize) -> (Vec<String>, Intervals) {
    let wide = Layout::new(sheet, columns, true);
    if wide.blocks.len() == 1 {
        return (wide.lines(), Intervals::Shown);
    }
    (Layout::new(sheet, columns, false).lines(), Intervals::Need(wide.least()))
}

/// Whether a table has the intervals of its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Intervals {
    /// It has.
    Shown,
    /// It would need this many columns.
    Need(usize),
}

/// A claim with its mark; further lines are indented.
pub(super) fn of_claim(line: &ClaimLine, screen: Screen) -> Vec<String> {
    let text = shown(&line.text);
    let Some(mark) = line.mark else { return wrapped(&text, screen.columns) };
    let colour = match mark {
        '✓' => 32,
        '✗' => 31,
        _ => 33,
    };
    let mark = if screen.is_coloured { format!("\x1b[{colour}m{mark}\x1b[0m") } else { mark.to_string() };
    let lines = wrapped(&text, screen.columns.saturating_sub(INDENT.len()).max(1)).into_iter().enumerate();
    lines.map(|(place, line)| if place == 0 { format!("{mark} {line}") } else { format!("{INDENT}{line}") }).collect()
}

/// What the marks in a table mean, and where its intervals are.
pub(super) fn notes(sheet: &Sheet, intervals: Intervals) -> Vec<String> {
    let heads = || sheet.heads.iter().enumerate();
    let cells =
        || sheet.rows().flat_map(|row| heads().filter_map(move |(place, head)| SheetCell::new(row, place, head, None)));
    let mut notes = Vec::new();
    let has_half = cells().any(|cell| matches!(cell.spread, Spread95::Half(_)));
    let has_ends = cells().any(|cell| matches!(cell.spread, Spread95::Ends(..)));
    let marks = match (has_half, has_ends) {
        (true, true) => "±, [ ]",
        (true, false) => "±",
        _ => "[ ]",
    };
    match intervals {
        _ if !has_half && !has_ends => {}
        Intervals::Shown => notes.push(format!("{marks}: 95 % confidence interval")),
        Intervals::Need(columns) => notes.push(format!(
            "95 % confidence intervals need {columns} columns here; `cometsim show` has them with --format markdown, or \
             with fewer --metrics"
        )),
    }
    if cells().any(|cell| cell.is_rough) {
        notes.push("~ no interval, the data are too few: three digits".to_owned());
    }
    if cells().any(|cell| cell.is_of_few) {
        notes.push("* not all messages arrived: some never do, or the backlog grows".to_owned());
    }
    notes
}

/// A column of numbers, aligned at the point.
struct NumberColumn {
    head: Vec<String>,
    unit: &'static str,
    is_extra: bool,
    /// The parts of each number before the point and from it on, in the order of the rows.
    cells: Vec<(String, String)>,
    before: usize,
    width: usize,
}

struct Layout<'a> {
    sheet: &'a Sheet,
    name: usize,
    /// Columns of the longest name.
    longest: usize,
    /// Columns side by side, as many as fit.
    blocks: Vec<Vec<NumberColumn>>,
}

/// The columns of names: all that the longest one needs, or as many as let the columns of numbers stand side by side, or
/// as are left for one that is long.
fn name_width(longest: usize, columns: usize, numbers: &[NumberColumn]) -> usize {
    let needed: usize = numbers.iter().filter(|column| !column.is_extra).map(|column| GAP + column.width).sum();
    let beside = columns.saturating_sub(needed);
    match longest {
        _ if longest <= beside => longest,
        _ if beside >= NARROWED_NAME => beside,
        _ => longest.min((columns * NAME_PART / 100).max(LEAST_NAME)),
    }
}

impl<'a> Layout<'a> {
    fn new(sheet: &'a Sheet, columns: usize, has_spread: bool) -> Layout<'a> {
        let indented = |part: &'a SheetPart| {
            let indent = if part.name.is_empty() { "" } else { INDENT };
            part.rows.iter().map(move |row| indent.len() + width(&shown(&row.name)))
        };
        let longest = sheet.parts.iter().flat_map(indented).chain([width(&sheet.heading)]).max().unwrap_or(0);
        let number_columns: Vec<NumberColumn> = (0..sheet.heads.len())
            .map(|place| NumberColumn::new(sheet, place, &sheet.heads[place], has_spread))
            .collect();
        let name = name_width(longest, columns, &number_columns);
        let mut blocks: Vec<Vec<NumberColumn>> = vec![Vec::new()];
        let mut used = name;
        for column in number_columns {
            let is_full = used + GAP + column.width > columns;
            if is_full && column.is_extra {
                continue;
            }
            if is_full && blocks.last().is_some_and(|block| !block.is_empty()) {
                blocks.push(Vec::new());
                used = name;
            }
            used += GAP + column.width;
            if let Some(block) = blocks.last_mut() {
                block.push(column);
            }
        }
        Layout { sheet, name, longest, blocks }
    }

    /// The fewest columns in which all numbers stand side by side.
    fn least(&self) -> usize {
        let numbers = self.blocks.iter().flatten().filter(|column| !column.is_extra);
        self.longest.min(NARROWED_NAME) + numbers.map(|column| GAP + column.width).sum::<usize>()
    }

    fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for (place, block) in self.blocks.iter().enumerate() {
            if place > 0 {
                lines.push(String::new());
            }
            lines.extend(self.heads(block));
            let mut row = 0;
            for part in &self.sheet.parts {
                lines.extend(self.part(part, block, row));
                row += part.rows.len();
            }
        }
        lines.into_iter().map(|line: String| line.trim_end().to_owned()).collect()
    }

    fn heads(&self, block: &[NumberColumn]) -> Vec<String> {
        let heading = wrapped(&shown(&self.sheet.heading), self.name);
        let deepest = block.iter().map(|column| column.head.len()).chain([heading.len()]).max().unwrap_or(1);
        let at_bottom = |words: &[String], line: usize| {
            (line + words.len()).checked_sub(deepest).map(|place| words[place].clone()).unwrap_or_default()
        };
        let line = |line: usize| {
            let words = block.iter().map(|column| right(&at_bottom(&column.head, line), GAP + column.width));
            left(&at_bottom(&heading, line), self.name) + &words.collect::<String>()
        };
        let mut lines: Vec<String> = (0..deepest).map(line).collect();
        if block.iter().any(|column| !column.unit.is_empty()) {
            let units = block.iter().map(|column| right(column.unit, GAP + column.width));
            lines.push(left("", self.name) + &units.collect::<String>());
        }
        lines
    }

    /// The rows of a part, of which `before` rows came earlier.
    fn part(&self, part: &SheetPart, block: &[NumberColumn], before: usize) -> Vec<String> {
        let mut lines = Vec::new();
        if !part.name.is_empty() {
            let widest = self.name + block.iter().map(|column| GAP + column.width).sum::<usize>();
            lines.extend(wrapped(&shown(&part.name), widest));
        }
        for (place, row) in part.rows.iter().enumerate() {
            let indent = if part.name.is_empty() { "" } else { INDENT };
            let mut names = self.names(row, indent);
            // A long name takes lines of its own, and the numbers stand in its last line.
            let last = names.pop().unwrap_or_default();
            lines.extend(names);
            let cells = block.iter().map(|column| " ".repeat(GAP) + &column.cell(before + place));
            lines.push(left(&last, self.name) + &cells.collect::<String>());
        }
        lines
    }

    fn names(&self, row: &SheetRow, indent: &str) -> Vec<String> {
        let room = self.name.saturating_sub(indent.len()).max(1);
        wrapped(&shown(&row.name), room).into_iter().map(|line| format!("{indent}{line}")).collect()
    }
}

impl NumberColumn {
    fn new(sheet: &Sheet, place: usize, head: &Head, has_spread: bool) -> NumberColumn {
        let cell = |row: &SheetRow| match SheetCell::new(
            row,
            place,
            head,
            if has_spread { None } else { Some(MOST_DIGITS) },
        ) {
            Some(cell) => split(&cell, has_spread),
            None => (ABSENT.to_owned(), String::new()),
        };
        let cells: Vec<(String, String)> = sheet.rows().map(cell).collect();
        let before = cells.iter().map(|(before, _)| width(before)).max().unwrap_or(0);
        let after = cells.iter().map(|(_, after)| width(after)).max().unwrap_or(0);
        let words = wrapped(&head.label, HEADING.max(before + after));
        let widest = words.iter().map(|word| width(word)).max().unwrap_or(0);
        NumberColumn {
            head: words,
            unit: head.unit.name,
            is_extra: head.is_extra,
            cells,
            before,
            width: (before + after).max(widest).max(width(head.unit.name)),
        }
    }

    /// A cell, aligned at the point and to the right of its column.
    fn cell(&self, row: usize) -> String {
        let Some((before, after)) = self.cells.get(row) else { return String::new() };
        let widest = self.cells.iter().map(|(_, after)| width(after)).max().unwrap_or(0);
        right(&(right(before, self.before) + &left(after, widest)), self.width)
    }
}

/// A number before its point, and from there on.
fn split(cell: &SheetCell, has_spread: bool) -> (String, String) {
    let rough = if cell.is_rough { "~" } else { "" };
    let few = if cell.is_of_few { "*" } else { "" };
    let (whole, rest) = match cell.value.split_once('.') {
        Some((whole, rest)) => (whole, format!(".{rest}")),
        None => (cell.value.as_str(), String::new()),
    };
    let spread = match &cell.spread {
        _ if !has_spread => String::new(),
        Spread95::Nothing => String::new(),
        Spread95::Half(half) => format!(" ± {half}"),
        Spread95::Ends(low, high) => format!(" [{low}, {high}]"),
    };
    (format!("{rough}{whole}"), format!("{rest}{spread}{few}"))
}

fn shown(name: &str) -> String {
    without_controls(name, |_| false)
}
