//! For what a chart is drawn: its size, and the ground that it stands on.

use crate::experiment::node::Node;

/// The size of a chart on paper or on a screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrintSize {
    /// A column of a paper: 3.5 in wide with letters of 8 pt, without a title.
    Column,
    /// Both columns: 7.2 in wide with letters of 8 pt, without a title.
    Wide,
    /// A slide of 13.33 by 7.5 in with letters of 20 pt.
    Slide,
}

impl PrintSize {
    /// All sizes.
    pub const ALL: [PrintSize; 3] = [PrintSize::Column, PrintSize::Wide, PrintSize::Slide];
    /// Their words.
    pub const WORDS: &[&str] = &["column", "wide", "slide"];

    /// Its word.
    pub fn word(self) -> &'static str {
        PrintSize::WORDS[self as usize]
    }

    /// The size of this word.
    pub fn from_word(word: &str) -> Option<PrintSize> {
        PrintSize::ALL.into_iter().find(|size| size.word() == word)
    }
}

/// What a chart stands on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ground {
    /// White paper.
    #[default]
    White,
    /// A dark page or screen: all colours are changed.
    Dark,
    /// Whatever is behind it, which should be bright.
    Transparent,
}

impl Ground {
    /// All grounds.
    pub const ALL: [Ground; 3] = [Ground::White, Ground::Dark, Ground::Transparent];
    /// Their words.
    pub const WORDS: &[&str] = &["white", "dark", "transparent"];

    /// Its word.
    pub fn word(self) -> &'static str {
        Ground::WORDS[self as usize]
    }

    /// The ground of this word.
    pub fn from_word(word: &str) -> Option<Ground> {
        Ground::ALL.into_iter().find(|ground| ground.word() == word)
    }
}

/// Size and ground of a chart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Print {
    /// Absent: 7.5 in wide.
    pub size: Option<PrintSize>,
    /// What it stands on.
    pub ground: Ground,
}

/// The size and the ground in a `[[chart]]`; wrong words are reported when the keys are checked.
pub(super) fn read(chart: &Node) -> Print {
    let word = |name: &str| chart.get(&[name]).and_then(Node::as_text);
    Print {
        size: word("size").and_then(PrintSize::from_word),
        ground: word("ground").and_then(Ground::from_word).unwrap_or_default(),
    }
}
