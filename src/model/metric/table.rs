//! Every metric in one row: name, unit, labels, formula, and the text that the guide and the documentation show.

use super::definition::{Definition, metric};
use super::formula::Formula::{
    Bits, Count, Each, Fraction, Maximum, MeanTime, Minimum, PerMessage, Quantile, Rate, Ratio, Sum, TimeAverage,
    Value, Volume,
};
use super::formula::{LEAST, LEAST_DURATIONS};
use crate::model::totals::{Quotient, Totals};

macro_rules! metrics {
    ($($(#[doc = $doc:literal])+ $metric:ident = $definition:expr;)*) => {
        /// A measured quantity; the order is the order of the columns.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Metric { $($(#[doc = $doc])+ $metric,)* }

        impl Metric {
            /// All metrics, in the order of the columns. New ones are only ever added at the end.
            pub const ALL: &'static [Metric] = &[$(Metric::$metric,)*];

            /// Its description, in Markdown.
            pub fn doc(self) -> &'static str {
                match self { $(Metric::$metric => concat!($($doc),+).trim_start(),)* }
            }
        }

        /// In the order of the metrics.
        pub(super) static DEFINITIONS: &[Definition] = &[$($definition,)*];
    };
}

/// A volume whose parts are not counted.
const NOTHING: fn(&Totals) -> Option<u64> = |_| None;
/// 2^20.
const MIBI: f64 = (1 << 20) as f64;

// Name of the column, unit, labels (alone on an axis; the name that related metrics share; in the legend among these),
// formula.
metrics! {
    /// Requests that clients send.
    RequestsPerSecond = metric("requests_per_s", "1/s", ["request rate", "rate", "requests"],
        Rate(|t| t.requests)).unless_paced();
    /// Replies that the server sends.
    RepliesPerSecond = metric("replies_per_s", "1/s", ["reply rate", "rate", "replies"],
        Rate(|t| t.replies)).unless_paced();
    /// Share of the replies to polls that carry no message, errors included. Replies to sends, and response headers of
    /// push connections, do not count as replies to polls.
    EmptyReplyFraction = metric("empty_reply_fraction", "",
        ["share of empty replies", "share of empty replies", "empty replies"],
        Fraction(|t| (t.empty_replies, t.replies - t.served.other_replies)));
    /// Requests sent / messages delivered.
    RequestsPerMessage = metric("requests_per_message", "",
        ["requests per message", "requests per message", "requests per message"], PerMessage(|t| t.requests));
    /// HTTP bytes sent, both ways: `http_up_bytes_per_s` + `http_down_bytes_per_s`.
    HttpBytesPerSecond = metric("http_bytes_per_s", "B/s", ["HTTP traffic", "HTTP traffic", "HTTP, both ways"],
        Volume(|t| Some(t.http_bytes()), NOTHING));
    /// HTTP bytes that clients send.
    HttpUpBytesPerSecond = metric("http_up_bytes_per_s", "B/s", ["HTTP request traffic", "HTTP traffic", "requests"],
        Volume(|t| Some(t.http_up_bytes),
        |t| Some(t.requests + t.served.sends.map_or(0, |sends| sends.sent)))).unless_paced();
    /// HTTP bytes that the server sends.
    HttpDownBytesPerSecond = metric("http_down_bytes_per_s", "B/s",
        ["HTTP response traffic", "HTTP traffic", "responses"], Volume(|t| Some(t.http_down_bytes), NOTHING));
    /// Bytes of request and response headers.
    HeaderBytesPerSecond = metric("header_bytes_per_s", "B/s", ["HTTP header traffic", "HTTP traffic", "headers"],
        Volume(|t| Some(t.header_bytes), NOTHING)).unless_paced();
    /// Bytes of messages, both ways, without framing. The rest of `http_bytes_per_s`, except headers, is framing,
    /// bodies of polls, empty bodies, keep-alives, resets, and ends of responses.
    PayloadBytesPerSecond = metric("payload_bytes_per_s", "B/s", ["payload traffic", "HTTP traffic", "payload"],
        Volume(|t| Some(t.payload_bytes), |t| Some(t.delivered)));
    /// HTTP bits per second / 10^6.
    HttpMbitPerSecond = metric("http_mbit_per_s", "Mbit/s", ["HTTP traffic", "HTTP traffic", "mean"],
        Bits(|t| Some(t.http_bytes()), 1e6));
    /// HTTP bits per second / 2^20 (the tutorial's "Mbps").
    HttpMibitPerSecond = metric("http_mibit_per_s", "Mibit/s", ["HTTP traffic", "HTTP traffic", "mean"],
        Bits(|t| Some(t.http_bytes()), MIBI));
    /// HTTP bytes sent / messages delivered.
    HttpBytesPerMessage = metric("http_bytes_per_message", "B",
        ["HTTP traffic per message", "HTTP traffic per message", "HTTP bytes"], PerMessage(Totals::http_bytes));
    /// Mean of arrival at the client - creation at the source, over the messages that arrive in the window. Exact.
    LatencyMean = metric("latency_mean_s", "s", ["mean data latency", "data latency", "mean"],
        MeanTime(|t| Some((t.latency.sum(), t.latency.count()))));
    /// Least latency. Exact.
    LatencyMin = metric("latency_min_s", "s", ["least data latency", "data latency", "least"], Minimum);
    /// Median latency, within 0.05 %; of all messages of all replications together, as the next three.
    LatencyP50 = metric("latency_p50_s", "s", ["median data latency", "data latency", "median"], Quantile(0.50));
    /// 90th percentile of the latency.
    LatencyP90 = metric("latency_p90_s", "s", ["90th percentile of data latency", "data latency", "90th percentile"],
        Quantile(0.90));
    /// 95th percentile of the latency.
    LatencyP95 = metric("latency_p95_s", "s", ["95th percentile of data latency", "data latency", "95th percentile"],
        Quantile(0.95));
    /// 99th percentile of the latency.
    LatencyP99 = metric("latency_p99_s", "s", ["99th percentile of data latency", "data latency", "99th percentile"],
        Quantile(0.99));
    /// Greatest latency. Exact.
    LatencyMax = metric("latency_max_s", "s", ["greatest data latency", "data latency", "greatest"], Maximum);
    /// Age of information: time average of now - creation of the newest message that a client has, from its first
    /// delivery until it leaves. A client that stopped still counts.
    AgeMean = metric("age_mean_s", "s", ["mean age of information", "age of information", "mean age"],
        Ratio(|t, _| Some(Quotient::nanos(t.age_area_doubled, 2 * t.age_nanos)), |t| t.delivered, LEAST_DURATIONS));
    /// Messages created in the window. A message to several clients counts once per recipient, here and in all columns
    /// of messages.
    MessagesCreated = metric("messages_created", "", ["messages created", "messages", "created"],
        Count(|t| Some(t.created)));
    /// Messages that reached their client for the first time.
    MessagesDelivered = metric("messages_delivered", "", ["messages delivered", "messages", "delivered"],
        Count(|t| Some(t.delivered)));
    /// Messages whose reply reached a client that had given up the request.
    MessagesLost = metric("messages_lost", "", ["messages lost", "messages", "lost"], Count(|t| Some(t.lost)));
    /// Messages that a newer one replaced before a reply took them.
    MessagesSuperseded = metric("messages_superseded", "", ["messages superseded", "messages", "superseded"],
        Count(|t| Some(t.superseded)));
    /// Copies that reached a client again.
    MessagesDuplicated = metric("messages_duplicated", "", ["messages delivered again", "messages", "delivered again"],
        Count(|t| Some(t.duplicated)));
    /// Messages created before the window that were neither delivered, lost nor superseded when it opened.
    MessagesPendingStart = metric("messages_pending_start", "",
        ["messages on their way at the start", "messages", "on their way at the start"],
        Count(|t| Some(t.pending_start)));
    /// Messages that were neither delivered, lost nor superseded when the window closed.
    MessagesPendingEnd = metric("messages_pending_end", "",
        ["messages on their way at the end", "messages", "on their way at the end"], Count(|t| Some(t.pending_end)));
    /// Time average of the requests at the server, from arrival to reply: waiting for a worker or the session lock, in
    /// service or held, orphans included, and push connections. By Little's law it is the rate of requests times their
    /// mean time at the server, which is `hold_mean_s` if only holds take time.
    HeldRequestsMean = metric("held_requests_mean", "", ["mean number of open requests", "open requests", "mean"],
        TimeAverage(|t| Some(t.held_nanos))).unless_paced();
    /// Largest mean of the requests at the server over one time bin. If an edge of the window cuts a bin, the part
    /// inside counts: alone if it is at least half a bin, else together with its neighbour. So no peak is below its
    /// mean.
    HeldRequestsPeak = metric("held_requests_peak", "", ["peak number of open requests", "open requests", "peak"],
        Value(|t, s| Some(t.held_peak(&s.window)))).unless_paced();
    /// Largest mean HTTP bit rate / 10^6 over one time bin, cut as for `held_requests_peak`.
    HttpMbitPerSecondPeak = metric("http_mbit_per_s_peak", "Mbit/s", ["peak HTTP traffic", "HTTP traffic", "peak"],
        Value(|t, s| Some(t.http_mbit_peak(&s.window))));
    /// Mean hold of the long polls and push connections whose hold ended in the window, without wait and service. Empty
    /// if nothing is held.
    HoldMean = metric("hold_mean_s", "s", ["mean hold of a request", "hold of a request", "mean hold"],
        MeanTime(|t| Some((t.hold_nanos, t.holds)))).unless_paced();
    /// Checks of a mailbox: one per short poll, each check of the loop for a long poll, none with `notify`.
    ServerChecksPerSecond = metric("server_checks_per_s", "1/s", ["server check rate", "rate", "server checks"],
        Rate(|t| t.checks)).unless_paced();
    /// Client timeouts that fired in the window.
    Timeouts = metric("timeouts", "", ["timeouts", "timeouts", "timeouts"], Count(|t| Some(t.timeouts))).unless_paced();
    /// Clients that stopped polling in the window.
    ClientsStopped = metric("clients_stopped", "",
        ["clients that stopped", "clients that stopped", "clients that stopped"],
        Count(|t| Some(t.stopped))).unless_paced();
    /// Events of the simulation in the window.
    Events = metric("events", "", ["simulation events", "simulation events", "events"],
        Value(|t, _| Some(t.events as f64)));
    /// Replies that reach a client that still waits for them; for a push connection, its response header. Neither
    /// errors nor later pushes count.
    GoodputPerSecond = metric("goodput_per_s", "1/s", ["goodput", "rate", "goodput"],
        Rate(|t| t.served.goodput)).unless_paced();
    /// Requests on which the server went on after the client or the proxy had given them up.
    OrphanRequests = metric("orphan_requests", "", ["orphan requests", "requests", "orphans"],
        Count(|t| Some(t.served.orphans))).unless_paced();
    /// Requests whose execution began after their client had given them up.
    GhostRequests = metric("ghost_requests", "", ["ghost requests", "requests", "ghosts"],
        Count(|t| Some(t.served.ghosts))).unless_paced();
    /// Requests that the proxy gave up (504). Empty without `proxy.read_timeout`. For `proxy.idle_timeout` see
    /// `connections_cut`.
    GatewayTimeouts = metric("gateway_timeouts", "", ["gateway timeouts (504)", "requests", "gateway timeouts"],
        Count(|t| t.served.gateway_timeouts)).unless_paced();
    /// Requests that found the backlog full (502). Empty without `server.workers`.
    Refused = metric("refused", "", ["refused requests (502)", "requests", "refused"],
        Count(|t| Some(t.served.pool?.refused))).unless_paced();
    /// Time average of the busy workers. Empty without `server.workers`.
    WorkersBusyMean = metric("workers_busy_mean", "", ["mean number of busy workers", "busy workers", "mean"],
        TimeAverage(|t| Some(t.served.pool?.busy_nanos))).unless_paced().of_server();
    /// Most workers that were busy for any time. Empty without `server.workers`.
    WorkersBusyPeak = metric("workers_busy_peak", "", ["peak number of busy workers", "busy workers", "peak"],
        Value(|t, _| Some(t.served.pool?.busy_peak.0 as f64))).unless_paced().of_server();
    /// Mean wait for a worker of the requests that got one in the window, including those that did not wait. Empty
    /// without `server.workers`.
    QueueWaitMean = metric("queue_wait_mean_s", "s", ["mean wait for a worker", "wait for a worker", "mean wait"],
        MeanTime(|t| t.served.pool.map(|pool| (pool.wait_nanos, pool.started)))).unless_paced();
    /// Time average of the requests that wait for a worker. Empty without `server.workers`.
    QueueLengthMean = metric("queue_length_mean", "",
        ["mean number of waiting requests", "waiting requests", "waiting"],
        TimeAverage(|t| Some(t.served.pool?.queue_nanos))).unless_paced().of_server();
    /// Requests that `server.restart` broke, or that found the server down. Empty without it.
    BrokenRequests = metric("broken_requests", "", ["requests broken by a restart", "requests", "broken"],
        Count(|t| t.served.broken)).unless_paced();
    /// Mean wait in the browser of the requests that got a connection in the window. Empty without
    /// `clients.connections_per_host`.
    BrowserWaitMean = metric("browser_wait_mean_s", "s",
        ["mean wait for a connection", "wait for a connection", "mean wait"],
        MeanTime(|t| t.served.browser_waits.map(|waits| (waits.nanos, waits.count)))).unless_paced();
    /// Mean wait for the session lock of the requests that got it in the window. Empty without `server.session_lock`.
    LockWaitMean = metric("lock_wait_mean_s", "s",
        ["mean wait for the session lock", "wait for the session lock", "mean wait"],
        MeanTime(|t| t.served.lock_waits.map(|waits| (waits.nanos, waits.count)))).unless_paced();
    /// Time average of the clients that are online: they have come and not left. Empty without `clients.session`,
    /// `clients.arrival_rate` and `clients.crowd`: then all are online from start to end.
    ClientsOnlineMean = metric("clients_online_mean", "", ["mean number of clients online", "clients", "online"],
        TimeAverage(|t| Some(t.served.visits?.online_nanos))).never_by_messages();
    /// Clients whose session ended in the window: 0 if clients come and none leaves. Empty like `clients_online_mean`.
    ClientsLeft = metric("clients_left", "", ["clients that left", "clients", "left"],
        Count(|t| Some(t.served.visits?.left))).never_by_messages();
    /// Mean number of processor cores that the server keeps busy. Empty without `[cost]`.
    ServerCoresMean = metric("server_cores_mean", "", ["mean number of busy cores", "busy cores", "mean"],
        TimeAverage(|t| Some(t.served.work.as_ref()?.nanos.into())));
    /// Largest mean number of busy cores over one time bin, cut as for `held_requests_peak`. Empty without `[cost]`.
    ServerCoresPeak = metric("server_cores_peak", "", ["peak number of busy cores", "busy cores", "peak"],
        Value(Totals::cores_peak));
    /// Peak memory of the server: open connections × memory, data for slow clients and in mailboxes, workers × memory,
    /// and the memory of the idle server. Empty without `[cost]`.
    ServerMemoryBytesPeak = metric("server_memory_bytes_peak", "B",
        ["server memory at its peak", "server memory", "memory"],
        Value(Totals::memory_peak)).unless_paced().of_server();
    /// Price of the cores and of the bytes to the clients: of HTTP, or with `[network.wire]` of all packets. Empty
    /// without `[cost]`.
    CostPerDay = metric("cost_per_day", "", ["cost per day", "cost per day", "cost"], Value(Totals::cost_per_day));
    /// Mean battery current of the phone of a client that is online. Empty without `cost.radio`.
    PhoneCurrentMean = metric("phone_current_ma_mean", "mA",
        ["mean battery current of a phone", "battery current", "mean"],
        Ratio(Totals::phone_current, |t| t.served.wakes.unwrap_or(0), LEAST)).unless_paced();
    /// Bytes of all packets, both ways, with the headers of TCP, IP and, if used, TLS. Empty without `[network.wire]`.
    WireBytesPerSecond = metric("wire_bytes_per_s", "B/s",
        ["traffic on the wire", "traffic on the wire", "whole packets"],
        Volume(|t| Some(t.served.wire?.bytes), NOTHING));
    /// Bits of all packets per second / 10^6. Empty without `[network.wire]`.
    WireMbitPerSecond = metric("wire_mbit_per_s", "Mbit/s",
        ["traffic on the wire", "traffic on the wire", "whole packets"], Bits(|t| Some(t.served.wire?.bytes), 1e6));
    /// Packets, both ways, including bare acknowledgements and handshakes. Empty without `[network.wire]`.
    PacketsPerSecond = metric("packets_per_s", "1/s", ["packet rate", "rate", "packets"],
        Volume(|t| Some(t.served.wire?.packets), NOTHING)).unless_paced();
    /// TCP connections that were opened in the window. Empty without `[network.wire]`.
    ConnectionsOpened = metric("connections_opened", "", ["connections opened", "connections opened", "opened"],
        Count(|t| Some(t.served.wire?.connections))).unless_paced();
    /// Mean wait for the link of the server, before transmission, of the messages that reached it in the window on the
    /// way up. Empty without a limit in that direction.
    UpLinkWaitMean = metric("up_link_wait_mean_s", "s", ["mean wait for the link up", "wait for the link", "up"],
        MeanTime(|t| t.served.up_link.map(|link| (link.wait_nanos, link.messages)))).unless_paced();
    /// Mean wait for the link of the server, before transmission, of the messages that reached it in the window on the
    /// way down. Empty without a limit in that direction.
    DownLinkWaitMean = metric("down_link_wait_mean_s", "s",
        ["mean wait for the link down", "wait for the link", "down"],
        MeanTime(|t| t.served.down_link.map(|link| (link.wait_nanos, link.messages))));
    /// Share of the time in which the link of the server is busy on the way up. Empty without a limit in that
    /// direction.
    UpLinkBusy = metric("up_link_busy_fraction", "", ["use of the link up", "use of the link", "up"],
        TimeAverage(|t| Some(t.served.up_link?.busy_nanos))).unless_paced();
    /// Share of the time in which the link of the server is busy on the way down. Empty without a limit in that
    /// direction.
    DownLinkBusy = metric("down_link_busy_fraction", "", ["use of the link down", "use of the link", "down"],
        TimeAverage(|t| Some(t.served.down_link?.busy_nanos)));
    /// Lost packets, counting each attempt. Empty without `network.loss`.
    PacketsLost = metric("packets_lost", "", ["packets lost", "packets lost", "lost"],
        Each(|t, s| if s.loses_packets() { t.served.lost_packets } else { None })).unless_paced();
    /// Messages that clients sent (sends). Empty without `clients.sends`.
    MessagesSent = metric("messages_sent", "", ["messages sent by clients", "messages sent", "sent"],
        Count(|t| Some(t.served.sends?.sent))).never_by_messages();
    /// Sends whose request timed out, got an error or ended when its client left, and frames that found the server down
    /// or their client gone. Empty without `clients.sends`.
    SendsFailed = metric("sends_failed", "", ["sends that failed", "messages sent", "failed"],
        Each(|t, _| Some(t.served.sends?.failed)));
    /// Number of latencies in the latency columns: first deliveries in the window, in the summary over all
    /// replications.
    MessagesMeasured = metric("messages_measured", "", ["latencies measured", "latencies measured", "measured"],
        Sum(|t| t.latency.count()));
    /// Replications with at least one latency (0 or 1 in `replications.csv`).
    ReplicationsWithMessages = metric("replications_with_messages", "",
        ["replications with messages", "replications", "with messages"], Sum(|t| u64::from(t.latency.count() > 0)));
    /// Share of the messages created in the window that were delivered by its end: never above 1.
    ArrivedFraction = metric("arrived_fraction", "", ["share of messages that arrived", "share of messages", "arrived"],
        Fraction(|t| (t.arrived, t.created)));
    /// Share of the messages created in the window that were neither delivered, lost nor superseded by its end.
    PendingFraction = metric("pending_fraction", "",
        ["share of messages on their way", "share of messages", "on their way"], Fraction(|t| (t.open, t.created)));
    /// Push connections that the proxy cut. Empty without `proxy.idle_timeout`.
    ConnectionsCut = metric("connections_cut", "", ["connections cut by the proxy", "connections cut", "cut"],
        Value(|t, _| t.served.cuts.map(|cuts| cuts as f64)));
}
