//! Words in the cells of a table. A spreadsheet takes a cell that begins with certain characters for a formula, and runs
//! it; so such a word gets an apostrophe in front, and loses it when the table is read.

use std::borrow::Cow;

/// The apostrophe that makes a spreadsheet take the rest of a cell for a text.
const MARK: char = '\'';

/// What a spreadsheet takes for the begin of a formula: the list of OWASP, "CSV injection", full-width forms among them.
fn begins_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

/// A word for a cell. One that already begins with apostrophes and such a character gets another one, so that reading
/// gives back what was written.
pub(super) fn of_word(text: &str) -> Cow<'_, str> {
    match begins_formula(text.trim_start_matches(MARK)) {
        true => Cow::Owned(format!("{MARK}{text}")),
        false => Cow::Borrowed(text),
    }
}

/// What a cell says: [`of_word`] taken back. Numbers stay what they are.
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
        // Numbers are read as they are.
        assert_eq!(said("-1.5"), "-1.5");
    }
}
