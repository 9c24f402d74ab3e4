//! Compares two tables cell by cell: columns are matched by name, rows by their keys. A missing column is the same as one
//! that is empty in every row.

use std::collections::{BTreeMap, BTreeSet};

use super::table::CsvTable;

/// Columns that are the key of a row, if a table has them.
const KEYS: &[&str] = &["point", "transport", "population", "replication", "time_s", METRIC];
/// The column of a tidy table that names the metric of a row.
const METRIC: &str = "metric";
/// More differences of one kind in a table than this are only counted.
const MOST: usize = 5;

/// The result of comparing a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct TableComparison {
    /// The first differences of each kind, in words, and the number of further ones.
    pub differences: Vec<String>,
    /// The number of differences.
    pub count: usize,
    /// Cells that are the same.
    pub cells: usize,
    /// Columns that only the new table has, or the metrics of rows that only a new tidy table has.
    pub new_columns: Vec<String>,
    /// Cells with a new closed form.
    pub new_closed_forms: usize,
}

/// The key of a row, and its number among the rows with this key.
type RowKey = (Vec<String>, usize);

/// Compares the table `name` in the folder with the table of a new run.
pub(super) fn compare(name: &str, there: &CsvTable, here: &CsvTable) -> TableComparison {
    let mut found = TableComparison::default();
    let is_new = |column: &&String| there.column(column).is_none();
    found.new_columns = here.header.iter().filter(is_new).cloned().collect();
    let columns: Vec<(usize, Option<usize>)> =
        there.header.iter().enumerate().map(|(place, column)| (place, here.column(column))).collect();
    let is_lost = |&(column, place): &&(usize, Option<usize>)| {
        place.is_none() && there.texts(*column).any(|text| !text.is_empty())
    };
    let lost = columns.iter().filter(is_lost);
    let lost = lost.map(|(place, _)| format!("{name}: a new run has no column `{}`", there.header[*place]));
    found.add(name, "columns", lost.collect());

    let keys: Vec<&str> =
        KEYS.iter().copied().filter(|key| there.column(key).is_some() && here.column(key).is_some()).collect();
    let rows = row_keys(&keys, there);
    let places: BTreeMap<RowKey, usize> =
        row_keys(&keys, here).into_iter().enumerate().map(|(place, key)| (key, place)).collect();
    let (mut cells, mut lost) = (Vec::new(), Vec::new());
    for (row, key) in rows.iter().enumerate() {
        let Some(place) = places.get(key) else {
            lost.push(format!("{name}: a new run has no row of {}", described(&keys, key)));
            continue;
        };
        for (column, other) in columns.iter().filter_map(|(column, other)| Some((*column, (*other)?))) {
            let (there_text, here_text) = (there.text(row, column), here.text(*place, other));
            if is_equal(there_text, here_text) {
                found.cells += 1;
            } else if there_text.is_empty() && is_closed_form(&there.header[column]) {
                found.new_closed_forms += 1;
            } else {
                let (there_text, here_text) = (shown(there_text), shown(here_text));
                let of = described(&keys, key);
                let column = &there.header[column];
                cells.push(format!("{name}, {of}: `{column}` is {there_text} there, {here_text} here"));
            }
        }
    }
    let known: BTreeSet<&RowKey> = rows.iter().collect();
    let more = places.iter().filter(|(key, _)| !known.contains(key));
    let more: Vec<(&RowKey, usize)> = more.map(|(key, row)| (key, *row)).collect();
    let more = found.without_new(there, here, more);
    let more = more.into_iter().map(|key| format!("{name}: only a new run has a row of {}", described(&keys, key)));
    found.add(name, "values", cells);
    found.add(name, "rows", lost.into_iter().chain(more).collect());
    found
}

/// Whether a column has closed forms.
fn is_closed_form(column: &str) -> bool {
    column == "theory" || column.ends_with("_theory")
}

impl TableComparison {
    /// Rows that only the new table has, without those of a tidy table that are of a metric that the other table does not
    /// know, or of a closed form alone.
    fn without_new<'a>(
        &mut self,
        there: &CsvTable,
        here: &CsvTable,
        mut rows: Vec<(&'a RowKey, usize)>,
    ) -> Vec<&'a RowKey> {
        if let (Some(column), Some(metric)) = (there.column(METRIC), here.column(METRIC)) {
            let known: BTreeSet<&str> = there.texts(column).collect();
            let estimate = here.column("estimate");
            rows.retain(|&(_, row)| {
                let metric = here.text(row, metric);
                let is_known = known.contains(metric);
                let is_closed_form = estimate.is_some_and(|estimate| here.text(row, estimate).is_empty());
                if !is_known && !self.new_columns.iter().any(|new| new == metric) {
                    self.new_columns.push(metric.to_owned());
                }
                self.new_closed_forms += usize::from(is_known && is_closed_form);
                is_known && !is_closed_form
            });
        }
        rows.into_iter().map(|(key, _)| key).collect()
    }

    fn add(&mut self, name: &str, kind: &str, mut differences: Vec<String>) {
        self.count += differences.len();
        let more = differences.len().saturating_sub(MOST);
        differences.truncate(MOST);
        self.differences.append(&mut differences);
        if more > 0 {
            self.differences.push(format!("{name}: {more} more {kind} differ"));
        }
    }
}

/// The key of each row. Rows with the same key are numbered.
fn row_keys(keys: &[&str], table: &CsvTable) -> Vec<RowKey> {
    let columns: Vec<usize> = keys.iter().filter_map(|key| table.column(key)).collect();
    let mut seen: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    let key = |row: usize| columns.iter().map(|column| table.text(row, *column).to_owned()).collect::<Vec<_>>();
    (0..table.rows.len())
        .map(|row| {
            let key = key(row);
            let number = seen.entry(key.clone()).or_default();
            *number += 1;
            (key, *number - 1)
        })
        .collect()
}

fn described(keys: &[&str], (values, number): &RowKey) -> String {
    let mut parts: Vec<String> = keys.iter().zip(values).map(|(key, value)| format!("{key} {value}")).collect();
    if *number > 0 || parts.is_empty() {
        parts.push(format!("row {}", number + 1));
    }
    parts.join(", ")
}

/// Whether two cells are equal: the same text, or the same number.
fn is_equal(there: &str, here: &str) -> bool {
    let number = |text: &str| text.parse::<f64>().ok();
    there == here || number(there).zip(number(here)).is_some_and(|(there, here)| (there - here).abs() <= 0.0)
}

fn shown(text: &str) -> &str {
    if text.is_empty() { "empty" } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compared(there: &str, here: &str) -> TableComparison {
        compare("t.csv", &CsvTable::parse(there).unwrap(), &CsvTable::parse(here).unwrap())
    }

    #[test]
    fn columns_are_matched_by_name_and_rows_by_what_they_are_of() {
        let there = "point,transport,a,b\n0,x,1,2\n1,x,3.0,\n";
        let here = "point,transport,new,b,a\n1,x,9,,3\n0,x,9,2,1\n";
        let found = compared(there, here);
        assert_eq!((found.count, found.cells, found.new_columns), (0, 8, vec!["new".to_owned()]));
    }

    #[test]
    fn a_difference_is_named_with_its_place_and_both_values() {
        let found = compared("point,transport,a,b\n0,x y,1,\n2,x y,1,5\n", "point,transport,a\n0,x y,2\n3,x y,1\n");
        let expected = [
            "t.csv: a new run has no column `b`",
            "t.csv, point 0, transport x y: `a` is 1 there, 2 here",
            "t.csv: a new run has no row of point 2, transport x y",
            "t.csv: only a new run has a row of point 3, transport x y",
        ];
        assert_eq!((found.count, found.differences), (4, expected.map(str::to_owned).to_vec()));
    }

    #[test]
    fn a_column_that_is_empty_in_every_row_may_be_missing() {
        let found = compared("point,a,b\n0,1,\n1,2,\n", "point,a\n0,1\n1,2\n");
        assert_eq!((found.count, found.cells), (0, 4));
        let found = compared("point,a,b\n0,1,\n1,2,0\n", "point,a\n0,1\n1,2\n");
        assert_eq!(found.differences, ["t.csv: a new run has no column `b`"]);
    }

    #[test]
    fn rows_of_a_tidy_table_are_those_of_a_metric() {
        let there = "point,metric,estimate,theory\n0,a,1,\n0,b,2,\n";
        let here = "point,metric,estimate,theory\n0,a,1,1\n0,b,2,\n0,c,3,\n1,c,3,\n";
        let found = compared(there, here);
        assert_eq!((found.count, found.cells), (0, 7));
        assert_eq!((found.new_columns, found.new_closed_forms), (vec!["c".to_owned()], 1));
        let found = compared(there, "point,metric,estimate,theory\n0,b,3,\n1,b,2,\n1,a,,2\n");
        let expected = [
            "t.csv, point 0, metric b: `estimate` is 2 there, 3 here",
            "t.csv: a new run has no row of point 0, metric a",
            "t.csv: only a new run has a row of point 1, metric b",
        ];
        assert_eq!((found.differences, found.new_closed_forms), (expected.map(str::to_owned).to_vec(), 1));
    }

    #[test]
    fn rows_of_the_same_are_numbered_and_many_differences_are_counted() {
        let rows = |value: &str| format!("point,latency_s\n{}", format!("0,{value}\n").repeat(8));
        let found = compared(&rows("1"), &rows("2"));
        assert_eq!(found.count, 8);
        assert_eq!(found.differences[0], "t.csv, point 0: `latency_s` is 1 there, 2 here");
        assert_eq!(found.differences[1], "t.csv, point 0, row 2: `latency_s` is 1 there, 2 here");
        assert_eq!(found.differences[5], "t.csv: 3 more values differ");
        assert_eq!(found.differences.len(), 6);
    }

    #[test]
    fn a_closed_form_where_there_was_none_is_no_difference_and_one_that_is_gone_is() {
        let found = compared("point,a_theory,a\n0,,\n", "point,a_theory,a\n0,1,\n");
        assert_eq!((found.count, found.new_closed_forms), (0, 1));
        let found = compared("point,a_theory\n0,1\n", "point,a_theory\n0,\n");
        assert_eq!(found.differences, ["t.csv, point 0: `a_theory` is 1 there, empty here"]);
        assert_eq!(compared("point,a\n0,\n", "point,a\n0,1\n").count, 1);
    }
}
