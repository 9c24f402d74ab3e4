//! The metrics of a run: their names, in the order of the result columns, and what they are computed from.

macro_rules! metrics {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// A measured quantity; the order is the order of the columns.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Metric { $($(#[$doc])* $variant,)* }

        impl Metric {
            /// All metrics, in the order of the columns. New ones are only ever added at the end.
            pub const ALL: &'static [Metric] = &[$(Metric::$variant,)*];

            /// The name of the column, with its unit.
            pub const fn name(self) -> &'static str {
                match self { $(Metric::$variant => $name,)* }
            }
        }
    };
}

metrics! {
    /// Requests sent per second.
    RequestsPerSecond = "requests_per_s",
    /// Replies sent per second.
    RepliesPerSecond = "replies_per_s",
    /// Share of the replies to polls that carry no message.
    EmptyReplyFraction = "empty_reply_fraction",
    /// Requests sent per message delivered.
    RequestsPerMessage = "requests_per_message",
    /// HTTP bytes sent per second, both ways.
    HttpBytesPerSecond = "http_bytes_per_s",
    /// HTTP bytes of requests per second.
    HttpUpBytesPerSecond = "http_up_bytes_per_s",
    /// HTTP bytes of replies per second.
    HttpDownBytesPerSecond = "http_down_bytes_per_s",
    /// Bytes of request and response headers per second.
    HeaderBytesPerSecond = "header_bytes_per_s",
    /// Bytes of the messages alone per second, both ways.
    PayloadBytesPerSecond = "payload_bytes_per_s",
    /// HTTP bits per second / 10^6.
    HttpMbitPerSecond = "http_mbit_per_s",
    /// HTTP bits per second / 2^20.
    HttpMibitPerSecond = "http_mibit_per_s",
    /// HTTP bytes per message delivered.
    HttpBytesPerMessage = "http_bytes_per_message",
    /// Mean of arrival at the client - creation at the source.
    LatencyMean = "latency_mean_s",
    /// Least latency.
    LatencyMin = "latency_min_s",
    /// Median latency.
    LatencyP50 = "latency_p50_s",
    /// 90th percentile of the latency.
    LatencyP90 = "latency_p90_s",
    /// 95th percentile of the latency.
    LatencyP95 = "latency_p95_s",
    /// 99th percentile of the latency.
    LatencyP99 = "latency_p99_s",
    /// Greatest latency.
    LatencyMax = "latency_max_s",
    /// Age of information: time average of now - creation of the newest message that a client has.
    AgeMean = "age_mean_s",
    /// Messages created, once per recipient.
    MessagesCreated = "messages_created",
    /// Messages that reached their client for the first time.
    MessagesDelivered = "messages_delivered",
    /// Messages whose reply reached a client that had left the request.
    MessagesLost = "messages_lost",
    /// Messages overwritten by a newer one before a reply took them.
    MessagesSuperseded = "messages_superseded",
    /// Copies that reached a client again.
    MessagesDuplicated = "messages_duplicated",
    /// Messages on their way when the window opened.
    MessagesPendingStart = "messages_pending_start",
    /// Messages on their way when the window closed.
    MessagesPendingEnd = "messages_pending_end",
    /// Time average of the requests at the server, from arrival to answer.
    HeldRequestsMean = "held_requests_mean",
    /// Greatest average of the requests at the server over one time bin.
    HeldRequestsPeak = "held_requests_peak",
    /// Greatest mean HTTP bit rate / 10^6 over one time bin.
    HttpMbitPerSecondPeak = "http_mbit_per_s_peak",
    /// Mean hold of the long polls and push connections whose hold ended in the window.
    HoldMean = "hold_mean_s",
    /// Server checks per second.
    ServerChecksPerSecond = "server_checks_per_s",
    /// Timeouts that fired.
    Timeouts = "timeouts",
    /// Clients that stopped asking.
    ClientsStopped = "clients_stopped",
    /// Events of the simulation in the window.
    Events = "events",
    /// Replies per second that reach a client that still waits for them, of a response that goes on its header; errors are
    /// none.
    GoodputPerSecond = "goodput_per_s",
    /// Requests that the server worked on when their client left, and on which it went on.
    OrphanRequests = "orphan_requests",
    /// Requests whose execution began after their client had left.
    GhostRequests = "ghost_requests",
    /// Requests that the proxy gave up (504).
    GatewayTimeouts = "gateway_timeouts",
    /// Requests that found the backlog full (502).
    Refused = "refused",
    /// Time average of the workers that are occupied.
    WorkersBusyMean = "workers_busy_mean",
    /// Most workers occupied at a time.
    WorkersBusyPeak = "workers_busy_peak",
    /// Mean wait for a worker, of the requests that got one.
    QueueWaitMean = "queue_wait_mean_s",
    /// Time average of the requests that wait for a worker.
    QueueLengthMean = "queue_length_mean",
    /// Requests that a restart of the server broke, or that found it down.
    BrokenRequests = "broken_requests",
    /// Mean wait for a connection of the browser, of the requests that got one.
    BrowserWaitMean = "browser_wait_mean_s",
    /// Mean wait for the session lock, of the requests that got it.
    LockWaitMean = "lock_wait_mean_s",
    /// Time average of the clients that have come and not left.
    ClientsOnlineMean = "clients_online_mean",
    /// Clients that left at the end of their session.
    ClientsLeft = "clients_left",
    /// Mean number of processor cores that the server keeps busy.
    ServerCoresMean = "server_cores_mean",
    /// Greatest mean number of busy processor cores over one time bin.
    ServerCoresPeak = "server_cores_peak",
    /// Most memory of the server at one instant, in bytes: connections, what waits for clients, workers, and what it takes
    /// without any.
    ServerMemoryBytesPeak = "server_memory_bytes_peak",
    /// Price of a day: processor cores and bytes to the clients.
    CostPerDay = "cost_per_day",
    /// Mean battery current of a phone, in mA.
    PhoneCurrentMean = "phone_current_ma_mean",
    /// Bytes of all packets per second, both ways, with the headers of TCP and IP.
    WireBytesPerSecond = "wire_bytes_per_s",
    /// Bits of all packets per second / 10^6.
    WireMbitPerSecond = "wire_mbit_per_s",
    /// Packets per second, both ways.
    PacketsPerSecond = "packets_per_s",
    /// Connections that were opened.
    ConnectionsOpened = "connections_opened",
    /// Mean wait for the link of the server, of what is sent to it.
    UpLinkWaitMean = "up_link_wait_mean_s",
    /// Mean wait for the link of the server, of what it sends.
    DownLinkWaitMean = "down_link_wait_mean_s",
    /// Share of the time in which the link of the server is occupied, towards it.
    UpLinkBusy = "up_link_busy_fraction",
    /// Share of the time in which the link of the server is occupied, towards the clients.
    DownLinkBusy = "down_link_busy_fraction",
    /// Packets that were lost.
    PacketsLost = "packets_lost",
    /// Messages that clients sent.
    MessagesSent = "messages_sent",
    /// Messages that clients sent in vain, or without learning that they arrived.
    SendsFailed = "sends_failed",
    /// Latencies that were measured, in all replications together.
    MessagesMeasured = "messages_measured",
    /// Replications with a latency at least.
    ReplicationsWithMessages = "replications_with_messages",
    /// Of the messages created in the window, the share that was delivered in it.
    ArrivedFraction = "arrived_fraction",
    /// Of the messages created in the window, the share whose fate is open when it closes.
    PendingFraction = "pending_fraction",
    /// Connections on which the server pushed, and which the proxy cut.
    ConnectionsCut = "connections_cut",
}

/// How the values of several replications become one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Class {
    /// A rate, a count or a time average: the mean of the replications.
    Average,
    /// An extreme of each run: the mean of the replications, which is that of the extreme of one run.
    Peak,
    /// The ratio of the sums over all replications.
    Ratio,
    /// A ratio whose numerator is a part of its denominator.
    Fraction,
    /// The quantile of this order of all values of all replications together.
    Quantile(f64),
    /// The smallest value of all replications.
    Minimum,
    /// The largest value of all replications.
    Maximum,
    /// The sum over all replications.
    Sum,
}

impl Metric {
    /// Whether it is of the server as a whole, so that the populations of a mix have none of their own.
    pub fn is_of_whole_server(self) -> bool {
        matches!(
            self,
            Metric::WorkersBusyMean | Metric::WorkersBusyPeak | Metric::QueueLengthMean | Metric::ServerMemoryBytesPeak
        )
    }

    /// How the values of several replications become one.
    pub fn class(self) -> Class {
        match self {
            Metric::RequestsPerMessage
            | Metric::HttpBytesPerMessage
            | Metric::LatencyMean
            | Metric::AgeMean
            | Metric::HoldMean
            | Metric::QueueWaitMean
            | Metric::BrowserWaitMean
            | Metric::LockWaitMean
            | Metric::PhoneCurrentMean
            | Metric::UpLinkWaitMean
            | Metric::DownLinkWaitMean => Class::Ratio,
            Metric::EmptyReplyFraction | Metric::ArrivedFraction | Metric::PendingFraction => Class::Fraction,
            Metric::LatencyP50 => Class::Quantile(0.50),
            Metric::LatencyP90 => Class::Quantile(0.90),
            Metric::LatencyP95 => Class::Quantile(0.95),
            Metric::LatencyP99 => Class::Quantile(0.99),
            Metric::LatencyMin => Class::Minimum,
            Metric::LatencyMax => Class::Maximum,
            Metric::HeldRequestsPeak
            | Metric::HttpMbitPerSecondPeak
            | Metric::WorkersBusyPeak
            | Metric::ServerCoresPeak
            | Metric::ServerMemoryBytesPeak => Class::Peak,
            Metric::MessagesMeasured | Metric::ReplicationsWithMessages => Class::Sum,
            _ => Class::Average,
        }
    }

    /// The metric with this column name.
    pub fn from_name(name: &str) -> Option<Metric> {
        Metric::ALL.iter().copied().find(|metric| metric.name() == name)
    }
}
