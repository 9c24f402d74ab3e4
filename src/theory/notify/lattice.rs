//! Notified long polls of messages from trials at regular instants, with a constant round trip.
//!
//! The process after a reply depends only on the reply's offset: the time since the last trial. A client that waited
//! for its message gets it at a trial, offset 0, and the process renews. From there the walk below follows every path
//! (messages during the round trip, "no data") until the next such reply, with its probability. Long-run rates are sums
//! over a walk divided by its mean length (renewal reward theorem).

use std::collections::BTreeMap;
use std::mem;

use crate::theory::arrival_gaps::newest_in_trials;
use crate::theory::latency::Mixture;

/// Trials, round trip and hold.
#[derive(Clone, Copy, Debug)]
pub struct NotifiedTrials {
    /// Nanoseconds between trials.
    pub every: u64,
    /// Probability of a message.
    pub hit: f64,
    /// From an answer to the arrival of the next request, in nanoseconds.
    pub round: u64,
    /// Longest hold, in nanoseconds.
    pub hold: u64,
}

/// Sums over one walk; seconds.
#[derive(Clone, Debug, Default)]
pub struct Walk {
    /// Requests.
    pub requests: f64,
    /// Requests answered "no data".
    pub empty: f64,
    /// Lengths of the cycles.
    pub length: f64,
    /// Squares of the lengths of the cycles.
    pub length_squares: f64,
    /// Holds.
    pub hold: f64,
    /// Waits of messages at the server, each with its expected number.
    pub waits: Mixture,
    /// Waits of the newest message of each reply.
    pub newest: f64,
    /// Area under the age of the newest message taken.
    pub age: f64,
}

/// A walk is cut where its paths have less probability than this left.
const FORGOTTEN: f64 = 1e-14;
/// Walks with more steps than this have no form.
const LONGEST_WALK: u32 = 2000;
/// Holds of more trials than this have no form.
const MOST_TRIALS: u64 = 1_000_000;

/// Paths at one offset: their probability, and expectations over them of T, the time since the last reply with data,
/// and X, the age of its newest message: E\[1\], E\[T\], E\[T²\], E\[X\], E\[XT\].
#[derive(Clone, Copy, Debug, Default)]
struct Paths {
    chance: f64,
    time: f64,
    time_squares: f64,
    age: f64,
    age_time: f64,
}

impl Paths {
    /// The paths, with this probability, after a span of this mean and mean square.
    fn after(self, chance: f64, mean: f64, square: f64) -> Paths {
        Paths {
            chance: chance * self.chance,
            time: chance * (self.time + mean * self.chance),
            time_squares: chance * (self.time_squares + 2.0 * mean * self.time + square * self.chance),
            age: chance * self.age,
            age_time: chance * (self.age_time + mean * self.age),
        }
    }

    /// The area under the age up to now: `E[X T + T² / 2]`.
    fn area(self) -> f64 {
        self.age_time + self.time_squares / 2.0
    }

    fn add(&mut self, other: Paths) {
        self.chance += other.chance;
        self.time += other.time;
        self.time_squares += other.time_squares;
        self.age += other.age;
        self.age_time += other.age_time;
    }
}

/// `Σ_{i<=m} hit (1-hit)^(i-1) i^r` for r = 0, 1, 2: the first hit among m trials.
fn first_hit(hit: f64, trials: u64) -> [f64; 3] {
    let mut sums = [0.0; 3];
    let mut chance = hit;
    for trial in 1..=trials {
        let place = trial as f64;
        for (sum, power) in sums.iter_mut().zip([1.0, place, place * place]) {
            *sum += chance * power;
        }
        chance *= 1.0 - hit;
    }
    sums
}

impl NotifiedTrials {
    /// The sums over one walk; `None` if it takes too many steps.
    pub fn walk(self) -> Option<Walk> {
        let fewest = self.hold / self.every;
        if fewest > MOST_TRIALS {
            return None;
        }
        let hits = [first_hit(self.hit, fewest), first_hit(self.hit, fewest + 1)];
        let start = BTreeMap::from([(0, Paths { chance: 1.0, ..Paths::default() })]);
        let mut walker = Walker { trials: self, hits, walk: Walk::default(), waits: BTreeMap::new(), next: start };
        for _ in 0..LONGEST_WALK {
            for (offset, here) in mem::take(&mut walker.next) {
                walker.step(offset, here);
            }
            if walker.next.values().map(|paths| paths.chance).sum::<f64>() < FORGOTTEN {
                let atom =
                    |law: Mixture, (wait, mass): (u64, f64)| law.with(wait as f64 / 1e9, wait as f64 / 1e9, mass);
                let waits = walker.waits.into_iter().fold(Mixture::default(), atom);
                return Some(Walk { waits, ..walker.walk });
            }
        }
        None
    }
}

/// A walk under way.
struct Walker {
    trials: NotifiedTrials,
    /// The sums of [`first_hit`] for the fewest trials of a hold, and for one more.
    hits: [[f64; 3]; 2],
    walk: Walk,
    /// The expected number of messages with each wait, in nanoseconds.
    waits: BTreeMap<u64, f64>,
    /// The paths after the next request, by their offset.
    next: BTreeMap<u64, Paths>,
}

impl Walker {
    /// One request of the paths `here`, whose last answer came `offset` after a trial.
    fn step(&mut self, offset: u64, here: Paths) {
        let NotifiedTrials { every, hit, round: round_nanos, hold: longest } = self.trials;
        let (quiet, seconds) = (1.0 - hit, |nanos: u64| nanos as f64 / 1e9);
        let (missed, arrival) = ((offset + round_nanos) / every, (offset + round_nanos) % every);
        let (period, round, hold, early) = (seconds(every), seconds(round_nanos), seconds(longest), seconds(arrival));
        let nothing = libm::pow(quiet, missed as f64);
        self.walk.requests += here.chance;

        // Messages of the round trip are answered on arrival.
        for trial in 0..missed {
            *self.waits.entry(arrival + trial * every).or_default() += here.chance * hit;
        }
        let newest = early * (1.0 - nothing) + period * (newest_in_trials(hit, missed as f64) - (1.0 - nothing) / 2.0);
        let answered = here.after(1.0 - nothing, round, round * round);
        self.walk.newest += here.chance * newest;
        self.walk.age += answered.area();
        self.walk.count(here.chance * (1.0 - nothing), round, round * round);
        let fresh = Paths { chance: answered.chance, age: here.chance * newest, ..Paths::default() };
        self.put(arrival, fresh);

        // Else the request waits for the next message: the walk ends.
        let trials = (arrival + longest) / every;
        let [within, first, second] = self.hits[usize::from(trials > longest / every)];
        let (mean, square) = shifted([within, first, second], period, round - early);
        let waited = here.after(nothing * within, mean, square);
        self.walk.age += waited.area();
        self.walk.count(here.chance * nothing * within, mean, square);
        self.walk.hold += here.chance * nothing * within * (mean - round);
        *self.waits.entry(0).or_default() += here.chance * nothing * within;

        // Or it is answered "no data".
        let none = nothing * libm::pow(quiet, trials as f64);
        let cycle = round + hold;
        self.walk.count(here.chance * none, cycle, cycle * cycle);
        self.walk.hold += here.chance * none * hold;
        self.walk.empty += here.chance * none;
        self.put((arrival + longest) % every, here.after(none, cycle, cycle * cycle));
    }

    /// Adds paths at an offset.
    fn put(&mut self, offset: u64, paths: Paths) {
        if paths.chance > 0.0 {
            self.next.entry(offset).or_default().add(paths);
        }
    }
}

impl Walk {
    fn count(&mut self, chance: f64, mean: f64, square: f64) {
        self.length += chance * mean;
        self.length_squares += chance * square;
    }
}

/// Mean and mean square of `period × I + shift`, where I has these sums of powers 0, 1 and 2.
fn shifted([mass, first, second]: [f64; 3], period: f64, shift: f64) -> (f64, f64) {
    if mass <= 0.0 {
        return (0.0, 0.0);
    }
    let (first, second) = (first / mass, second / mass);
    (period * first + shift, period * period * second + 2.0 * period * shift * first + shift * shift)
}
