//! Which tasks an element of a job array runs, one after the other.

/// What an element takes at least: starting it costs Slurm about a second.
const LEAST_SECONDS: f64 = 10.0;

/// How tasks become elements.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bundling {
    /// Elements of an array at most.
    pub most_elements: usize,
    /// Tasks of an element that the user wants, if at all.
    pub asked: Option<usize>,
    /// What a task takes, in seconds, as predicted.
    pub seconds: f64,
}

impl Bundling {
    /// The tasks of each element.
    pub fn elements(&self, tasks: &[u32]) -> Vec<Vec<u32>> {
        let fitting = tasks.len().div_ceil(self.most_elements.max(1));
        let size = self.asked.unwrap_or_else(|| self.worthwhile()).max(fitting).max(1);
        let count = tasks.len().div_ceil(size);
        // Sizes differ by one at most, so that all end at about the same time.
        let end = |element: usize| tasks.len() * element / count;
        (0..count).map(|element| tasks[end(element)..end(element + 1)].to_vec()).collect()
    }

    /// How many tasks take long enough to be worth an element.
    fn worthwhile(&self) -> usize {
        let size = (LEAST_SECONDS / self.seconds.max(1e-9)).ceil();
        size.clamp(1.0, f64::from(u32::MAX)) as usize
    }
}

/// The numbers in a list that [`ranges`](crate::report::ranges) wrote; what it did not write has none.
pub(super) fn listed(list: &str) -> impl Iterator<Item = u32> {
    list.split(',').flat_map(|part| {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let range: Option<(u32, u32)> = first.parse().ok().zip(last.parse().ok());
        range.into_iter().flat_map(|(first, last)| first..=last)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::ranges;

    fn sizes(bundling: Bundling, tasks: u32) -> Vec<usize> {
        let all: Vec<u32> = (0..tasks).collect();
        let elements = bundling.elements(&all);
        assert_eq!(elements.concat(), all);
        elements.iter().map(Vec::len).collect()
    }

    #[test]
    fn short_tasks_share_an_element() {
        let bundling = Bundling { most_elements: 1001, asked: None, seconds: 4.0 };
        assert_eq!(sizes(bundling, 0), [0; 0]);
        assert_eq!(sizes(bundling, 10), [2, 3, 2, 3]);
        assert_eq!(sizes(Bundling { seconds: 60.0, ..bundling }, 3), [1; 3]);
        assert_eq!(sizes(Bundling { seconds: 0.0, ..bundling }, 7), [7]);
    }

    #[test]
    fn an_array_is_no_longer_than_it_may_be() {
        let bundling = Bundling { most_elements: 3, asked: Some(1), seconds: 60.0 };
        assert_eq!(sizes(bundling, 3), [1; 3]);
        assert_eq!(sizes(bundling, 10), [3, 3, 4]);
        assert_eq!(sizes(Bundling { most_elements: 0, ..bundling }, 10), [10]);
        assert_eq!(sizes(Bundling { asked: Some(5), ..bundling }, 10), [5, 5]);
    }

    #[test]
    fn lists_are_read_back() {
        for (tasks, text) in [(&[7][..], "7"), (&[0, 1, 2, 4, 8, 9], "0-2,4,8-9"), (&[], "")] {
            assert_eq!(ranges(tasks), text);
            assert!(listed(text).eq(tasks.iter().copied()), "{text}");
        }
        assert_eq!(listed("x,3-y").count(), 0);
    }
}
