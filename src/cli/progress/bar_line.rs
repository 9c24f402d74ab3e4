//! A line of progress that fits on the terminal.

use crate::report::width;

/// The shortest and the longest bar; without room for the shortest there is none.
const LEAST_CELLS: usize = 4;
const MOST_CELLS: usize = 50;
/// What a name takes before the words behind the bar become fewer.
const SHORT_NAME: usize = 12;

/// A line: the name, a bar, words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BarLine {
    pub name: String,
    /// Columns of the bar; 0: none.
    pub cells: usize,
    pub words: String,
}

impl BarLine {
    /// The line in at most `columns` with the first wording that has room, or else with the last one.
    pub fn fit(name: &str, wordings: &[String], columns: usize) -> BarLine {
        let least = width(name).min(SHORT_NAME) + LEAST_CELLS + 2;
        let words = wordings.iter().find(|words| width(words) + least <= columns).or(wordings.last());
        let words = words.cloned().unwrap_or_default();
        let rest = columns.saturating_sub(width(&words) + 1);
        let name = shortened(name, rest.saturating_sub(LEAST_CELLS + 1));
        let cells = rest.saturating_sub(width(&name) + 1).min(MOST_CELLS);
        BarLine { name, cells: if cells < LEAST_CELLS { 0 } else { cells }, words }
    }

    /// The line as a template. Its texts are in it, as a line whose parts change one after the other would not fit in
    /// between.
    pub fn template(&self) -> String {
        let [name, words] = [&self.name, &self.words].map(|text| text.replace('{', "{{").replace('}', "}}"));
        match self.cells {
            0 => format!("{name} {words}"),
            cells => format!("{name} {{bar:{cells}}} {words}"),
        }
    }
}

/// The text, or its begin with an ellipsis in at most so many columns; at least one character.
fn shortened(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut short = String::new();
    for character in text.chars() {
        if !short.is_empty() && width(&short) + width(character.encode_utf8(&mut [0; 4])) + 1 > columns {
            break;
        }
        short.push(character);
    }
    short + "…"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(name: &str, columns: usize) -> BarLine {
        let wordings = ["14/160 runs, 12m left".to_owned(), "14/160, 12m left".to_owned()];
        BarLine::fit(name, &wordings, columns)
    }

    #[test]
    fn lines_fit() {
        for name in ["comet", "a-name-that-is-longer-than-the-line-of-the-terminal", "长轮询与短轮询的比较长轮询"]
        {
            for columns in 26..120 {
                let BarLine { name, cells, words } = line(name, columns);
                assert!(width(&name) + cells + width(&words) + 2 <= columns, "{columns}: {name} {cells} {words}");
                assert!(cells >= LEAST_CELLS, "{columns}: {name} {cells} {words}");
            }
        }
    }

    #[test]
    fn what_is_long_is_shortened() {
        let BarLine { name, cells, words } = line("lossy-mobile", 57);
        assert_eq!((name.as_str(), cells, words.as_str()), ("lossy-mobile", 22, "14/160 runs, 12m left"));
        assert_eq!(line("lossy-mobile", 37).name, "lossy-mobile");
        assert_eq!(line("lossy-mobile", 37).words, "14/160, 12m left");
        assert_eq!(line("长轮询与短轮询的比较", 37).name, "长轮询与短轮询…");
        assert_eq!(line("{a}", 37).template(), "{{a}} {bar:11} 14/160 runs, 12m left");
        assert_eq!(line("comet", 8), BarLine { name: "c…".to_owned(), cells: 0, words: "14/160, 12m left".to_owned() });
    }
}
