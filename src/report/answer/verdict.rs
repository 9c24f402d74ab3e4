//! What can be said of transports at one point.

use super::display_unit::DisplayUnit;
use super::ratio::{PairedValue, differ, differ_in_pairs, fewer, more};
use super::rival::Rival;
use crate::model::Metric;
use crate::report::digits::Digits;
use crate::stats::Estimate;

/// Who sends the fewest bytes, or how many against the baseline; who is fastest, and whose messages do not arrive.
pub(super) fn verdict(rivals: &[Rival], baseline: Option<&str>) -> String {
    let heard: Vec<&Rival> = rivals.iter().filter(|rival| rival.has_messages).collect();
    let mut text = match heard.as_slice() {
        [] => return "No message arrived: there is nothing to compare.".to_owned(),
        [one] => alone(one),
        several => compared(several, baseline),
    };
    for rival in rivals.iter().filter(|rival| !rival.has_messages) {
        text.extend([" With ", &rival.name, " no message arrived."]);
    }
    text + &of_few(&heard)
}

/// A transport without another.
fn alone(rival: &Rival) -> String {
    let latency = rival.late.map(|late| {
        let of_these =
            if rival.few.is_some() { "of the messages that arrive, 95 % do so" } else { "95 % of the messages arrive" };
        let mean = rival.mean.map(|mean| format!(" ({} on average)", quantity(Metric::LatencyMean, &mean)));
        format!("{of_these} within {}{}", quantity(Metric::LatencyP95, &late), mean.unwrap_or_default())
    });
    let costs: Vec<String> = [
        rival.bytes.as_ref().map(|bytes| quantity(Metric::HttpBytesPerMessage, &bytes.estimate)),
        rival.requests.map(|requests| format!("{} requests", quantity(Metric::RequestsPerMessage, &requests))),
    ]
    .into_iter()
    .flatten()
    .collect();
    let costs = if costs.is_empty() { None } else { Some(format!("a message costs {}", costs.join(" and "))) };
    let said: Vec<String> = latency.into_iter().chain(costs).collect();
    format!("{}: {}.", rival.name, said.join("; "))
}

fn compared(rivals: &[&Rival], baseline: Option<&str>) -> String {
    let against = baseline.and_then(|baseline| of_bytes_against(rivals, baseline));
    let (bytes, leader) = match against {
        Some(text) => (Some(text), None),
        None => of_bytes(rivals),
    };
    let latency = of_latency(rivals, leader);
    match (bytes, latency) {
        (Some(bytes), Some(latency)) => format!("{bytes}; {latency}."),
        (Some(only), None) | (None, Some(only)) => format!("{only}."),
        (None, None) => "The transports cannot be compared.".to_owned(),
    }
}

/// Who sends the fewest bytes for each message, and by how much; the number of who does, if it is one.
fn of_bytes(rivals: &[&Rival]) -> (Option<String>, Option<usize>) {
    let apart = |one: &Rival, other: &Rival| differ_in_pairs(one.bytes.as_ref()?, other.bytes.as_ref()?);
    let (order, first) = ranked(rivals, |rival| Some(rival.bytes.as_ref()?.estimate), apart);
    let Some((leader, _)) = order.first() else { return (None, None) };
    let names = named(rivals, &order[..first]);
    if first == order.len() {
        return (
            Some(format!("{} cannot be told apart by the bytes that they send for each message", upper_first(&names))),
            None,
        );
    }
    let verb = if first == 1 { "sends" } else { "send" };
    let than = |(place, _): &(usize, Estimate)| {
        let (least, other) = (rivals[*leader].bytes.as_ref()?, rivals[*place].bytes.as_ref()?);
        fewer(least, other).map(|fewer| format!("{fewer} than {}", rivals[*place].name))
    };
    let last = if order.len() > first + 1 { than(&order[order.len() - 1]) } else { None };
    let factors: Vec<String> = than(&order[first]).into_iter().chain(last).collect();
    let factors = if factors.is_empty() { String::new() } else { format!(", {}", factors.join(" and ")) };
    let text = format!("{} {verb} the fewest bytes for each message{factors}", upper_first(&names));
    (Some(text), if first == 1 { Some(*leader) } else { None })
}

/// More transports than this are not compared with the baseline one by one.
const MOST_AGAINST: usize = 5;

/// The bytes for each message against those of the baseline; `None` if it has several variants here, or if there are too
/// many others.
fn of_bytes_against(rivals: &[&Rival], baseline: &str) -> Option<String> {
    let is_base = |rival: &&&Rival| rival.transport == baseline;
    let mut bases = rivals.iter().filter(is_base);
    let (Some(base), None) = (bases.next(), bases.next()) else { return None };
    let base = base.bytes.as_ref()?;
    let others: Vec<(&str, &PairedValue)> = rivals
        .iter()
        .filter(|rival| !is_base(rival))
        .filter_map(|rival| Some((rival.name.as_str(), rival.bytes.as_ref()?)))
        .collect();
    if others.is_empty() || others.len() > MOST_AGAINST {
        return None;
    }
    let part = |(place, (name, bytes)): (usize, &(&str, &PairedValue))| {
        let (is_less, apart) = (bytes.estimate.value < base.estimate.value, differ_in_pairs(bytes, base));
        let amount = match (apart, is_less) {
            (Some(false), _) => "as many".to_owned(),
            (None, _) if bytes.estimate.value.total_cmp(&base.estimate.value).is_eq() => "as many".to_owned(),
            (_, true) => fewer(bytes, base)?,
            (_, false) => more(bytes, base)?,
        };
        // `11 times fewer bytes`, but `as many bytes`: the noun comes last.
        let (verb, noun) = if place == 0 { (" sends", " bytes for each message") } else { ("", "") };
        Some(format!("{name}{verb} {amount}{noun}"))
    };
    let parts: Option<Vec<String>> = others.iter().enumerate().map(part).collect();
    Some(format!("Against {baseline}, {}", parts?.join(", ")))
}

/// Who is fastest, among those whose messages arrive; `leader` is the one that was just named.
fn of_latency(rivals: &[&Rival], leader: Option<usize>) -> Option<String> {
    if rivals.iter().all(|rival| rival.late.is_none()) {
        return Some(
            "a message exists only in the request that finds it, so that there is no latency to compare".to_owned(),
        );
    }
    let (order, first) = ranked(
        rivals,
        |rival| if rival.few.is_none() { rival.late } else { None },
        |one, other| differ(&one.late?, &other.late?),
    );
    let (_, least) = order.first()?;
    let within = match least.value {
        0.0 => "95 % of the messages arrive at once".to_owned(),
        _ => format!("95 % of the messages arrive within {}", quantity(Metric::LatencyP95, least)),
    };
    let fastest = &order[..first];
    let leads = leader.is_some_and(|leader| fastest.iter().any(|(place, _)| *place == leader));
    let known = order.len();
    Some(match (first, leads) {
        (1, true) => format!("it is also the fastest: {within}"),
        (_, _) if first == known && known == rivals.len() => format!("all are as fast: {within}"),
        (2, true) => format!("one other is as fast: {within}"),
        (_, true) => format!("{} others are as fast: {within}", number(first - 1)),
        (1, false) => format!("{} is the fastest: {within}", named(rivals, fastest)),
        (_, false) => format!("{} are the fastest: {within}", named(rivals, fastest)),
    })
}

/// Transports with a value, the least first, and how many of them cannot be told apart from the first.
/// `differ` says whether two can be told apart, as far as that is known.
fn ranked(
    rivals: &[&Rival],
    value: impl Fn(&Rival) -> Option<Estimate>,
    differ: impl Fn(&Rival, &Rival) -> Option<bool>,
) -> (Vec<(usize, Estimate)>, usize) {
    let values = rivals.iter().enumerate().filter_map(|(place, rival)| Some((place, value(rival)?)));
    let mut order: Vec<(usize, Estimate)> = values.collect();
    // Of equal values an exact one stands for all.
    let half = |estimate: &Estimate| estimate.half_width().unwrap_or(f64::INFINITY);
    order.sort_by(|(_, one), (_, other)| one.value.total_cmp(&other.value).then(half(one).total_cmp(&half(other))));
    let Some((first, least)) = order.first().copied() else { return (order, 0) };
    let is_tied = |(place, other): &(usize, Estimate)| {
        *place == first || !differ(rivals[first], rivals[*place]).unwrap_or(least.value < other.value)
    };
    // Those that are tied need not be next to each other, as some intervals are wider.
    let (tied, apart): (Vec<_>, Vec<_>) = order.into_iter().partition(is_tied);
    let count = tied.len();
    (tied.into_iter().chain(apart).collect(), count)
}

/// What is said of transports whose messages do not all arrive.
fn of_few(rivals: &[&Rival]) -> String {
    let few: Vec<(&str, f64)> = rivals.iter().filter_map(|rival| Some((rival.name.as_str(), rival.few?))).collect();
    match few.as_slice() {
        [] => String::new(),
        [(name, share)] => {
            format!(" Of the messages of {name} {} arrived: its latency is that of those alone.", percent(*share))
        }
        several => {
            let least = several.iter().map(|(_, share)| *share).fold(1.0, f64::min);
            format!(
                " Less than 99 % of the messages arrived with {} of these (at least {}): their latencies are those of what \
                 arrived.",
                number(several.len()),
                percent(least)
            )
        }
    }
}

/// To one decimal, but never rounded up to enough.
fn percent(share: f64) -> String {
    format!("{:.1} %", f64::min(share * 100.0, 98.9))
}

/// A value with its unit; `about` without an interval.
fn quantity(metric: Metric, estimate: &Estimate) -> String {
    let unit = DisplayUnit::of(metric, [estimate.value].into_iter());
    let shown = unit.convert(estimate);
    let digits = Digits::of(&shown);
    let about = if digits == Digits::Rough && estimate.value != 0.0 { "about " } else { "" };
    let gap = if unit.name.is_empty() { "" } else { " " };
    format!("{about}{}{gap}{}", digits.write(shown.value), unit.name)
}

/// The names of a few transports, or their number.
fn named(rivals: &[&Rival], places: &[(usize, Estimate)]) -> String {
    let name = |place: usize| rivals[places[place].0].name.as_str();
    match places.len() {
        1 => name(0).to_owned(),
        2 => format!("{} and {}", name(0), name(1)),
        count if count == rivals.len() => format!("the {}", counted(count)),
        count => counted(count),
    }
}

/// `four transports`.
fn counted(count: usize) -> String {
    format!("{} transports", number(count))
}

/// A small number in words.
fn number(count: usize) -> String {
    const WORDS: [&str; 11] = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    WORDS.get(count).map_or_else(|| count.to_string(), |word| (*word).to_owned())
}

/// The first letter large, if the text is a number in words; names stay as they are written.
fn upper_first(text: &str) -> String {
    match text.strip_prefix("the ") {
        Some(rest) => format!("The {rest}"),
        None => text.to_owned(),
    }
}
