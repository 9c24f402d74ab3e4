//! Words in the cells of a table. A spreadsheet runs a cell that begins with certain characters as a formula. So such a
//! word gets an apostrophe in front, which is removed when the table is read.

use std::borrow::Cow;

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
}
