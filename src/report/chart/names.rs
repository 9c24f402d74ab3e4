//! Names of metrics, columns of the time line and swept keys on axes and in legends.

use std::collections::BTreeSet;

use super::axis_title::AxisTitle;
use crate::experiment::chart::SweptKey;
use crate::model::Metric;

/// A quantity with its labels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AxisQuantity {
    /// On an axis of its own.
    pub name: String,
    /// The common name of related quantities on one axis.
    pub family: String,
    /// Among related quantities, in the legend.
    pub short: String,
    /// Unit, empty for plain numbers.
    pub unit: String,
    /// Whether it is a part of a whole.
    pub is_share: bool,
}

impl AxisQuantity {
    /// Its title on an axis.
    pub fn title(&self) -> AxisTitle {
        AxisTitle { name: self.name.clone(), unit: self.unit.clone() }
    }

    /// Quantities with the same key share an axis.
    pub fn axis_key(&self) -> &str {
        if self.unit.is_empty() { &self.family } else { &self.unit }
    }
}

/// The title of an axis that several quantities share.
pub fn shared_title<'a>(quantities: impl Iterator<Item = &'a AxisQuantity>) -> AxisTitle {
    match quantities.collect::<Vec<_>>().as_slice() {
        [] => AxisTitle::default(),
        [one] => one.title(),
        several => {
            let families = distinct(several.iter().map(|quantity| quantity.family.as_str()));
            AxisTitle { name: families.join(", "), unit: several[0].unit.clone() }
        }
    }
}

/// The words without repetition, in order.
pub fn distinct<'a>(words: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    words.filter(|word| seen.insert(*word)).map(str::to_owned).collect()
}

/// The parts that are not empty, with commas.
pub fn joined(parts: &[&str]) -> String {
    parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(", ")
}

/// Columns that are not metrics: name of the column, labels as of [`Metric::labels`], unit.
const COLUMNS: &[(&str, [&str; 3], &str)] = &[
    ("latency_s", ["data latency", "data latency", "latency"], "s"),
    ("held_requests", ["open requests", "open requests", "open requests"], ""),
    ("messages_delivered_per_s", ["messages delivered", "messages delivered", "messages delivered"], "1/s"),
];

/// The quantity in a column; the column's name if it is unknown.
pub fn column(name: &str) -> AxisQuantity {
    let metric = Metric::from_name(name);
    let is_share = metric.is_some_and(|metric| metric.unit().is_empty() && name.ends_with("_fraction"));
    let ([full, family, short], unit) = match metric {
        Some(metric) => (metric.labels(), metric.unit()),
        None => COLUMNS.iter().find(|entry| entry.0 == name).map_or(([name; 3], ""), |entry| (entry.1, entry.2)),
    };
    AxisQuantity { name: full.into(), family: family.into(), short: short.into(), unit: unit.into(), is_share }
}

/// Dotted path and name of keys that are often swept; in a transport the path is followed by its end.
const KEYS: &[[&str; 2]] = &[
    ["clients.count", "clients"],
    ["clients.start_within", "spread of client starts"],
    ["clients.timeout", "client timeout"],
    ["timeout", "client timeout"],
    ["clients.on_timeout", "after a timeout"],
    ["source.tick.every", "source tick interval"],
    ["source.tick.hit", "probability of new data per tick"],
    ["source.hit", "probability of new data per check"],
    ["source.poisson.rate", "message rate"],
    ["source.periodic.every", "message interval"],
    ["source.payload", "payload"],
    ["source.scope", "scope of the source"],
    ["source.keep", "messages kept"],
    ["http.request_header", "request header"],
    ["http.response_header", "response header"],
    ["http.request_body", "request body"],
    ["http.empty_body", "body of an empty reply"],
    ["http.message_framing", "framing per message"],
    ["server.workers", "workers"],
    ["server.backlog", "backlog"],
    ["server.service.constant", "work per request"],
    ["server.service.exponential", "mean work per request"],
    ["proxy.read_timeout", "proxy timeout"],
    ["clients.on_timeout.retry.first", "first wait after a timeout"],
    ["clients.on_timeout.retry.max", "longest wait after timeouts"],
    ["clients.on_timeout.retry.factor", "growth of the wait after timeouts"],
    ["clients.on_timeout.retry.jitter", "jitter of the waits after timeouts"],
    ["clients.on_error.retry.first", "first wait after an error"],
    ["clients.on_error.retry.max", "longest wait after errors"],
    ["clients.on_error.retry.factor", "growth of the wait"],
    ["clients.on_error.retry.jitter", "jitter of the waits"],
    ["server.check.every", "server check interval"],
    ["server.check.count", "server checks per request"],
    ["server.check", "server check"],
    ["clients.tabs_per_browser", "tabs per browser"],
    ["clients.sends.poisson.rate", "messages that a client sends"],
    ["source.size", "clients of a group"],
    ["network.server_link", "link of the server"],
    ["network.server_link.up", "link to the server"],
    ["network.server_link.down", "link from the server"],
    ["network.client_link", "link of a client"],
    ["network.client_link.up", "link from a client"],
    ["network.client_link.down", "link to a client"],
    ["network.loss.rate", "share of packets lost"],
    ["network.loss.timeout", "timeout of a packet"],
    ["clients.connections_per_host", "connections per host"],
    ["clients.arrival_rate", "clients that come"],
    ["clients.crowd.count", "clients in the crowd"],
    ["clients.session.exponential", "mean session"],
    ["server.restart.down", "time down"],
    ["server.hold", "longest hold"],
    ["server.on_lost_reply", "on a lost reply"],
    ["server.notices_disconnect", "server notices disconnects"],
    ["adaptive_poll.min", "shortest polling interval"],
    ["adaptive_poll.max", "longest polling interval"],
    ["adaptive_poll.factor", "growth of the polling interval"],
    ["streaming.recycle_after", "longest response"],
    ["sse.recycle_after", "longest response"],
    ["streaming.recycle_bytes", "largest response"],
    ["sse.recycle_bytes", "largest response"],
    ["streaming.keep_alive", "keep-alive interval"],
    ["sse.keep_alive", "keep-alive interval"],
    ["websocket.keep_alive", "ping interval"],
    ["websocket.recycle_after", "longest connection"],
    ["sse.retry", "wait before the next request"],
    ["streaming.retry", "wait before the next request"],
    ["websocket.retry", "wait before the next handshake"],
    ["share", "share"],
    ["count", "clients"],
    ["short_poll.interval", "polling interval"],
    ["short_poll.pace", "polling pace"],
    ["long_poll.turnaround", "client turnaround"],
    ["long_poll.hold", "longest hold"],
    ["long_poll.check.every", "server check interval"],
    ["long_poll.check.count", "server checks per request"],
    ["network.up.constant", "one-way delay up"],
    ["network.down.constant", "one-way delay down"],
    ["network.up.lognormal.median", "median one-way delay up"],
    ["network.down.lognormal.median", "median one-way delay down"],
    ["cost.cpu_per_request", "processor time per request"],
    ["cost.cpu_per_check", "processor time per check"],
    ["cost.cpu_per_push", "processor time per push"],
    ["cost.cpu_per_handshake", "processor time per handshake"],
    ["cost.memory_per_connection", "memory per connection"],
    ["cost.memory_per_worker", "memory per worker"],
    ["experiment.warmup", "warm-up"],
    ["experiment.duration", "duration"],
    ["experiment.bin", "time bin"],
    ["experiment.seed", "seed"],
];

/// Ends of the paths of keys that are parts of a whole.
const SHARES: [&str; 3] = [".share", ".loss.rate", ".jitter"];

/// The quantity that a swept key sets, and whose it is; its dotted path if it has no name.
pub fn key(key: &SweptKey) -> AxisQuantity {
    let name = match (own_name(key), &key.owner, population(key)) {
        (Some(name), Some(owner), _) => format!("{name} of {}", owner.name),
        (Some(name), None, Some(population)) => format!("{name} of {population}"),
        (Some(name), None, None) => name.to_owned(),
        (None, ..) => key.path.clone(),
    };
    let unit = key.unit.map_or("", |unit| if unit == "/s" { "1/s" } else { unit });
    let is_share = SHARES.iter().any(|end| key.known.ends_with(end));
    AxisQuantity { name: name.clone(), family: name.clone(), short: name, unit: unit.into(), is_share }
}

/// The population to which a swept key belongs.
fn population(key: &SweptKey) -> Option<&str> {
    let own = key.known.strip_prefix("population.")?;
    let name = key.path.strip_prefix("population.")?.strip_suffix(own)?.strip_suffix('.')?;
    let quoted = |quote: char| name.strip_prefix(quote)?.strip_suffix(quote);
    Some(quoted('"').or_else(|| quoted('\'')).unwrap_or(name))
}

/// The quantity that a swept key sets, without its transport; `None` if it has no name.
pub fn own_name(key: &SweptKey) -> Option<&'static str> {
    let path = match key.owner {
        Some(_) => key.known.strip_prefix("transport.")?,
        None => key.known.strip_prefix("population.").unwrap_or(&key.known),
    };
    KEYS.iter().find(|[known, _]| *known == path).map(|[_, name]| *name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::chart::KeyOwner;

    #[test]
    fn every_metric_has_the_unit_of_its_column() {
        for metric in Metric::ALL {
            let quantity = column(metric.name());
            assert_eq!(
                quantity.unit == "s",
                metric.name().ends_with("_s") && !metric.name().contains("_per_"),
                "{}",
                metric.name()
            );
        }
    }

    #[test]
    fn kin_share_an_axis_and_differ_in_their_short_names() {
        let [mean, p95, age] = ["latency_mean_s", "latency_p95_s", "age_mean_s"].map(column);
        let shared = |one, other| shared_title([one, other].into_iter()).to_string();
        assert_eq!(shared(&mean, &p95), "data latency (s)");
        assert_eq!(shared(&mean, &age), "data latency, age of information (s)");
        assert_ne!(mean.short, p95.short);
    }

    #[test]
    fn keys_have_words_and_units() {
        let swept = |path: &str, known: &str, owner: Option<&str>, unit| SweptKey {
            path: path.into(),
            column: path.into(),
            unit,
            doc: "",
            known: known.into(),
            owner: owner.map(|name| KeyOwner { name: name.into(), run: Some(0) }),
            has_words: false,
        };
        let label = |path: &str, known: &str, owner, unit| key(&swept(path, known, owner, unit)).title().to_string();
        assert_eq!(label("clients.count", "clients.count", None, None), "clients");
        let interval = "transport.short_poll.interval";
        assert_eq!(
            label("transport.'a \"b\"'.interval", interval, Some("a \"b\""), Some("s")),
            "polling interval of a \"b\" (s)"
        );
        assert_eq!(
            label("transport.\"v1.0\".timeout", "transport.timeout", Some("v1.0"), Some("s")),
            "client timeout of v1.0 (s)"
        );
        assert_eq!(label("source.poisson.rate", "source.poisson.rate", None, Some("/s")), "message rate (1/s)");
        assert_eq!(label("some.other", "some.other", None, Some("B")), "some.other (B)");
    }
}
