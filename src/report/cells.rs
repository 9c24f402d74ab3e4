//! Cells of tables, and tables of cells.

use csv::Writer;

use super::table::of_word;

/// The shortest decimal that reads back the same; empty without a value.
pub(super) fn cell(value: Option<f64>) -> String {
    value.filter(|value| value.is_finite()).map(|value| value.to_string()).unwrap_or_default()
}

/// A cell with a word.
pub(super) fn word(text: &str) -> String {
    of_word(text).into_owned()
}

/// A cell with the value of a swept key: a number or a word.
pub(super) fn number_or_word(text: &str) -> String {
    if text.parse::<f64>().is_ok() { text.to_owned() } else { word(text) }
}

/// A table as CSV.
///
/// # Errors
/// If a row cannot be written, which does not happen in memory.
pub(super) fn csv_text(header: &[String], rows: impl Iterator<Item = Vec<String>>) -> Result<String, csv::Error> {
    let mut writer = Writer::from_writer(Vec::new());
    writer.write_record(header.iter().map(|name| word(name)))?;
    for cells in rows {
        writer.write_record(cells)?;
    }
    let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    String::from_utf8(bytes).map_err(|error| csv::Error::from(std::io::Error::other(error)))
}

/// The table without the columns that are empty in every row. A table without rows keeps all columns.
pub(super) fn without_empty(header: Vec<String>, rows: Vec<Vec<String>>) -> (Vec<String>, Vec<Vec<String>>) {
    let is_kept: Vec<bool> =
        (0..header.len()).map(|column| rows.is_empty() || rows.iter().any(|cells| !cells[column].is_empty())).collect();
    let kept = |cells: Vec<String>| -> Vec<String> {
        cells.into_iter().zip(&is_kept).filter(|(_, is_kept)| **is_kept).map(|(cell, _)| cell).collect()
    };
    (kept(header), rows.into_iter().map(kept).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_left_out_if_it_is_empty_in_every_row() {
        let strings = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
        let header = strings(&["a", "b", "c", "d"]);
        let rows = vec![strings(&["1", "", "", "0"]), strings(&["2", "", "x", ""])];
        let (kept, rows) = without_empty(header.clone(), rows);
        assert_eq!(kept, ["a", "c", "d"]);
        assert_eq!(rows, [strings(&["1", "", "0"]), strings(&["2", "x", ""])]);
        assert_eq!(without_empty(header.clone(), Vec::new()).0, header);
    }
}
