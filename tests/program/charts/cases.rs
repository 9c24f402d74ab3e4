//! The charts that are drawn and looked at.

use std::sync::LazyLock;

use cometsim::experiment::chart::{AxisScale, Chart, ChartKind, ChartView, Print, SweptKey};
use cometsim::model::scenario::TransportKind;
use cometsim::report::chart::{Context, Looks, Period};

use super::tables::{Data, data, values};

/// A chart with its tables and some of the texts it must show.
#[derive(Clone)]
pub struct Case {
    pub chart: Chart,
    pub data: Data,
    pub swept: Vec<SweptKey>,
    pub note: Option<&'static str>,
    pub looks: Looks,
    pub spans: Vec<Period>,
    pub labels: Vec<&'static str>,
}

impl Case {
    pub fn context(&self) -> Context<'_> {
        let title = "Short polling versus long polling";
        Context { title, swept: &self.swept, note: self.note, looks: &self.looks, spans: &self.spans }
    }

    fn says(mut self, labels: &[&'static str]) -> Case {
        self.labels = labels.to_vec();
        self
    }

    fn x(mut self, x: &str) -> Case {
        self.chart.x = Some(x.to_owned());
        self
    }

    fn y(mut self, y: &[&str]) -> Case {
        self.chart.y = y.iter().map(|&metric| metric.to_owned()).collect();
        self
    }

    fn log(mut self, x: bool, y: bool) -> Case {
        let scale = |log| if log { AxisScale::Log } else { AxisScale::Linear };
        (self.chart.x_axis, self.chart.y_axis) = (scale(x), scale(y));
        self
    }

    fn title(mut self, title: &str) -> Case {
        self.chart.title = Some(title.to_owned());
        self
    }
}

fn case(name: &str, kind: ChartKind, data: Data, swept: &[(&str, Option<&'static str>)]) -> Case {
    let (x_axis, y_axis) = (AxisScale::Linear, AxisScale::Linear);
    let chart = Chart {
        name: name.to_owned(),
        title: None,
        kind,
        x: None,
        y: Vec::new(),
        value: None,
        by_population: false,
        x_axis,
        y_axis,
        view: ChartView::default(),
        print: Print::default(),
    };
    let key = |path: &str, unit| SweptKey {
        path: path.to_owned(),
        column: path.to_owned(),
        unit,
        doc: "",
        known: path.to_owned(),
        owner: None,
        has_words: false,
    };
    let swept = swept.iter().map(|&(path, unit)| key(path, unit)).collect();
    Case { chart, data, swept, note: None, looks: looks(), spans: Vec::new(), labels: Vec::new() }
}

pub const THREE: [&str; 3] = ["short polling, 1 s", "long polling", "long polling, notified"];
const EIGHT: &[&str] = &[
    "short polling, every second",
    "short polling, every five seconds",
    "short polling, every half minute",
    "long polling",
    "long polling, notified by the server as soon as there is anything new",
    "长轮询，收到通知即答",
    "<b>long & \"short\"</b>",
    "long polling with redelivery",
];
/// The looks of all transports: of long polling, and of short polling.
fn looks() -> Looks {
    let kind = |name: &&str| match name.starts_with("short") {
        true => TransportKind::ShortPoll,
        false => TransportKind::LongPoll,
    };
    Looks::new(THREE.iter().chain(EIGHT).map(|name| ((*name).to_owned(), (Some(kind(name)), 0))))
}

const CLIENTS: (&str, Option<&'static str>) = ("clients.count", None);
const INTERVAL: (&str, Option<&'static str>) = ("short_poll.interval", Some("s"));

fn clients() -> Vec<String> {
    values(&[1000.0, 3000.0, 10_000.0, 30_000.0, 100_000.0])
}

/// All cases, made once: their tables are large.
pub fn cases() -> &'static [Case] {
    static CASES: LazyLock<Vec<Case>> =
        LazyLock::new(|| [lines(), distributions(), tradeoffs(), heatmaps(), bars(), timelines(), partial()].concat());
    &CASES
}

/// The case of this name, to change it.
pub fn case_named(name: &str) -> Case {
    cases().iter().find(|case| case.chart.name == name).unwrap().clone()
}

/// The share that arrives: all by the first transport, less and less along the sweep by the second, and by the third
/// none at first.
fn falling(point: usize, transport: usize) -> f64 {
    match (point, transport) {
        (0, 2) | (1, 5 | 6) => 0.0,
        (_, 1 | 4) => 0.985 - 0.2 * point as f64,
        _ => 1.0,
    }
}

/// The same where nothing is swept.
fn by_transport(_: usize, transport: usize) -> f64 {
    [1.0, 0.6, 0.0, 0.9899, 0.004, 1.0, 0.5, 1.0][transport]
}

/// Charts of runs in which not all messages arrived.
fn partial() -> Vec<Case> {
    use ChartKind::{Bar, Cdf, Heatmap, Line, Tradeoff};
    let sweep = [("clients.count", clients())];
    let two = [("clients.count", clients()), ("short_poll.interval", values(&[1.0, 2.0, 5.0, 10.0]))];
    let hollow = "hollow: only the given share of the messages arrives";
    let hatched = "hatched: only the given share of the messages arrives";
    let none = "none of the messages arrived";
    let mut fields = case(
        "partial-heatmap",
        Heatmap,
        data(&THREE[..2], &two).arrived(|point, transport| match transport {
            0 => 1.0,
            _ => point as f64 / 19.0,
        }),
        &[CLIENTS, INTERVAL],
    );
    fields.chart.value = Some("latency_mean_s".to_owned());
    let mut small = case(
        "partial-heatmap-eight",
        Heatmap,
        data(EIGHT, &two).arrived(|point, _| 0.04 * point as f64),
        &[CLIENTS, INTERVAL],
    );
    small.chart.value = Some("latency_p95_s".to_owned());
    vec![
        case("partial-line", Line, data(&THREE, &sweep).arrived(falling), &[CLIENTS])
            .y(&["latency_mean_s"])
            .log(true, true)
            .says(&[hollow, none, "none arrives", "98.5 % arrive", "78 %", "18 %"]),
        case("partial-line-metrics", Line, data(&THREE, &sweep).arrived(falling), &[CLIENTS])
            .y(&["latency_mean_s", "latency_p95_s", "http_mbit_per_s"])
            .log(true, false)
            .says(&[hollow, none, "none arrives"]),
        case("partial-line-eight", Line, data(EIGHT, &sweep).arrived(falling), &[CLIENTS])
            .y(&["latency_mean_s"])
            .log(true, false)
            .says(&[hollow, none, "none arrives"]),
        case("partial-line-nothing", Line, data(&THREE, &sweep).arrived(|_, _| 0.0), &[CLIENTS])
            .y(&["latency_mean_s"])
            .says(&[none]),
        case("partial-bar", Bar, data(EIGHT, &[]).arrived(by_transport), &[])
            .x("transport")
            .y(&["latency_mean_s"])
            .says(&[hatched, none, "60 % arrive", "none", "arrives", "98.9 %", "0.4 % arrive"]),
        case("partial-bar-grouped", Bar, data(&THREE, &sweep).arrived(falling), &[CLIENTS])
            .y(&["latency_mean_s"])
            .log(false, true)
            .says(&[hollow, none, "none arrives", "58 %"]),
        case("partial-bar-metrics", Bar, data(&THREE, &[]).arrived(by_transport), &[])
            .y(&["latency_mean_s", "latency_p95_s", "http_mbit_per_s"])
            .says(&[hatched, none, "60 % arrive", "none arrives"]),
        case("partial-bar-eight", Bar, data(EIGHT, &sweep).arrived(falling), &[CLIENTS])
            .y(&["latency_mean_s"])
            .says(&[hatched, none]),
        case("partial-tradeoff", Tradeoff, data(&THREE, &sweep).arrived(falling), &[CLIENTS]).log(true, true).says(&[
            hollow,
            none,
            "none arrives",
            "1,000: 98.5 % arrive",
            "100,000: 18 %",
        ]),
        case("partial-tradeoff-turned", Tradeoff, data(&THREE, &sweep).arrived(falling), &[CLIENTS])
            .x("latency_p95_s")
            .y(&["http_mbit_per_s"])
            .log(true, true)
            .says(&[hollow, none, "none arrives"]),
        fields.says(&["hatched: only the given share of the messages arrives.", "5 %", "none"]),
        case("waiting-line", Line, data(&THREE, &sweep).waiting(0.6), &[CLIENTS])
            .y(&["latency_mean_s"])
            .log(true, false)
            .says(&[
                "with a dot: the given share of the messages arrived by the end; the backlog grows",
                "60 % by the end",
            ]),
        case("waiting-bar", Bar, data(&THREE, &[]).waiting(0.6), &[]).y(&["latency_mean_s"]).says(&[
            "hatched: the given share of the messages arrived by the end; the backlog grows",
            "60 % by the end",
        ]),
        small,
        case("partial-cdf", Cdf, data(&THREE, &[]).arrived(by_transport), &[]).log(true, false).says(&[
            "long polling (60 % arrive)",
            "long polling, notified (none arrives)",
            "fraction of messages",
            "short polling, 1 s",
        ]),
        case("partial-cdf-sweep", Cdf, data(&THREE, &sweep).arrived(falling), &[CLIENTS])
            .says(&["long polling, clients = 100,000 (18 % arrive)", "long polling, notified, clients = 1,000 (none"]),
    ]
}

fn lines() -> Vec<Case> {
    use ChartKind::Line;
    let sweep = [("clients.count", clients())];
    let forty: Vec<f64> = (1..=40).map(f64::from).collect();
    let two = [("clients.count", clients()), ("short_poll.interval", values(&[1.0, 5.0]))];
    let many = [("clients.count", clients()), ("short_poll.interval", values(&forty))];
    let mut quick = case("line-log", Line, data(&THREE, &sweep), &[CLIENTS]).log(true, true).says(&[
        "Short polling versus long polling",
        "clients",
        "HTTP traffic (Mbit/s)",
        "1,000",
        "10,000",
        "100,000",
        "10",
        "100",
        "theory",
        "95 % confidence interval",
        "quick run: not for publication",
        "long polling, notified",
    ]);
    quick.note = Some("quick run: not for publication");
    vec![
        quick,
        case("line-linear-40", Line, data(&THREE, &[("short_poll.interval", values(&forty))]), &[INTERVAL])
            .y(&["latency_mean_s"]).says(&["polling interval (s)", "mean data latency (s)"]),
        case("line-eight", Line, data(EIGHT, &sweep), &[CLIENTS]).y(&["latency_mean_s"]).log(true, false)
            .title("八种传输方式的比较：延迟随客户端数量的变化，这个标题很长，必须换行才能放得下，否则就会超出图的边界而看不见，所以要换行")
            .says(&["<b>long & \"short\"</b>", "长轮询，收到通知即答"]),
        case("line-two-metrics", Line, data(&THREE, &sweep), &[CLIENTS]).y(&["latency_mean_s", "latency_p95_s"]).log(true, true)
            .says(&["data latency (s)", "long polling, 95th percentile"]),
        case("line-two-units", Line, data(&THREE, &sweep), &[CLIENTS]).y(&["http_mbit_per_s", "latency_mean_s", "held_requests_mean"]).log(true, false)
            .says(&["HTTP traffic (Mbit/s)", "mean data latency (s)", "mean number of open"]),
        case("line-two-keys", Line, data(&THREE[..2], &two), &[CLIENTS, INTERVAL]).log(true, true)
            .says(&["long polling, polling interval = 5 s"]),
        case("line-many-variants", Line, data(&THREE[..2], &many), &[CLIENTS, INTERVAL]).log(true, true)
            .says(&["long polling, polling interval = 40 s"]),
        case("line-words", Line, data(&THREE, &[("server.on_lost_reply", vec!["drop".into(), "redeliver".into()])]), &[("server.on_lost_reply", None)])
            .y(&["latency_mean_s"]).says(&["on a lost reply", "drop", "redeliver"]),
        case("line-one-point", Line, data(&THREE, &[("clients.count", clients()[..1].to_vec())]), &[CLIENTS]).log(true, true),
        case("line-narrow-log", Line, data(&THREE, &[("clients.count", values(&[1000.0, 1100.0, 1200.0]))]), &[CLIENTS]).log(true, true),
        case("line-zeros-log", Line, data(&THREE, &sweep), &[CLIENTS]).y(&["messages_lost"]).log(true, true).says(&["no data"]),
        case("line-empty", Line, data(&[], &sweep), &[CLIENTS]).says(&["no data", "HTTP traffic (Mbit/s)"]),
    ]
}

fn distributions() -> Vec<Case> {
    use ChartKind::Cdf;
    let sweep = [("clients.count", clients())];
    vec![
        case("cdf-three", Cdf, data(&THREE, &[]), &[]).says(&[
            "data latency (s)",
            "fraction of deliveries",
            "0.0",
            "1.0",
            "long polling, notified",
        ]),
        case("cdf-log", Cdf, data(&THREE, &[]), &[]).log(true, false).says(&["0.1", "1"]),
        case("cdf-sweep", Cdf, data(&THREE, &sweep), &[CLIENTS]).says(&[
            "long polling, clients = 100,000",
            "Drawn: the first, the middle and the last of 5 points of the sweep.",
        ]),
        case("cdf-eight", Cdf, data(EIGHT, &[]), &[]).log(true, false),
        case("cdf-empty", Cdf, data(&[], &[]), &[]).says(&["no data"]),
    ]
}

fn tradeoffs() -> Vec<Case> {
    use ChartKind::Tradeoff;
    let sweep = [("short_poll.interval", values(&[0.5, 1.0, 2.0, 5.0, 10.0]))];
    let two = [("short_poll.interval", values(&[0.5, 1.0, 2.0])), ("clients.count", values(&[100.0, 1000.0]))];
    vec![
        case("tradeoff", Tradeoff, data(&THREE, &sweep), &[INTERVAL]).says(&[
            "HTTP traffic (Mbit/s)",
            "mean data latency (s)",
            "500 ms",
            "10 s",
        ]),
        case("tradeoff-log-clients", Tradeoff, data(EIGHT, &[("clients.count", clients())]), &[CLIENTS])
            .log(true, true),
        case("tradeoff-two-keys", Tradeoff, data(&THREE, &two), &[INTERVAL, CLIENTS]).log(true, true),
        case("tradeoff-no-sweep", Tradeoff, data(&THREE, &[]), &[]),
        case("tradeoff-empty", Tradeoff, data(&[], &sweep), &[INTERVAL]).log(true, true).says(&["no data"]),
    ]
}

fn heatmaps() -> Vec<Case> {
    use ChartKind::Heatmap;
    let two = [("clients.count", clients()), ("short_poll.interval", values(&[1.0, 2.0, 5.0, 10.0]))];
    let fine: Vec<f64> = (1..=40).map(f64::from).collect();
    let many = [("clients.count", values(&fine)), ("short_poll.interval", values(&fine[..25]))];
    let latency = |mut case: Case| {
        case.chart.value = Some("latency_mean_s".to_owned());
        case
    };
    vec![
        latency(case("heatmap", Heatmap, data(&THREE[..2], &two), &[CLIENTS, INTERVAL])).says(&[
            "polling interval (s)",
            "clients",
            "mean data latency (s)",
            "short polling, 1 s",
            "100,000",
        ]),
        case("heatmap-log", Heatmap, data(&THREE, &two), &[CLIENTS, INTERVAL])
            .x("short_poll.interval")
            .y(&["clients.count"])
            .says(&["HTTP traffic (Gbit/s)"]),
        latency(case("heatmap-one-fine", Heatmap, data(&THREE[..1], &many), &[CLIENTS, INTERVAL])),
        latency(case("heatmap-eight", Heatmap, data(EIGHT, &two), &[CLIENTS, INTERVAL])),
        case("heatmap-empty", Heatmap, data(&[], &two), &[CLIENTS, INTERVAL]).says(&["no data"]),
    ]
}

fn bars() -> Vec<Case> {
    use ChartKind::Bar;
    let sweep = [("clients.count", clients())];
    vec![
        case("bar", Bar, data(EIGHT, &[]), &[])
            .x("transport")
            .y(&["latency_mean_s"])
            .says(&["mean data latency (s)", "0"]),
        case("bar-grouped-log", Bar, data(&THREE, &sweep), &[CLIENTS]).log(false, true).says(&[
            "1,000",
            "long polling",
            "theory",
            "HTTP traffic (Mbit/s)",
        ]),
        case("bar-metrics", Bar, data(&THREE, &[]), &[])
            .y(&["latency_mean_s", "latency_p95_s", "http_mbit_per_s"])
            .says(&["mean", "95th percentile"]),
        case("bar-transport-sweep", Bar, data(&THREE, &sweep), &[CLIENTS])
            .x("transport")
            .log(false, true)
            .says(&["clients = 1,000"]),
        case("bar-eight-grouped", Bar, data(EIGHT, &sweep), &[CLIENTS]).y(&["latency_mean_s"]),
        case("bar-empty", Bar, data(&[], &[]), &[]).says(&["no data"]),
        case("line-no-sweep", ChartKind::Line, data(&THREE, &[]), &[]),
    ]
}

fn timelines() -> Vec<Case> {
    use ChartKind::Timeline;
    let mut events = case("timeline-events", Timeline, data(&THREE, &[]), &[]).says(&["warm-up", "restart", "crowd"]);
    events.spans = [("warm-up", 0.0, 120.0), ("restart", 121.0, 125.0), ("crowd", 130.0, 130.0)]
        .map(|(name, from, to)| Period { from, to, name: name.to_owned() })
        .to_vec();
    let mut panels = case("timeline-panels", Timeline, data(&THREE[..1], &[("clients.count", clients())]), &[CLIENTS])
        .y(&["messages_delivered_per_s"])
        .log(false, true)
        .says(&["clients = 100,000", "All curves: short polling, 1 s."]);
    panels.chart.view.panels = Some("clients.count".to_owned());
    panels.spans.clone_from(&events.spans);
    let points = data(&THREE, &[("clients.count", clients())]);
    vec![
        events,
        panels,
        case("timeline", Timeline, data(&THREE, &[]), &[]).says(&[
            "time (min)",
            "HTTP traffic (Mbit/s)",
            "open requests",
        ]),
        case("timeline-one", Timeline, points.clone(), &[CLIENTS]).y(&["requests_per_s"]).says(&["request rate (1/s)"]),
        case("timeline-log", Timeline, data(EIGHT, &[]), &[]).y(&["requests_per_s"]).log(false, true),
        case("timeline-bands", Timeline, data(&THREE, &[]).with_bin_intervals(), &[])
            .says(&["95 % confidence interval"]),
        case("timeline-typical", Timeline, points.with_bin_intervals(), &[CLIENTS])
            .says(&["95 % confidence intervals: half-widths of 10 % in a typical bin."]),
        case("timeline-empty", Timeline, data(&[], &[]), &[]).says(&["no data"]),
    ]
}
