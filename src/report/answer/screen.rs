//! Where text is shown.

/// A screen, or what stands in for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Screen {
    /// Columns of a line.
    pub columns: usize,
    /// Whether the marks of claims have colours.
    pub is_coloured: bool,
}
