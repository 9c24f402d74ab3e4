//! The population of a mix to which a client number belongs.
//!
//! Events of one instant run in the order of client numbers. So the populations take turns in the numbers: each has its
//! share of any range of numbers, up to one client.

use super::scenario::Scenario;

/// How the populations of a mix take turns.
#[derive(Debug)]
pub(crate) struct Turns {
    /// Clients of each population.
    counts: Vec<u32>,
    /// Clients of one turn: the tabs of a browser.
    tabs: u32,
}

/// The number of turns of each population before a client number.
struct Taken(Vec<u32>);

/// The steps of the search for the state before a number.
const GRID: u64 = 1 << 32;

impl Turns {
    pub fn new(scenario: &Scenario) -> Turns {
        let counts = scenario.populations.iter().map(|population| population.count).collect();
        Turns { counts, tabs: scenario.clients.browsers.map_or(1, |browsers| browsers.tabs) }
    }

    /// Whether there are several populations.
    pub fn is_mix(&self) -> bool {
        !self.counts.is_empty()
    }

    fn turns(&self, population: usize) -> u32 {
        self.counts[population] / self.tabs
    }

    /// The population of each client from number `first` on, up to the last one.
    pub fn from(&self, first: u32) -> impl Iterator<Item = u32> {
        let turns: u32 = (0..self.counts.len()).map(|population| self.turns(population)).sum();
        let whole = turns * self.tabs;
        let mut taken = self.taken_before(first.min(whole) / self.tabs);
        // Clients that fill no whole browser come last, one population after the other.
        let rest = self
            .counts
            .iter()
            .zip(0u32..)
            .flat_map(|(count, population)| std::iter::repeat_n(population, (count % self.tabs) as usize));
        let in_turns = (0..turns).map_while(move |_| self.next(&mut taken));
        let in_turns = in_turns.flat_map(|population| std::iter::repeat_n(population, self.tabs as usize));
        let skipped = if first < whole { first % self.tabs } else { 0 };
        in_turns.skip(skipped as usize).chain(rest.skip(first.saturating_sub(whole) as usize))
    }

    /// The population whose turn is next: turn `j` of a population with `n` turns is at position `(2 j + 1) / 2n`. At
    /// equal positions the order of the populations alternates.
    fn next(&self, taken: &mut Taken) -> Option<u32> {
        let last = taken.0.len().saturating_sub(1);
        let open = (0..taken.0.len()).filter(|population| taken.0[*population] < self.turns(*population));
        let order =
            |population: usize| if taken.0[population].is_multiple_of(2) { population } else { last - population };
        let place = |population: usize, other: usize| {
            u128::from(2 * u64::from(taken.0[population]) + 1) * u128::from(self.turns(other))
        };
        let next = open.min_by(|&one, &other| {
            place(one, other).cmp(&place(other, one)).then(order(one).cmp(&order(other))).then(one.cmp(&other))
        })?;
        taken.0[next] += 1;
        Some(next as u32)
    }

    /// The turns taken before turn `turn` of all, without taking them one by one.
    fn taken_before(&self, turn: u32) -> Taken {
        let up_to = |step: u64| {
            let before = |turns: u32| {
                let taken = (2 * u128::from(turns) * u128::from(step) + u128::from(GRID)) / (2 * u128::from(GRID));
                taken as u32
            };
            Taken((0..self.counts.len()).map(|population| before(self.turns(population))).collect())
        };
        let sum = |taken: &Taken| taken.0.iter().sum::<u32>();
        let (mut low, mut high) = (0, GRID + 1);
        while high - low > 1 {
            let middle = u64::midpoint(low, high);
            if sum(&up_to(middle)) <= turn { low = middle } else { high = middle }
        }
        let mut taken = up_to(low);
        while sum(&taken) < turn && self.next(&mut taken).is_some() {}
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(counts: &[u32], tabs: u32) -> Vec<u32> {
        Turns { counts: counts.to_vec(), tabs }.from(0).collect()
    }

    #[test]
    fn populations_take_turns() {
        assert_eq!(all(&[4, 4], 1), [0, 1, 1, 0, 0, 1, 1, 0]);
        assert_eq!(all(&[1, 4], 1), [1, 1, 0, 1, 1]);
        assert_eq!(all(&[3, 0, 1], 1), [0, 0, 2, 0]);
        // Two whole browsers and one tab more, one whole browser and one tab more.
        assert_eq!(all(&[5, 3], 2), [0, 0, 1, 1, 0, 0, 0, 1]);
    }

    #[test]
    fn any_number_is_reached_at_once() {
        for (counts, tabs) in [(&[7, 5, 1][..], 1), (&[500, 500], 3), (&[1, 1_000, 9], 4), (&[0, 3], 2), (&[2, 2], 5)] {
            let turns = Turns { counts: counts.to_vec(), tabs };
            let all: Vec<u32> = turns.from(0).collect();
            assert_eq!(all.len(), counts.iter().sum::<u32>() as usize);
            for first in 0..all.len() {
                assert!(turns.from(first as u32).eq(all[first..].iter().copied()), "{counts:?} {tabs} {first}");
            }
            for (population, count) in (0..).zip(counts) {
                assert_eq!(all.iter().filter(|one| **one == population).count(), *count as usize);
            }
        }
    }

    /// In any range of numbers each population has its share, up to one.
    #[test]
    fn each_has_its_share_of_any_range() {
        let (counts, all) = ([600, 300, 100], all(&[600, 300, 100], 1));
        for (until, population) in (0..=all.len()).zip([0, 1, 2].into_iter().cycle()) {
            let has = all[..until].iter().filter(|one| **one == population).count() as f64;
            let share = until as f64 * f64::from(counts[population as usize]) / 1_000.0;
            assert!((has - share).abs() < 1.1, "{until}: {has} of {share}");
        }
    }
}
