//! The answer of a run: a table of its results that a person can read, and a sentence.
//!
//! It is made from the tables of a folder and its experiment alone, so that it can be shown again. Every number has the
//! digits that its interval allows.

mod cell;
mod columns;
mod digits;
mod display_unit;
mod head;
mod labels;
mod ratio;
mod readings;
mod rival;
mod selection;
mod sentence;
mod sheet;
mod size;
mod tabled;
mod text;
mod verdict;

use columns::wrapped;
use selection::Selection;
pub use selection::{WishError, Wishes};
use sentence::sentence;
use sheet::Sheet;
pub use tabled::Tabled;

impl Tabled<'_> {
    /// Title, size, table and sentence in lines of at most `columns`, as far as names and numbers allow; `seconds` is the
    /// time that the run took.
    pub fn text(&self, columns: usize, seconds: Option<f64>) -> Vec<String> {
        let sheet = Sheet::new(self, &Selection::usual(self.experiment));
        let mut lines = wrapped(self.experiment.title(), columns);
        lines.extend(wrapped(&size::words(self.experiment, seconds), columns));
        lines.push(String::new());
        lines.extend(text::lines(&sheet, columns));
        lines.push(String::new());
        lines.extend(wrapped(&sentence(self), columns));
        lines.extend(text::notes(&sheet).iter().flat_map(|note| wrapped(note, columns)));
        lines
    }
}
