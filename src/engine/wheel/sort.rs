//! Sorting nearly sorted entries.
//!
//! Actors with the same period push their entries in the order in which they run, so a bucket is one long rising run
//! with some strays. The sort keeps the run, sorts the strays and merges them into it (drop-merge sort: E. Ernerfeldt,
//! "Roughly sorted input in linear time", 2015).

/// Sorts the entries. `strays` is a buffer.
pub(super) fn sort_nearly_sorted(entries: &mut [u64], strays: &mut Vec<u64>) {
    strays.clear();
    let (mut run, mut dropped) = (0, 0);
    for position in 0..entries.len() {
        let entry = entries[position];
        if run == 0 || entries[run - 1] <= entry {
            entries[run] = entry;
            (run, dropped) = (run + 1, 0);
            continue;
        }
        if strays.len() > entries.len() / 4 {
            // No long run here: put the strays back into the gap after the run.
            entries[run..position].copy_from_slice(strays);
            entries.sort_unstable();
            return;
        }
        dropped += 1;
        // The end of the run itself is a stray if removing it costs no more entries than were just dropped in a row.
        if run > dropped && entries[run - 1 - dropped] > entry {
            strays.push(entry);
            continue;
        }
        while run > 0 && entries[run - 1] > entry {
            run -= 1;
            strays.push(entries[run]);
        }
        entries[run] = entry;
        (run, dropped) = (run + 1, 0);
    }
    strays.sort_unstable();
    merge_into_run(entries, run, strays);
}

/// Merges the sorted strays into the run of the first `run` entries, from the end.
fn merge_into_run(entries: &mut [u64], mut run: usize, strays: &[u64]) {
    let mut end = entries.len();
    for stray in strays.iter().rev() {
        while run > 0 && entries[run - 1] > *stray {
            end -= 1;
            run -= 1;
            entries[end] = entries[run];
        }
        end -= 1;
        entries[end] = *stray;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(mut entries: Vec<u64>) {
        let mut expected = entries.clone();
        expected.sort_unstable();
        sort_nearly_sorted(&mut entries, &mut vec![7; 3]);
        assert_eq!(entries, expected);
    }

    proptest! {
        #[test]
        fn sorts_anything(entries in prop::collection::vec(0..200u64, 0..300)) {
            check(entries);
        }

        #[test]
        fn sorts_a_run_with_strays(
            length in 0..500u64,
            strays in prop::collection::vec((0..500usize, any::<u64>()), 0..60),
        ) {
            let mut entries: Vec<u64> = (0..length).map(|i| i << 50).collect();
            for (position, stray) in strays {
                entries.insert(position.min(entries.len()), stray);
            }
            check(entries);
        }
    }

    #[test]
    fn sorts_a_run_behind_large_strays() {
        check([900, 950, 960, 970, 980].into_iter().chain(0..1000).collect());
        check((0..100).rev().collect());
        check((0..100).chain(0..100).chain(50..150).collect());
    }
}
