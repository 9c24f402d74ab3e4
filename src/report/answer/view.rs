//! The answer as plain data, for a page.

use serde::Serialize;

use super::answers::answers;
use super::cell::{SheetCell, Spread95};
use super::claims;
use super::head::Head;
use super::precision;
use super::selection::Selection;
use super::sentence::sentence;
use super::sheet::{Sheet, SheetPart, SheetRow};
use super::size;
use super::tabled::Tabled;
use super::text::Intervals;
use crate::model::Metric;
use crate::report::columns::NO_BREAK;
use crate::report::digits::Digits;
use crate::report::survivors::ENOUGH;
use crate::stats::Estimate;

/// More rows than this are not all shown: the points are those of the table for people.
const MOST_ROWS: usize = 120;

/// The answer of a run. Every text is as people read it; numbers are for sorting and comparing, not to be shown.
#[derive(Clone, Debug, Serialize)]
pub(in crate::report) struct AnswerView {
    /// The size of the study.
    pub size: String,
    /// What a search has found.
    pub answers: Vec<String>,
    /// The sentence; empty if there is nothing to say.
    pub sentence: String,
    /// The precision that was reached.
    pub reached: Option<String>,
    pub claims: Vec<ClaimView>,
    pub table: TableView,
}

/// A claim with its verdict.
#[derive(Clone, Debug, Serialize)]
pub(in crate::report) struct ClaimView {
    /// `holds`, `fails` or `open`; `note` for what is said of all.
    pub state: &'static str,
    /// The claim.
    pub text: String,
    /// What was measured.
    pub measured: String,
}

/// The table.
#[derive(Clone, Debug, Serialize)]
pub(in crate::report) struct TableView {
    /// Over the names of the rows.
    pub heading: String,
    pub heads: Vec<HeadView>,
    pub parts: Vec<PartView>,
    /// What its marks mean.
    pub notes: Vec<String>,
    /// The number of points that it leaves out.
    pub left_out: usize,
    /// Whether rows have what a limit on the latency needs.
    pub has_limit: bool,
}

/// A column.
#[derive(Clone, Debug, Serialize)]
pub(in crate::report) struct HeadView {
    pub label: String,
    pub unit: &'static str,
    /// The name of the metric.
    pub metric: &'static str,
    /// Whether its numbers are also shown as bars.
    pub has_bars: bool,
}

/// Rows under one name; without a name all are under one.
#[derive(Clone, Debug, Serialize)]
pub(in crate::report) struct PartView {
    pub name: String,
    pub rows: Vec<RowView>,
}

/// A transport, or a population of it, at a point.
#[derive(Clone, Debug, Serialize)]
pub(in crate::report) struct RowView {
    pub name: String,
    pub point: usize,
    /// The name of the transport.
    pub transport: String,
    /// Whether it is a part of the clients of another row.
    pub is_part: bool,
    /// The 95th percentile of the latency in seconds, if it is that of nearly all messages.
    pub late: Option<f64>,
    /// HTTP bytes for each message, with the ends of their interval if they have one.
    pub cost: Option<[f64; 3]>,
    /// The cost in words.
    pub cost_text: String,
    /// The number under each head.
    pub cells: Vec<CellView>,
}

/// A number.
#[derive(Clone, Debug, Default, Serialize)]
pub(in crate::report) struct CellView {
    /// The number; empty if there is none.
    pub value: String,
    /// ` ± 0.02`, or ` [0.1, 0.3]`; empty without an interval.
    pub spread: String,
    /// Its closed form; empty if there is none.
    pub theory: String,
    /// Whether the data are too few for an interval.
    pub is_rough: bool,
    /// Whether it may look better as not all messages arrived.
    pub is_of_few: bool,
    /// Whether it is a share of arrived messages that is too low.
    pub is_low: bool,
    /// By what it is sorted.
    pub order: Option<f64>,
    /// The part of the largest value of its column, in hundredths; `None` if it is not shown as a bar.
    pub bar: Option<u32>,
}

impl Tabled<'_> {
    /// The answer as plain data.
    pub(in crate::report) fn view(&self) -> AnswerView {
        let mut selection = Selection::usual(self);
        let usual = selection.points.len();
        let all = self.experiment.points();
        let rows_of_point: usize =
            (0..self.experiment.transports().len()).map(|it| self.readings.at(0, it).len()).sum();
        // A search has the points of its answers.
        if self.experiment.search().is_none() && all * rows_of_point.max(1) <= MOST_ROWS {
            selection.points = (0..all).collect();
        }
        let left_out = if selection.points.len() == usual { all.saturating_sub(usual) } else { 0 };
        let sheet = Sheet::new(self, &selection);
        AnswerView {
            size: size::words(self, None),
            answers: answers(self).iter().map(|answer| unbroken(answer)).collect(),
            sentence: unbroken(&sentence(self)),
            reached: precision::reached(self).map(|text| unbroken(&text)),
            claims: self.claims_view(),
            table: self.table_view(&sheet, left_out),
        }
    }

    fn claims_view(&self) -> Vec<ClaimView> {
        let lines = claims::lines(self);
        let view = |(place, line): (usize, claims::ClaimLine)| {
            let state = match line.mark {
                Some('✓') => "holds",
                Some('✗') => "fails",
                Some(_) => "open",
                None => "note",
            };
            let claim = if line.mark.is_some() { self.claims.get(place) } else { None };
            let Some(claim) = claim else {
                return ClaimView { state, text: line.text, measured: String::new() };
            };
            let measured = line.text.strip_prefix(&format!("{}: ", claim.text)).unwrap_or_default();
            ClaimView { state, text: unbroken(&claim.text), measured: unbroken(measured) }
        };
        lines.into_iter().enumerate().map(view).collect()
    }

    fn table_view(&self, sheet: &Sheet, left_out: usize) -> TableView {
        let part = |part: &SheetPart| PartView {
            name: part.name.clone(),
            rows: part.rows.iter().map(|row| self.row_view(sheet, row)).collect(),
        };
        let parts: Vec<PartView> = sheet.parts.iter().map(part).collect();
        let rows = || parts.iter().flat_map(|part| &part.rows).filter(|row| !row.is_part);
        let has_limit = rows().filter(|row| row.late.is_some_and(|late| late > 0.0) && row.cost.is_some()).count() > 1;
        let head = |head: &Head| HeadView {
            label: head.label.clone(),
            unit: head.unit.name,
            metric: head.metric.name(),
            has_bars: head.metric == Metric::HttpBytesPerMessage,
        };
        TableView {
            heading: sheet.heading.clone(),
            heads: sheet.heads.iter().map(head).collect(),
            parts,
            notes: self.notes(sheet, Intervals::Shown),
            left_out,
            has_limit,
        }
    }

    fn row_view(&self, sheet: &Sheet, row: &SheetRow) -> RowView {
        let readings = self.readings.at(row.point, row.transport);
        let reading = readings.iter().find(|reading| reading.population == row.population);
        let of = |metric| reading.and_then(|reading| reading.estimate(metric));
        let cost = of(Metric::HttpBytesPerMessage);
        let ends = |estimate: &Estimate| {
            let (low, high) = estimate.interval.map_or((estimate.value, estimate.value), |it| (it.low, it.high));
            [estimate.value, low, high]
        };
        let is_late = !self.is_in_request(row.point) && row.survivors.is_none();
        RowView {
            name: row.name.clone(),
            point: row.point,
            transport: self.experiment.transports()[row.transport].clone(),
            is_part: row.population.is_some(),
            late: if is_late { of(Metric::LatencyP95).map(|estimate| estimate.value) } else { None },
            cost: cost.as_ref().map(ends),
            cost_text: cost
                .map(|cost| super::verdict::quantity(Metric::HttpBytesPerMessage, &cost))
                .unwrap_or_default(),
            cells: (0..sheet.heads.len()).map(|place| cell(sheet, row, place)).collect(),
        }
    }
}

/// The text with a space that does not break between each number and its unit.
pub fn unbroken(text: &str) -> String {
    const UNITS: [&str; 14] = ["%", "ns", "µs", "ms", "s", "min", "h", "B", "kB", "MB", "kB/s", "Mbit/s", "±", "times"];
    let words: Vec<&str> = text.split(' ').collect();
    let mut said = String::new();
    for (place, word) in words.iter().enumerate() {
        let is_number = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
        let unit = word.trim_end_matches([',', '.', ';', ':', ')']);
        let before = if place == 0 { "" } else { words[place - 1] };
        let is_joined = (is_number(before) && UNITS.contains(&unit)) || (before == "±" && is_number(word));
        if place > 0 {
            said.push_str(if is_joined { NO_BREAK } else { " " });
        }
        said.push_str(word);
    }
    said
}

fn cell(sheet: &Sheet, row: &SheetRow, place: usize) -> CellView {
    let head = &sheet.heads[place];
    let estimate = row.estimates[place];
    let theory = row.theory[place].map(|theory| {
        let bare = Estimate { value: theory, interval: None, samples: 0 };
        let digits = estimate.as_ref().map_or(Digits::Rough, |estimate| Digits::of(&head.unit.convert(estimate)));
        digits.write(head.unit.convert(&bare).value)
    });
    let theory = theory.unwrap_or_default();
    let Some(cell) = SheetCell::new(row, place, head, None) else { return CellView { theory, ..CellView::default() } };
    let value = estimate.map(|estimate| estimate.value);
    let values = sheet.rows().filter_map(|row| row.estimates[place].map(|estimate| estimate.value));
    let largest = values.fold(0.0, f64::max);
    let has_bar = head.metric == Metric::HttpBytesPerMessage && largest > 0.0;
    CellView {
        value: cell.value,
        spread: match cell.spread {
            Spread95::Nothing => String::new(),
            Spread95::Half(half) => format!(" ± {half}"),
            Spread95::Ends(low, high) => format!(" [{low}, {high}]"),
        },
        theory,
        is_rough: cell.is_rough,
        is_of_few: cell.is_of_few,
        is_low: head.metric == Metric::ArrivedFraction && value.is_some_and(|share| share < ENOUGH),
        order: value,
        bar: if has_bar {
            value.map(|value| libm::ceil(value / largest * 100.0).clamp(1.0, 100.0) as u32)
        } else {
            None
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_with_their_units() {
        let said = unbroken("95 % of 12 messages within 288 ms, 49.5 ± 2.8 % and 3 times fewer; a s");
        assert_eq!(
            said,
            "95\u{a0}% of 12 messages within 288\u{a0}ms, 49.5\u{a0}±\u{a0}2.8\u{a0}% and 3\u{a0}times fewer; a s"
        );
        assert_eq!(unbroken(""), "");
    }
}
