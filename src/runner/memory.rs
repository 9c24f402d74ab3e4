//! The memory that a run needs.

use crate::experiment::Plan;
use crate::model::scenario::{Arrivals, Process, TraceMessage, TransportConfig};
use crate::model::{Metric, Scenario, Totals, clients_bytes, clients_together, job_bytes, shards};
use crate::units::Time;

/// The program while it simulates, before any chart: measured.
const PROGRAM: f64 = 6e6;
/// Fonts, pictures and other memory for drawing charts: measured.
const CHARTS: f64 = 18e6;
/// A time bin in the totals.
const BIN: f64 = 64.0;
/// A row of the time line: its text, and its cells on the way to the charts.
const TIMELINE_ROW: f64 = 480.0;
/// The sums for the intervals of a time bin.
const BIN_SPREAD: f64 = 32.0;
/// The four further cells of a row of the time line with intervals.
const TIMELINE_INTERVALS: f64 = 330.0;
/// A row of the latency distribution, likewise.
const LATENCY_ROW: f64 = 280.0;
/// The rows of a group in the summary, likewise, and the group itself.
const GROUP: f64 = 9_500.0;
/// A replication in memory, and its row.
const REPLICATION: f64 = 1_200.0;
/// Further parts of a replication that are kept until its group is full: the ratios; the latencies count separately.
const SAMPLE: f64 = 900.0;
/// The leave-one-out values of a replication, if they are kept, and their vectors for a group: 8 bytes per metric.
const PAIRS: f64 = 8.0 * METRICS;
const PAIRS_GROUP: f64 = 40.0 * METRICS;
const METRICS: f64 = Metric::ALL.len() as f64;
/// The estimates of a group.
const ESTIMATES: f64 = 4_200.0;
/// A bucket of the packed latencies of a replication: an assumption; a test checks that it is at most 4 bytes.
const PACKED_BUCKET: f64 = 3.0;
/// A row of a trace in the list of a client, with the room of a list that grows.
const PLACE: f64 = 8.0;
/// A request that waits, with the room of a list that grows, in bytes.
const REQUEST: f64 = 250.0;
/// A message that waits, likewise.
const MESSAGE: f64 = 48.0;
/// Clients beyond this number are not examined one by one.
const MOST_CLIENTS: u32 = 1 << 24;

/// Estimates for a scenario before it is simulated.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub latencies: Latencies,
    /// Bytes of a client for messages, further requests and connections.
    pub waiting: Option<f64>,
}

impl Known {
    /// Nothing is known: a low guess, so that no run is refused that would fit.
    pub const NOTHING: Known = Known { latencies: Latencies::UNKNOWN, waiting: None };
}

/// The latencies of a scenario.
#[derive(Clone, Copy, Debug)]
pub(super) struct Latencies {
    /// Memory of the histogram, in bytes.
    histogram: f64,
    /// Rows in the table of the distribution.
    rows: f64,
    /// The latencies of a replication until its group is full, in bytes.
    packed: f64,
}

impl Latencies {
    /// No estimates.
    pub const UNKNOWN: Latencies = Latencies { histogram: 40_000.0, rows: 50.0, packed: 1_000.0 };

    /// As in `totals`, with `scale` times as many deliveries.
    pub fn like(totals: &Totals, scale: f64) -> Latencies {
        // A bucket takes 8 bytes; below 2048 ns there are 2048, above 1024 in every octave.
        let octaves = |nanos: u64| f64::max(nanos as f64 / 1024.0, 1.0).log2();
        let span = match (totals.latency.min(), totals.latency.max()) {
            (Some(min), Some(max)) => octaves(max) - octaves(min) + 0.1,
            _ => 0.0,
        };
        let delivered = totals.delivered as f64 * scale;
        Latencies {
            histogram: 8.0 * 1024.0 * span,
            rows: delivered.min(230.0),
            packed: PACKED_BUCKET * delivered.min(1024.0 * span),
        }
    }
}

/// The largest use of memory of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LargestUse {
    /// Time bins, in simulations and on the way to tables and charts.
    Bins,
    /// Clients that are simulated together.
    Clients,
    /// Requests and messages that wait or are in transit.
    Waiting,
    /// Input files.
    Inputs,
    /// The rows of points and replications, and the program itself.
    Rows,
}

/// Memory that a run needs.
#[derive(Clone, Copy, Debug)]
pub struct MemoryEstimate {
    /// In bytes.
    pub bytes: f64,
    /// The largest use of it.
    pub mostly: LargestUse,
    /// The same on one thread, in bytes.
    pub bytes_on_one_thread: f64,
}

/// Memory of a run, in bytes, by its use.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Memory {
    /// The share of `groups` and `tables` for time bins.
    bins: f64,
    /// The share of the largest `shard` for clients.
    clients: f64,
    /// Whether leave-one-out values are kept.
    keeps_pairs: bool,
    /// The share of `clients` for requests and messages that wait.
    waiting: f64,
    /// Input files.
    inputs: f64,
    /// Shards of all jobs, which threads can simulate at the same time.
    shards: f64,
    /// The results of all groups until they are written.
    groups: f64,
    /// The kept parts of the replications of the largest group, while it fills up.
    filling: f64,
    /// Their rows on the way to the charts.
    tables: f64,
    /// The largest shard while it is simulated, and the merged totals of its job.
    shard: f64,
}

impl Memory {
    /// Only the input files of a plan.
    pub fn new(plan: &Plan) -> Memory {
        Memory { inputs: plan.input_bytes() as f64, keeps_pairs: plan.keeps_pairs(), ..Memory::default() }
    }

    /// Adds `count` groups like one of `scenario`.
    pub fn add_groups(&mut self, scenario: &Scenario, replications: u32, known: Known, count: f64) {
        let latencies = known.latencies;
        let bins = scenario.window.bins() as f64;
        let kept = 1.0 + scenario.populations.len() as f64;
        let totals = kept * BIN * bins + 2.0_f64.min(kept) * latencies.histogram;
        let (spread, row) = match replications {
            0 | 1 => (0.0, TIMELINE_ROW),
            _ => (BIN_SPREAD, TIMELINE_ROW + TIMELINE_INTERVALS),
        };
        self.bins += count * (BIN + spread + row) * bins;
        let clients = clients_bytes(scenario, known.waiting);
        if clients > self.clients {
            self.clients = clients;
            self.waiting = known.waiting.unwrap_or(0.0) * f64::from(clients_together(scenario));
        }
        self.shards += count * f64::from(replications) * shards(scenario).len() as f64;
        let runs = f64::from(replications);
        let pairs = if self.keeps_pairs { kept * (PAIRS_GROUP + PAIRS * runs) } else { 0.0 };
        self.groups += count * (totals + spread * bins + kept * ESTIMATES + REPLICATION * runs + pairs);
        let sample = kept * SAMPLE + 2.0_f64.min(kept) * latencies.packed;
        self.filling = self.filling.max(sample * f64::from(replications));
        self.tables += count * (kept * GROUP + row * bins + LATENCY_ROW * latencies.rows);
        // Two histograms beside the memory of the model, and the merged totals.
        let shard = job_bytes(scenario, known.waiting) + 2.0 * latencies.histogram + totals;
        self.shard = self.shard.max(shard + replay_bytes(scenario));
    }

    /// The peak use with this number of threads.
    pub fn peak(&self, threads: usize) -> f64 {
        let after_reading =
            self.groups + f64::max(self.filling + self.shard * self.busy(threads), CHARTS + self.tables);
        PROGRAM + self.inputs + after_reading
    }

    /// The memory of the run, with this many threads.
    pub fn estimate(&self, threads: usize) -> MemoryEstimate {
        MemoryEstimate { bytes: self.peak(threads), mostly: self.mostly(threads), bytes_on_one_thread: self.peak(1) }
    }

    /// Threads that have work.
    pub fn busy(&self, threads: usize) -> f64 {
        f64::min(threads as f64, self.shards)
    }

    fn mostly(&self, threads: usize) -> LargestUse {
        let busy = self.busy(threads);
        let clients = self.clients * busy;
        let bins = f64::max(self.bins, self.shard * busy - clients);
        let waits = self.waiting > self.clients / 2.0;
        let uses = [
            (bins, LargestUse::Bins),
            (clients, if waits { LargestUse::Waiting } else { LargestUse::Clients }),
            (self.inputs, LargestUse::Inputs),
        ];
        let most = uses.into_iter().max_by(|one, other| one.0.total_cmp(&other.0));
        most.filter(|(bytes, _)| 2.0 * bytes >= self.peak(threads)).map_or(LargestUse::Rows, |(_, most)| most)
    }
}

/// The index of a trace's rows by client, which each thread has for itself.
fn replay_bytes(scenario: &Scenario) -> f64 {
    let Some(Process::Trace(trace)) = scenario.source.process() else { return 0.0 };
    // The list of each client with rows of its own contains the rows for all clients, too.
    let rows = trace.messages.len() as f64;
    PLACE * if scenario.source.is_broadcast() { rows } else { rows + rows_for_all(&trace.messages) }
}

/// An upper bound for the queues in a run of `scenario`, in bytes: all requests and messages of all clients that are
/// simulated together.
pub(super) fn highest_pile(scenario: &Scenario) -> f64 {
    let seconds = scenario.window.horizon().as_secs_f64();
    let rate = |process: &Process| process.mean_rate(scenario.window.horizon());
    let sends = scenario.clients.sends.as_ref().map_or(0.0, |sends| rate(&sends.process));
    let messages = match &scenario.source.arrivals {
        Arrivals::InRequest { .. } => 0.0,
        Arrivals::PerClient(process) | Arrivals::Broadcast(process) => rate(process),
        Arrivals::Group { size } => sends * f64::from(*size),
    };
    let kinds = (0..scenario.populations.len().max(1)).map(|place| scenario.of_population(place));
    let polls = kinds.map(|kind| requests(&kind)).fold(0.0, f64::max);
    let of_each = seconds * ((polls + sends) * REQUEST + messages * (MESSAGE + REQUEST));
    of_each * f64::from(clients_together(scenario))
}

/// Most requests of a client per second that may stay open.
fn requests(scenario: &Scenario) -> f64 {
    let each = |time: Time| 1.0 / time.max(Time(1)).as_secs_f64();
    let after_timeouts = each(scenario.clients.timeout);
    match &scenario.transport {
        TransportConfig::ShortPoll(poll) if poll.pace.is_open_loop() => each(poll.interval) + after_timeouts,
        TransportConfig::ShortPoll(_) | TransportConfig::LongPoll(_) | TransportConfig::AdaptivePoll(_) => {
            after_timeouts
        }
        // Pushes are counted with the messages.
        push @ (TransportConfig::Streaming(_) | TransportConfig::Sse(_) | TransportConfig::WebSocket(_)) => {
            after_timeouts + push.stream().and_then(|stream| stream.keep_alive).map_or(0.0, each)
        }
    }
}

/// The rows for all clients in the lists of the clients that have rows of their own.
fn rows_for_all(rows: &[TraceMessage]) -> f64 {
    let for_all = rows.iter().filter(|row| row.client.is_none()).count();
    if for_all == 0 || for_all == rows.len() {
        return 0.0;
    }
    let last = rows.iter().filter_map(|row| row.client).max().unwrap_or(0).min(MOST_CLIENTS);
    let mut has_own = vec![false; last as usize + 1];
    for client in rows.iter().filter_map(|row| row.client) {
        has_own[client.min(last) as usize] = true;
    }
    for_all as f64 * has_own.iter().filter(|has| **has).count() as f64
}

/// Cuts the points into at most `most` chunks of nearly the same length.
pub(super) fn chunks(points: usize, most: usize) -> impl Iterator<Item = std::ops::Range<usize>> {
    let count = points.min(most);
    (0..count).map(move |place| place * points / count..(place + 1) * points / count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_without_work_takes_no_memory() {
        let memory = Memory { shard: 1e9, shards: 3.0, ..Memory::default() };
        assert!(memory.peak(2) > 1.9 * memory.peak(1));
        assert!(memory.peak(3) > memory.peak(2));
        assert!(memory.peak(64) <= memory.peak(3));
    }

    #[test]
    fn what_takes_most_is_named() {
        let bins = Memory { bins: 8e9, groups: 4e9, tables: 4e9, shard: 1e9, shards: 1.0, ..Memory::default() };
        assert_eq!(bins.mostly(1), LargestUse::Bins);
        let clients = Memory { clients: 9e9, shard: 10e9, shards: 2.0, ..Memory::default() };
        assert_eq!(clients.mostly(2), LargestUse::Clients);
        let waiting = Memory { waiting: 8e9, ..clients };
        assert_eq!(waiting.mostly(2), LargestUse::Waiting);
        let inputs = Memory { inputs: 8e9, ..Memory::default() };
        assert_eq!(inputs.mostly(2), LargestUse::Inputs);
        let rows = Memory { groups: 9e9, bins: 1e9, shards: 1.0, ..Memory::default() };
        assert_eq!(rows.mostly(1), LargestUse::Rows);
    }

    #[test]
    fn chunks_cover_all_points_once() {
        for (points, most) in [(0, 5), (1, 5), (5, 5), (7, 5), (1000, 12)] {
            let all: Vec<_> = chunks(points, most).flatten().collect();
            assert_eq!(all, (0..points).collect::<Vec<_>>());
            assert!(chunks(points, most).all(|chunk| !chunk.is_empty()));
        }
    }

    #[test]
    fn rows_for_all_stand_in_the_list_of_each_client_with_own_rows() {
        let row = |client| TraceMessage { time: Time::ZERO, client, bytes: None };
        assert!(rows_for_all(&[row(None), row(None)]).abs() < 1e-9);
        assert!((rows_for_all(&[row(None), row(Some(3)), row(None), row(Some(3)), row(Some(1))]) - 4.0).abs() < 1e-9);
    }
}
