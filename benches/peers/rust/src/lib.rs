//! What every Rust version of model M1 shares: its constants, its draws, what it counts and the line it prints.
//!
//! Nothing of the event loop is here: that is what the systems differ in.

pub mod nexosim_model;
pub mod packed_model;

use nix::sys::resource::{UsageWho, getrusage};
use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};
use rand_distr::Exp1;

/// Times are whole nanoseconds.
pub const SECOND: u64 = 1_000_000_000;
/// The server sleeps this long before each check.
pub const CHECK_INTERVAL: u64 = SECOND / 2;
/// The server says "no data" after this many checks without a hit.
pub const CHECKS: u8 = 80;
/// From sending a request until its reply must have arrived.
pub const TIMEOUT: u64 = 80 * SECOND;
/// Longest hold: clients start, and the last requests are settled, within this time.
pub const LONGEST_HOLD: u64 = CHECK_INTERVAL * CHECKS as u64;

const MEAN_DELAY: f64 = 0.05 * SECOND as f64;
const HIT_PROBABILITY: f64 = 15.0 / 999.0;

/// The command line: `--clients N --seconds T --seed S`.
pub struct Arguments {
    /// Number of clients.
    pub clients: u32,
    /// Simulated seconds.
    pub seconds: u64,
    /// Seed of all draws.
    pub seed: u64,
}

impl Arguments {
    /// Reads the command line; anything unknown ends the program.
    pub fn read() -> Self {
        let mut read = Self { clients: 1000, seconds: 60, seed: 1 };
        let mut words = std::env::args().skip(1);
        while let Some(name) = words.next() {
            let value: u64 =
                words.next().and_then(|word| word.parse().ok()).unwrap_or_else(|| panic!("{name} needs a number"));
            match name.as_str() {
                "--clients" => read.clients = u32::try_from(value).expect("that many clients"),
                "--seconds" => read.seconds = value,
                "--seed" => read.seed = value,
                _ => panic!("unknown option {name}; there are --clients, --seconds and --seed"),
            }
        }
        read
    }

    /// End of the simulation in nanoseconds.
    pub fn end(&self) -> u64 {
        self.seconds * SECOND
    }
}

/// The random draws of the model.
pub struct Draws(SmallRng);

impl Draws {
    /// A stream that depends on the seed alone.
    pub fn new(seed: u64) -> Self {
        Self(SmallRng::seed_from_u64(seed))
    }

    /// When a client sends its first request.
    pub fn start(&mut self) -> u64 {
        self.0.random_range(0..LONGEST_HOLD)
    }

    /// Delay of one message.
    pub fn delay(&mut self) -> u64 {
        (self.0.sample::<f64, _>(Exp1) * MEAN_DELAY) as u64
    }

    /// The check that will hit, from 1; 0 where none of them does.
    ///
    /// One geometric draw for a request, in place of a Bernoulli draw for each check: the same law.
    pub fn hit_at(&mut self) -> u8 {
        let uniform: f64 = self.0.random();
        let misses = (1.0 - uniform).ln() / (1.0 - HIT_PROBABILITY).ln();
        if misses < f64::from(CHECKS) { misses as u8 + 1 } else { 0 }
    }
}

/// Finest latency of the histogram: 2^10 ns.
const FIRST_OCTAVE: u32 = 10;
/// Buckets of equal width in each octave.
const BUCKETS_PER_OCTAVE: usize = 32;
const OCTAVES: usize = 32;

/// A log-linear histogram of latencies, 3 % wide at most.
#[derive(Debug)]
struct Histogram([u64; OCTAVES * BUCKETS_PER_OCTAVE]);

impl Histogram {
    fn record(&mut self, nanoseconds: u64) {
        let value = nanoseconds.max(1 << FIRST_OCTAVE);
        let octave = value.ilog2();
        let within = (value >> (octave - 5)) as usize - BUCKETS_PER_OCTAVE;
        let bucket = (octave - FIRST_OCTAVE) as usize * BUCKETS_PER_OCTAVE + within;
        self.0[bucket.min(self.0.len() - 1)] += 1;
    }

    /// Middle of the bucket that holds the median, in seconds.
    fn median(&self) -> f64 {
        let half = self.0.iter().sum::<u64>().div_ceil(2);
        let mut seen = 0;
        for (bucket, count) in self.0.iter().enumerate() {
            seen += count;
            if seen >= half {
                let octave = (1u64 << (FIRST_OCTAVE as usize + bucket / BUCKETS_PER_OCTAVE)) as f64;
                let within = ((bucket % BUCKETS_PER_OCTAVE) as f64 + 0.5) / BUCKETS_PER_OCTAVE as f64;
                return octave * (1.0 + within) / SECOND as f64;
            }
        }
        0.0
    }
}

/// What a run counts.
#[derive(Debug)]
pub struct Statistics {
    settled_before: u64,
    ticks: u64,
    requests: u64,
    settled_requests: u64,
    hits: u64,
    no_data: u64,
    replies: u64,
    timeouts: u64,
    latencies: u64,
    latency_sum: u64,
    histogram: Box<Histogram>,
}

impl Statistics {
    /// Nothing counted yet; `end` is the end of the simulation.
    pub fn new(end: u64) -> Self {
        Self {
            settled_before: end.saturating_sub(LONGEST_HOLD),
            ticks: 0,
            requests: 0,
            settled_requests: 0,
            hits: 0,
            no_data: 0,
            replies: 0,
            timeouts: 0,
            latencies: 0,
            latency_sum: 0,
            histogram: Box::new(Histogram([0; OCTAVES * BUCKETS_PER_OCTAVE])),
        }
    }

    /// A request arrives at the server.
    pub fn request(&mut self, now: u64) {
        self.requests += 1;
        // Requests that are answered before the end whatever happens: the fair base for the share of "no data".
        self.settled_requests += u64::from(now <= self.settled_before);
    }

    /// The server checks.
    pub fn tick(&mut self) {
        self.ticks += 1;
    }

    /// The server replies "hit".
    pub fn hit(&mut self) {
        self.hits += 1;
    }

    /// The server replies "no data".
    pub fn no_data(&mut self) {
        self.no_data += 1;
    }

    /// A reply arrives at the client, in time or not.
    pub fn reply(&mut self) {
        self.replies += 1;
    }

    /// A hit was on its way for this long.
    pub fn latency(&mut self, nanoseconds: u64) {
        self.latencies += 1;
        self.latency_sum += nanoseconds;
        self.histogram.record(nanoseconds);
    }

    /// A client gives up.
    pub fn timeout(&mut self) {
        self.timeouts += 1;
    }

    /// Prints the result as one line of JSON.
    pub fn print(&self, system: &str, version: &str, arguments: &Arguments) {
        println!(
            "{{\"system\": \"{system}\", \"version\": \"{version}\", \"clients\": {}, \"simulated_seconds\": {}, \
             \"events\": {}, \"ticks\": {}, \"requests\": {}, \"settled_requests\": {}, \"hits\": {}, \
             \"no_data\": {}, \"replies\": {}, \"timeouts\": {}, \"latency_mean_s\": {}, \"latency_p50_s\": {}, \
             \"user_seconds\": {}}}",
            arguments.clients,
            arguments.seconds,
            self.ticks + self.requests + self.replies,
            self.ticks,
            self.requests,
            self.settled_requests,
            self.hits,
            self.no_data,
            self.replies,
            self.timeouts,
            self.latency_sum as f64 / self.latencies.max(1) as f64 / SECOND as f64,
            self.histogram.median(),
            user_seconds(),
        );
    }
}

/// User CPU time of this process up to now.
fn user_seconds() -> f64 {
    let time = getrusage(UsageWho::RUSAGE_SELF).expect("the kernel counts our time").user_time();
    time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6
}

/// The version of a dependency, from the lock file.
pub fn locked_version(name: &str) -> &'static str {
    include_str!("../Cargo.lock")
        .split("[[package]]")
        .find(|package| package.contains(&format!("name = \"{name}\"\n")))
        .and_then(|package| package.split("version = \"").nth(1)?.split('"').next())
        .unwrap_or("unknown")
}
