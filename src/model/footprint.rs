//! Heap memory of lists.

/// The overhead of an allocation, and the multiple to which its size is rounded up, in bytes, in the usual allocators
/// of 64-bit systems.
const HEAD: usize = 8;
const STEP: usize = 16;
const LEAST: usize = 32;

/// Memory of a list with this capacity, in bytes; none without capacity.
pub(crate) fn of_list<T>(capacity: usize) -> usize {
    match capacity * size_of::<T>() {
        0 => 0,
        bytes => (bytes + HEAD).next_multiple_of(STEP).max(LEAST),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_allocation_is_rounded_up() {
        assert_eq!([0, 1, 3, 4, 100].map(of_list::<u64>), [0, 32, 32, 48, 816]);
    }
}
