//! Sorting what is nearly sorted.

/// Sorts the entries, which are distinct.
#[inline]
pub(super) fn sort_nearly_sorted(entries: &mut [u64]) {
    if !entries.is_sorted() {
        entries.sort_unstable();
    }
}
