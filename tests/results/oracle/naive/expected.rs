//! The numbers of a run, computed from its logs in exact integers.

mod bins;
mod merge;

use cometsim::model::scenario::{Arrivals, Cost, Process, Scenario};

use super::costs;
use super::log::Run;
use super::person::{Fate, Message, Request};

/// One time bin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bin {
    pub requests: u64,
    pub http_bytes: u64,
    /// Integral of the open requests, in request-nanoseconds.
    pub held: u128,
    pub delivered: u64,
}

/// One of the pieces into which bins cut the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    pub start: u64,
    pub end: u64,
    pub http_bytes: u64,
    pub held: u128,
    /// Processor time, in nanoseconds.
    pub work: u64,
}

/// All totals of the measured window.
#[expect(clippy::struct_excessive_bools, reason = "which parts of the model a scenario has")]
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expected {
    pub duration: u64,
    pub bin: u64,
    pub requests: u64,
    pub replies: u64,
    pub poll_replies: u64,
    pub empty_replies: u64,
    pub up_bytes: u64,
    pub down_bytes: u64,
    pub header_bytes: u64,
    pub payload_bytes: u64,
    pub created: u64,
    pub delivered: u64,
    pub lost: u64,
    pub superseded: u64,
    pub duplicated: u64,
    pub pending_start: u64,
    pub pending_end: u64,
    /// Of the messages created in the window: those delivered in it, and those that are pending at its end.
    pub arrived: u64,
    pub open: u64,
    /// Messages of a shared source, or of rooms, each once.
    pub shared: u64,
    /// In rising order.
    pub latencies: Vec<u64>,
    /// Twice the integral of the age, in square nanoseconds.
    pub age_twice: u128,
    /// The time over which ages were observed.
    pub age_span: u128,
    pub held: u128,
    pub holds_ended: u64,
    pub hold_sum: u128,
    /// How long the requests were at the server with which it was done in the window.
    pub stay_sum: u128,
    pub open_at_start: u64,
    pub open_at_end: u64,
    pub longest_stay: u64,
    pub trials: u64,
    pub checks: u64,
    pub timeouts: u64,
    pub stopped: u64,
    pub events_each: u64,
    pub events_skip: u64,
    pub good_replies: u64,
    pub orphans: u64,
    pub ghosts: u64,
    pub gateway_timeouts: u64,
    pub refusals: u64,
    pub starts: u64,
    pub waited: u128,
    pub busy: u128,
    pub busy_peak: u64,
    pub queued: u128,
    pub broken: u64,
    pub left: u64,
    pub online: u128,
    pub connected: u64,
    pub browser_waited: u128,
    pub locked: u64,
    pub lock_waited: u128,
    pub wire_bytes: u64,
    pub packets: u64,
    pub opened: u64,
    pub has_wire: bool,
    /// Messages that came to the link of the server, how long they waited, and how long it was occupied; `None` without a
    /// limit: up and down.
    pub links: [Option<(u64, u128, u128)>; 2],
    pub cuts: Option<u64>,
    pub lost_packets: Option<u64>,
    pub clicks: Option<u64>,
    pub failures: Option<u64>,
    /// Whether there are workers, whether there is a proxy that gives up, and so on.
    pub has_pool: bool,
    pub has_proxy: bool,
    pub has_restart: bool,
    pub has_browsers: bool,
    pub has_lock: bool,
    pub has_visits: bool,
    /// From t = 0 on, the last one cut by the horizon.
    pub bins: Vec<Bin>,
    pub cost: Option<Cost>,
    pub workers: u32,
    pub clients: u32,
    pub wire_down: u64,
    pub work: u64,
    pub wakes: u64,
    /// Memory in use for clients, at regular instants.
    pub memory: Vec<u64>,
    /// What happened in each of the pieces into which bins cut the window.
    pub pieces: Vec<Piece>,
    /// Those of each population of a mix.
    pub parts: Vec<Expected>,
}

/// `[start, end)` of the window.
#[derive(Clone, Copy)]
struct Span {
    start: u64,
    end: u64,
}

impl Span {
    fn contains(self, at: u64) -> bool {
        self.start <= at && at < self.end
    }

    fn count<'a>(self, instants: impl IntoIterator<Item = &'a u64>) -> u64 {
        instants.into_iter().filter(|&&at| self.contains(at)).count() as u64
    }

    /// The part of `[from, until)` inside.
    fn overlap(self, from: u64, until: u64) -> u64 {
        until.min(self.end).saturating_sub(from.max(self.start))
    }
}

impl Expected {
    pub fn from_run(scenario: &Scenario, run: &Run) -> Expected {
        let window = scenario.window;
        let span = Span { start: window.warmup.0, end: window.horizon().0 };
        let mut expected = Expected { duration: window.duration.0, bin: window.bin.0, ..Expected::default() };
        expected.traffic(run, span);
        expected.fates(run, span);
        expected.ages(run, span);
        expected.holds(run, span);
        expected.count_events(scenario, run, span);
        expected.fill_bins(run, span);
        expected.work(scenario, run, span);
        expected.costs(scenario, run, span);
        if !run.parts.is_empty() {
            expected.parts = super::expected_of_populations(scenario, run);
        }
        assert_eq!(
            expected.pending_start + expected.created,
            expected.delivered + expected.lost + expected.superseded + expected.pending_end,
            "conservation"
        );
        expected
    }

    fn traffic(&mut self, run: &Run, span: Span) {
        self.requests = span.count(&run.log.departures);
        for (_, header, body) in run.log.request_sizes.iter().filter(|(at, ..)| span.contains(*at)) {
            self.up_bytes += header + body;
            self.header_bytes += header;
        }
        for reply in run.log.replies.iter().filter(|reply| span.contains(reply.at)) {
            self.replies += 1;
            self.poll_replies += u64::from(reply.is_of_poll);
            self.empty_replies += u64::from(reply.is_of_poll && reply.messages == 0);
            self.payload_bytes += reply.payload;
            self.header_bytes += reply.header;
            self.down_bytes += reply.header + reply.body;
        }
        for (_, bytes) in run.log.more_up.iter().filter(|(at, _)| span.contains(*at)) {
            self.up_bytes += bytes;
        }
        for (_, payload) in run.log.payloads_up.iter().filter(|(at, _)| span.contains(*at)) {
            self.payload_bytes += payload;
        }
        for (_, bytes, payload) in run.log.pushed.iter().filter(|(at, ..)| span.contains(*at)) {
            self.down_bytes += bytes;
            self.payload_bytes += payload;
        }
    }

    fn fates(&mut self, run: &Run, span: Span) {
        let messages = || run.people.iter().flat_map(|person| &person.messages);
        for message in messages() {
            self.created += u64::from(span.contains(message.created));
            self.pending_start += u64::from(pending(message, span.start));
            self.pending_end += u64::from(pending(message, span.end));
            if span.contains(message.created) {
                self.arrived += u64::from(matches!(message.fate, Fate::Delivered(at) if span.contains(at)));
                self.open += u64::from(pending(message, span.end));
            }
            match message.fate {
                Fate::Delivered(at) if span.contains(at) => {
                    self.delivered += 1;
                    self.latencies.push(at - message.created);
                }
                Fate::Lost(at) => self.lost += u64::from(span.contains(at)),
                Fate::Superseded(at) => self.superseded += u64::from(span.contains(at)),
                _ => (),
            }
        }
        self.latencies.sort_unstable();
        let again = run.log.landings.iter().filter(|landing| !landing.first && span.contains(landing.at));
        self.duplicated = again.count() as u64;
    }

    /// The age grows with slope 1 from `from - newest`, so twice its integral is a difference of squares.
    fn ages(&mut self, run: &Run, span: Span) {
        for person in &run.people {
            let mut deliveries: Vec<(u64, u64)> = Vec::new();
            for message in &person.messages {
                if let Fate::Delivered(at) = message.fate {
                    deliveries.push((at, message.created));
                }
            }
            deliveries.sort_unstable();
            let mut newest = 0;
            // Who has left has nothing that could age.
            let there_until = person.gone.unwrap_or(span.end);
            for (i, &(at, created)) in deliveries.iter().enumerate() {
                newest = newest.max(created);
                let from = at.max(span.start);
                let until = deliveries.get(i + 1).map_or(there_until, |next| next.0);
                if from < until {
                    let square = |instant: u64| u128::from(instant - newest) * u128::from(instant - newest);
                    self.age_twice += square(until) - square(from);
                    self.age_span += u128::from(until - from);
                }
            }
        }
    }

    fn holds(&mut self, run: &Run, span: Span) {
        for (from, until) in stays(run) {
            let known_until = until.unwrap_or(span.end);
            self.held += u128::from(span.overlap(from, known_until));
            self.longest_stay = self.longest_stay.max(known_until - from);
            self.open_at_start += u64::from(from < span.start && span.start <= known_until);
            self.open_at_end += u64::from(until.is_none());
            if let Some(until) = until.filter(|&until| span.contains(until)) {
                self.stay_sum += u128::from(until - from);
            }
        }
        let ended = |request: &Request| Some((request.held_from?, request.ended?));
        let requests = run.people.iter().flat_map(|person| &person.requests);
        for (from, until) in requests.filter_map(ended).filter(|(_, until)| span.contains(*until)) {
            self.holds_ended += 1;
            self.hold_sum += u128::from(until - from);
        }
    }

    fn count_events(&mut self, scenario: &Scenario, run: &Run, span: Span) {
        let log = &run.log;
        let ticks = matches!(
            scenario.source.arrivals,
            Arrivals::PerClient(Process::Tick { .. }) | Arrivals::Broadcast(Process::Tick { .. })
        );
        let checks: Vec<u64> = log.checks.iter().map(|check| check.at).collect();
        let answers: Vec<u64> = log.checks.iter().filter(|check| check.answers).map(|check| check.at).collect();
        self.checks = span.count(&checks);
        self.timeouts = span.count(&log.timeouts);
        self.stopped = span.count(&log.stops);
        let both = self.requests + span.count(&log.arrivals) + span.count(&log.reply_arrivals) + self.timeouts;
        let both = both + span.count(&log.services) + span.count(&log.gateway_timeouts);
        let both = both + span.count(&log.broken_at_server) + span.count(&log.leaves) + span.count(&log.steps);
        let creations = span.count(&log.creations);
        self.shared = match scenario.source.arrivals {
            Arrivals::Broadcast(_) => creations,
            _ => span.count(&log.to_rooms),
        };
        self.trials = if ticks { span.count(&log.trials) } else { creations };
        self.events_each = both + self.trials + self.checks;
        self.events_skip = both + creations + span.count(&answers);
    }

    fn work(&mut self, scenario: &Scenario, run: &Run, span: Span) {
        let log = &run.log;
        self.has_pool = scenario.server.pool.is_some();
        self.has_proxy = scenario.server.read_timeout.is_some();
        self.good_replies = span.count(&log.good_replies);
        self.orphans = span.count(&log.orphans);
        self.ghosts = span.count(&log.ghosts);
        self.gateway_timeouts = span.count(&log.gateway_timeouts);
        self.cuts = scenario.server.idle_timeout.map(|_| span.count(&log.idle_timeouts));
        self.has_restart = scenario.server.restart.is_some();
        self.has_browsers = scenario.clients.browsers.is_some();
        self.has_lock = scenario.server.session_lock;
        self.has_visits = scenario.clients.come_and_go();
        self.broken = span.count(&log.broken);
        self.has_wire = scenario.wire.is_some();
        self.opened = span.count(&log.opened);
        let link = scenario.server_link;
        let limits = [link.and_then(|link| link.up), link.and_then(|link| link.down)];
        for ((slot, passed), limit) in self.links.iter_mut().zip([&log.up_link, &log.down_link]).zip(limits) {
            *slot = limit.map(|_| {
                let came = || passed.iter().filter(|(at, ..)| span.contains(*at));
                let waited = came().map(|(at, begin, _)| u128::from(begin - at)).sum();
                let busy = passed.iter().map(|(_, begin, end)| u128::from(span.overlap(*begin, *end))).sum();
                (came().count() as u64, waited, busy)
            });
        }
        self.lost_packets = scenario.loses_packets().then(|| span.count(&log.lost_packets));
        self.clicks = scenario.clients.sends.as_ref().map(|_| span.count(&log.clicks));
        self.failures = scenario.clients.sends.as_ref().map(|_| span.count(&log.failures));
        for (_, packets, bytes, is_up) in log.packets.iter().filter(|(at, ..)| span.contains(*at)) {
            self.wire_down += if *is_up { 0 } else { *bytes };
            self.packets += packets;
            self.wire_bytes += bytes;
        }
        self.left = span.count(&log.leaves);
        self.online = log.visits.iter().map(|&(from, until)| u128::from(span.overlap(from, until))).sum();
        let inside = |waits: &[(u64, u64)]| {
            let waits = waits.iter().filter(|(at, _)| span.contains(*at));
            waits.fold((0, 0), |(count, sum), (_, waited)| (count + 1, sum + u128::from(*waited)))
        };
        if self.has_browsers {
            (self.connected, self.browser_waited) = inside(&log.connections);
        }
        if self.has_lock {
            (self.locked, self.lock_waited) = inside(&log.locks);
        }
        if !self.has_pool {
            return;
        }
        self.refusals = span.count(&log.refusals);
        for &(_, waited) in log.starts.iter().filter(|(at, _)| span.contains(*at)) {
            self.starts += 1;
            self.waited += u128::from(waited);
        }
        for (i, &(from, busy, waiting)) in log.levels.iter().enumerate() {
            let until = log.levels.get(i + 1).map_or(span.end, |next| next.0);
            let lasted = span.overlap(from, until);
            self.busy += u128::from(lasted) * u128::from(busy);
            self.queued += u128::from(lasted) * u128::from(waiting);
            if lasted > 0 {
                self.busy_peak = self.busy_peak.max(busy);
            }
        }
    }

    fn costs(&mut self, scenario: &Scenario, run: &Run, span: Span) {
        self.clients = run.people.len() as u32;
        self.workers = scenario.server.pool.map_or(0, |pool| pool.workers);
        let Some(cost) = scenario.cost else { return };
        self.cost = Some(cost);
        self.wakes = costs::wakes(scenario, run);
        self.memory = costs::memory(scenario, &cost, run);
        for (at, nanos) in costs::work(scenario, &cost, run) {
            self.work += if span.contains(at) { nanos } else { 0 };
            for piece in self.pieces.iter_mut().filter(|piece| piece.start <= at && at < piece.end) {
                piece.work += nanos;
            }
        }
    }

    /// HTTP bytes both ways.
    pub fn http_bytes(&self) -> u64 {
        self.up_bytes + self.down_bytes
    }
}

/// Created before `at`, and settled at that instant or later, or never.
fn pending(message: &Message, at: u64) -> bool {
    message.created < at && message.fate.settled().is_none_or(|settled| settled >= at)
}

/// When each request came to the server and, if it did, ended there.
fn stays(run: &Run) -> impl Iterator<Item = (u64, Option<u64>)> {
    let requests = run.people.iter().flat_map(|person| person.requests.iter().chain(&person.posts));
    requests.filter_map(|request| request.came.map(|from| (from, request.ended)))
}
