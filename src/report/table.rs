//! A result table: text cells under named columns.
//!
//! A spreadsheet runs a cell that begins with certain characters as a formula. So such a word gets an apostrophe in
//! front, which is removed when the table is read.

use std::borrow::Cow;

/// The rows of a CSV file, as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CsvTable {
    /// Names of the columns.
    pub header: Vec<String>,
    /// The cells, a row at a time, as long as the header.
    pub rows: Vec<Vec<String>>,
}

impl CsvTable {
    /// Reads a CSV text whose first line names the columns; an empty text is an empty table.
    ///
    /// # Errors
    /// When a row is longer or shorter than the header, or the text is no CSV.
    pub fn parse(text: &str) -> Result<CsvTable, csv::Error> {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let cells = |record: &csv::StringRecord| record.iter().map(|cell| said(cell).to_owned()).collect();
        let header = cells(reader.headers()?);
        let rows = reader.records().map(|record| Ok(cells(&record?))).collect::<Result<_, csv::Error>>()?;
        Ok(CsvTable { header, rows })
    }

    /// A table of populations as a table of transports: each population counts as a transport.
    #[must_use]
    pub fn by_population(mut self) -> CsvTable {
        let (Some(transport), Some(population)) = (self.column("transport"), self.column("population")) else {
            return self;
        };
        let several = self.rows.iter().any(|row| row.get(transport) != self.rows[0].get(transport));
        for row in &mut self.rows {
            row[transport] = match several {
                true => format!("{}: {}", row[transport], row[population]),
                false => row[population].clone(),
            };
        }
        self
    }

    /// The index of the column with this name.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|column| column == name)
    }

    /// The text of a cell; empty outside the table.
    pub fn text(&self, row: usize, column: usize) -> &str {
        self.rows.get(row).and_then(|cells| cells.get(column)).map_or("", String::as_str)
    }

    /// The texts of a column.
    pub fn texts(&self, column: usize) -> impl Iterator<Item = &str> + Clone {
        (0..self.rows.len()).map(move |row| self.text(row, column))
    }

    /// The finite numbers in a column; none without it.
    pub fn numbers(&self, name: &str) -> Vec<f64> {
        let numbers = |column: usize| (0..self.rows.len()).filter_map(|row| self.number(row, column)).collect();
        self.column(name).map_or_else(Vec::new, numbers)
    }

    /// The finite number in a cell; `None` if it is empty, a word, or outside the table.
    pub fn number(&self, row: usize, column: usize) -> Option<f64> {
        self.text(row, column).parse().ok().filter(|value: &f64| value.is_finite())
    }
}

/// The apostrophe that makes a spreadsheet treat a cell as text.
const MARK: char = '\'';

/// The first characters of formulas: the list of OWASP, "CSV injection", with full-width forms.
fn begins_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

/// A word for a cell. A word that already begins with apostrophes and such a character gets another one, so that
/// reading restores it.
pub(super) fn of_word(text: &str) -> Cow<'_, str> {
    match begins_formula(text.trim_start_matches(MARK)) {
        true => Cow::Owned(format!("{MARK}{text}")),
        false => Cow::Borrowed(text),
    }
}

/// The inverse of [`of_word`]. Numbers do not change.
pub(super) fn said(cell: &str) -> &str {
    cell.strip_prefix(MARK).filter(|text| begins_formula(text.trim_start_matches(MARK))).unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_is_marked_and_read_back() {
        for word in ["=1+1", "+a", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1", "'=1", "''-x"] {
            let cell = of_word(word);
            assert_eq!(cell, format!("'{word}"));
            assert_eq!(said(&cell), word);
        }
        for word in ["", "short polling", "a=b", "'quoted'", "'", "1", "中文"] {
            assert_eq!(of_word(word), word);
            assert_eq!(said(word), word);
        }
        // Numbers are read unchanged.
        assert_eq!(said("-1.5"), "-1.5");
    }

    #[test]
    fn reads_numbers_words_and_empty_cells() {
        let table = CsvTable::parse("point,transport,x\n0,\"a, b\",1.5\n1,c,\n").unwrap();
        assert_eq!(table.column("x"), Some(2));
        assert_eq!(table.column("y"), None);
        assert_eq!(table.number(0, 2), Some(1.5));
        assert_eq!(table.number(1, 2), None);
        assert_eq!(table.number(9, 9), None);
        assert_eq!(table.text(0, 1), "a, b");
    }

    #[test]
    fn not_a_number_is_none() {
        let table = CsvTable::parse("x\nNaN\ninf\nword\n").unwrap();
        assert!((0..3).all(|row| table.number(row, 0).is_none()));
    }

    #[test]
    fn a_short_row_is_an_error_and_no_text_is_no_table() {
        assert!(CsvTable::parse("a,b\n1\n").is_err());
        assert_eq!(CsvTable::parse("").unwrap(), CsvTable::default());
    }
}
