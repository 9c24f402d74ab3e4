//! One swept key.

use crate::experiment::chart::SweptKey;
use crate::experiment::keys::ValueKind;
use crate::experiment::node::{Node, Span};
use crate::experiment::path::Path;

/// How many values a range may have.
pub(in crate::experiment) const STEPS: ValueKind = ValueKind::Count(2, 1_000_000);

/// One swept key and its values.
#[derive(Clone, Debug)]
pub(in crate::experiment) struct SweepAxis {
    pub path: Path,
    /// The dotted path as written: the name of its column.
    pub column: String,
    pub values: Vec<Node>,
    /// Whether they are a range, so that all of them differ.
    pub is_range: bool,
    /// The place of the key.
    pub span: Span,
}

impl SweepAxis {
    /// The key as the results name it.
    pub fn key(&self) -> SweptKey {
        SweptKey { path: self.column.clone(), unit: self.path.kind().and_then(ValueKind::unit) }
    }
}
