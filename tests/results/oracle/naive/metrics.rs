//! The metrics, from the totals: the only place with floating-point numbers.

use cometsim::model::metric::Metric;

use super::expected::{Expected, Piece};

impl Expected {
    /// The greatest value over the pieces of the window, and not below the mean.
    fn peak(&self, mean: f64, value: impl Fn(&Piece) -> f64) -> f64 {
        self.pieces.iter().map(value).fold(mean, f64::max)
    }

    /// The least latency that at least the share `percent` of the latencies does not exceed.
    pub fn quantile(&self, percent: usize) -> Option<u64> {
        let rank = (percent * self.latencies.len()).div_ceil(100).max(1);
        self.latencies.get(rank - 1).copied()
    }

    pub fn events(&self, each: bool) -> u64 {
        if each { self.events_each } else { self.events_skip }
    }

    /// Every metric; none where there is no sample.
    pub fn metrics(&self, each: bool) -> Vec<(Metric, Option<f64>)> {
        Metric::ALL.iter().map(|&metric| (metric, self.metric(metric, each))).collect()
    }

    fn metric(&self, metric: Metric, each: bool) -> Option<f64> {
        let seconds = self.duration as f64 / 1e9;
        let rate = |count: u64| Some(count as f64 / seconds);
        let per = |count: u64, of: u64| (of > 0).then(|| count as f64 / of as f64);
        let time = |nanoseconds: Option<u64>| nanoseconds.map(|n| n as f64 / 1e9);
        match metric {
            Metric::RequestsPerSecond => rate(self.requests),
            Metric::RepliesPerSecond => rate(self.replies),
            Metric::EmptyReplyFraction => per(self.empty_replies, self.poll_replies),
            Metric::RequestsPerMessage => per(self.requests, self.delivered),
            Metric::HttpBytesPerSecond => rate(self.http_bytes()),
            Metric::HttpUpBytesPerSecond => rate(self.up_bytes),
            Metric::HttpDownBytesPerSecond => rate(self.down_bytes),
            Metric::HeaderBytesPerSecond => rate(self.header_bytes),
            Metric::PayloadBytesPerSecond => rate(self.payload_bytes),
            Metric::HttpMbitPerSecond => Some(8.0 * self.http_bytes() as f64 / seconds / 1e6),
            Metric::HttpMibitPerSecond => Some(8.0 * self.http_bytes() as f64 / seconds / f64::from(1 << 20)),
            Metric::HttpBytesPerMessage => per(self.http_bytes(), self.delivered),
            Metric::LatencyMean => self.latency_mean(),
            Metric::LatencyMin => time(self.latencies.first().copied()),
            Metric::LatencyP50 => time(self.quantile(50)),
            Metric::LatencyP90 => time(self.quantile(90)),
            Metric::LatencyP95 => time(self.quantile(95)),
            Metric::LatencyP99 => time(self.quantile(99)),
            Metric::LatencyMax => time(self.latencies.last().copied()),
            Metric::AgeMean => (self.age_span > 0).then(|| self.age_twice as f64 / 2.0 / self.age_span as f64 / 1e9),
            Metric::MessagesCreated => Some(self.created as f64),
            Metric::MessagesDelivered => Some(self.delivered as f64),
            Metric::MessagesLost => Some(self.lost as f64),
            Metric::MessagesSuperseded => Some(self.superseded as f64),
            Metric::MessagesDuplicated => Some(self.duplicated as f64),
            Metric::MessagesPendingStart => Some(self.pending_start as f64),
            Metric::MessagesPendingEnd => Some(self.pending_end as f64),
            Metric::HeldRequestsMean => Some(self.held as f64 / self.duration as f64),
            Metric::HeldRequestsPeak => Some(self.peak(self.held as f64 / self.duration as f64, |piece| {
                piece.held as f64 / (piece.end - piece.start) as f64
            })),
            Metric::HttpMbitPerSecondPeak => {
                Some(self.peak(8.0 * (self.http_bytes() as f64 / seconds) / 1e6, |piece| {
                    8.0 * (piece.http_bytes as f64 / ((piece.end - piece.start) as f64 / 1e9)) / 1e6
                }))
            }
            Metric::HoldMean => (self.holds_ended > 0).then(|| self.hold_sum as f64 / self.holds_ended as f64 / 1e9),
            Metric::ServerChecksPerSecond => rate(self.checks),
            Metric::Timeouts => Some(self.timeouts as f64),
            Metric::ClientsStopped => Some(self.stopped as f64),
            Metric::Events => Some(self.events(each) as f64),
            Metric::GoodputPerSecond => rate(self.good_replies),
            Metric::OrphanRequests => Some(self.orphans as f64),
            Metric::GhostRequests => Some(self.ghosts as f64),
            Metric::GatewayTimeouts => self.has_proxy.then_some(self.gateway_timeouts as f64),
            Metric::Refused => self.has_pool.then_some(self.refusals as f64),
            Metric::WorkersBusyMean => self.has_pool.then_some(self.busy as f64 / self.duration as f64),
            Metric::WorkersBusyPeak => self.has_pool.then_some(self.busy_peak as f64),
            Metric::QueueWaitMean => {
                (self.has_pool && self.starts > 0).then(|| self.waited as f64 / self.starts as f64 / 1e9)
            }
            Metric::QueueLengthMean => self.has_pool.then_some(self.queued as f64 / self.duration as f64),
            Metric::BrokenRequests => self.has_restart.then_some(self.broken as f64),
            Metric::BrowserWaitMean => (self.has_browsers && self.connected > 0)
                .then(|| self.browser_waited as f64 / self.connected as f64 / 1e9),
            Metric::LockWaitMean => {
                (self.has_lock && self.locked > 0).then(|| self.lock_waited as f64 / self.locked as f64 / 1e9)
            }
            Metric::ClientsOnlineMean => self.has_visits.then_some(self.online as f64 / self.duration as f64),
            Metric::ClientsLeft => self.has_visits.then_some(self.left as f64),
            Metric::ServerCoresMean
            | Metric::ServerCoresPeak
            | Metric::ServerMemoryBytesPeak
            | Metric::CostPerDay
            | Metric::PhoneCurrentMean => self.cost_metric(metric),
            Metric::WireBytesPerSecond => rate(self.wire_bytes).filter(|_| self.has_wire),
            Metric::WireMbitPerSecond => Some(8.0 * self.wire_bytes as f64 / seconds / 1e6).filter(|_| self.has_wire),
            Metric::PacketsPerSecond => rate(self.packets).filter(|_| self.has_wire),
            Metric::UpLinkWaitMean => self.link_wait(0),
            Metric::DownLinkWaitMean => self.link_wait(1),
            Metric::UpLinkBusy => self.links[0].map(|(_, _, busy)| busy as f64 / self.duration as f64),
            Metric::DownLinkBusy => self.links[1].map(|(_, _, busy)| busy as f64 / self.duration as f64),
            Metric::PacketsLost => self.lost_packets.map(|count| count as f64),
            Metric::MessagesSent => self.clicks.map(|count| count as f64),
            Metric::ConnectionsCut => self.cuts.map(|count| count as f64),
            Metric::SendsFailed => self.failures.map(|count| count as f64),
            Metric::MessagesMeasured => Some(self.latencies.len() as f64),
            Metric::ReplicationsWithMessages => Some(if self.latencies.is_empty() { 0.0 } else { 1.0 }),
            Metric::ArrivedFraction => per(self.arrived, self.created),
            Metric::PendingFraction => per(self.open, self.created),
            Metric::ConnectionsOpened => Some(self.opened as f64).filter(|_| self.has_wire),
        }
    }

    fn cost_metric(&self, metric: Metric) -> Option<f64> {
        let cost = self.cost?;
        let seconds = self.duration as f64 / 1e9;
        let mean = self.work as f64 / self.duration as f64;
        match metric {
            Metric::ServerCoresMean => Some(mean),
            Metric::ServerCoresPeak => {
                Some(self.peak(mean, |piece| piece.work as f64 / (piece.end - piece.start) as f64))
            }
            Metric::ServerMemoryBytesPeak => {
                let workers = f64::from(self.workers) * cost.memory_per_worker.0 as f64;
                let most = self.memory.iter().copied().max().unwrap_or(0);
                Some(cost.memory_base.0 as f64 + workers + most as f64)
            }
            Metric::CostPerDay => {
                let down = if self.has_wire { self.wire_down } else { self.down_bytes } as f64 / seconds;
                Some(86_400.0 * down / 1e9 * cost.price_per_gb + 24.0 * mean * cost.price_per_core_hour)
            }
            _ => {
                let radio = cost.radio?;
                let everybody = u128::from(self.clients) * u128::from(self.duration);
                let online = if self.has_visits { self.online } else { everybody };
                // In the order of the program's roundings.
                let wakes_per_nanosecond = (online > 0).then(|| self.wakes as f64 / online as f64)?;
                Some(radio.idle_ma + wakes_per_nanosecond / (1e-9 / radio.charge_mas))
            }
        }
    }

    fn link_wait(&self, direction: usize) -> Option<f64> {
        let (count, waited, _) = self.links[direction].filter(|(count, ..)| *count > 0)?;
        Some(waited as f64 / count as f64 / 1e9)
    }

    fn latency_mean(&self) -> Option<f64> {
        let sum: u128 = self.latencies.iter().map(|&latency| u128::from(latency)).sum();
        (!self.latencies.is_empty()).then(|| sum as f64 / self.latencies.len() as f64 / 1e9)
    }
}
