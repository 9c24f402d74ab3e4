//! Claims about points that an override of a swept key leaves out.

use crate::experiment::check::check_assigned;
use crate::experiment::names::Names;
use crate::experiment::node::{Entry, Node, Value};
use crate::experiment::path::Path;
use crate::experiment::sweep::flatten;
use crate::experiment::values;

/// Removes the claims about other values of the swept key at `path` than the one of `node`, which an override gives it:
/// their points are gone.
pub fn leave_out(root: &mut Node, path: &Path, node: &Node) {
    let names = Names::of(root);
    let is_another = |at: &Entry| {
        let mut value = at.node.clone();
        Path::parse(&at.key, at.key_span, &names).is_ok_and(|key| key.is_same(path))
            && check_assigned(path, &mut value).is_ok()
            && values::cell(&value) != values::cell(node)
    };
    let Some(Value::List(claims)) =
        root.as_table_mut().and_then(|table| table.get_mut("claim")).map(|node| &mut node.value)
    else {
        return;
    };
    claims.retain(|claim| {
        let mut entries = Vec::new();
        for entry in claim.get(&["at"]).and_then(Node::as_table).into_iter().flat_map(|at| at.entries.iter().cloned()) {
            flatten(entry, &mut entries);
        }
        !entries.iter().any(is_another)
    });
    if claims.is_empty() {
        root.remove(&["claim"]);
    }
}
