//! Parts of a time axis.

/// A part of the horizontal axis, such as the warm-up, or an instant if both ends are one.
#[derive(Clone, Debug, PartialEq)]
pub struct Period {
    /// Its beginning.
    pub from: f64,
    /// Its end.
    pub to: f64,
    /// Its name.
    pub name: String,
}
