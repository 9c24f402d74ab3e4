//! What can be said of transports at one point.

use std::fmt;

use super::ratio::{PairedValue, Standing, fewer, more};
use super::rival::Rival;
use crate::model::Metric;
use crate::report::digits::Digits;
use crate::report::display_unit::DisplayUnit;
use crate::report::survivors::{Rest, Survivors};
use crate::stats::Estimate;

/// What is said of transports at one point.
#[derive(Debug)]
pub(super) struct SaidOfPoint {
    /// The parts of the first sentence.
    pub clauses: Vec<String>,
    /// Further sentences.
    pub more: Vec<String>,
}

impl fmt::Display for SaidOfPoint {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}.", self.clauses.join("; "))?;
        self.more.iter().try_for_each(|sentence| write!(f, " {sentence}"))
    }
}

impl SaidOfPoint {
    /// Takes out of both what they have in common: the sentences, and the end of the first one if that stands by itself.
    pub fn common(&mut self, other: &mut SaidOfPoint) -> Vec<String> {
        let mut common = Vec::new();
        let is_end = |said: &SaidOfPoint| matches!(said.clauses.as_slice(), [_, .., last] if last == NEVER_LATE);
        if is_end(self) && is_end(other) {
            self.clauses.pop();
            other.clauses.pop();
            common.push(format!("{NEVER_LATE}."));
        }
        common.extend(self.more.iter().filter(|sentence| other.more.contains(sentence)).cloned());
        for said in [self, other] {
            said.more.retain(|sentence| !common.contains(sentence));
        }
        common
    }
}

/// Who sends the fewest bytes, or how many against the baseline; who is fastest, and whose messages do not arrive.
pub(super) fn verdict(rivals: &[Rival], baseline: Option<&str>) -> SaidOfPoint {
    let heard: Vec<&Rival> = rivals.iter().filter(|rival| rival.has_messages).collect();
    let clauses = match heard.as_slice() {
        [] => {
            let nothing = "No message arrived: there is nothing to compare".to_owned();
            return SaidOfPoint { clauses: vec![nothing], more: Vec::new() };
        }
        [one] => vec![alone(one)],
        several => compared(several, baseline),
    };
    let unheard = rivals.iter().filter(|rival| !rival.has_messages);
    let more = unheard.map(|rival| format!("With {} no message arrived.", rival.name)).chain(of_few(&heard)).collect();
    SaidOfPoint { clauses, more }
}

/// A transport without another.
fn alone(rival: &Rival) -> String {
    let latency = rival.late.as_ref().map(|late| {
        let of_these =
            if rival.few.is_some() { "of the messages that arrive, 95 % do so" } else { "95 % of the messages arrive" };
        let mean = rival.mean.map(|mean| format!(" ({} on average)", quantity(Metric::LatencyMean, &mean)));
        format!("{of_these} within {}{}", quantity(Metric::LatencyP95, &late.estimate), mean.unwrap_or_default())
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
    format!("{}: {}", rival.name, said.join("; "))
}

fn compared(rivals: &[&Rival], baseline: Option<&str>) -> Vec<String> {
    let against = baseline.and_then(|baseline| of_bytes_against(rivals, baseline));
    let (bytes, leader) = match against {
        Some(text) => (Some(text), None),
        None => of_bytes(rivals),
    };
    let clauses: Vec<String> = bytes.into_iter().chain(of_latency(rivals, leader)).collect();
    if clauses.is_empty() { vec!["The transports cannot be compared".to_owned()] } else { clauses }
}

/// Who sends the fewest bytes for each message, and by how much; the number of who does, if it is one.
fn of_bytes(rivals: &[&Rival]) -> (Option<String>, Option<usize>) {
    let Ranking { order, first, are_alike } = ranked(rivals, |rival| rival.bytes.as_ref());
    let Some((leader, _)) = order.first() else { return (None, None) };
    let names = upper_first(&named(rivals, &order[..first]));
    if first == order.len() {
        let all = match are_alike {
            true => format!("{names} send as many bytes for each message"),
            false => format!("{names} cannot be told apart by the bytes that they send for each message"),
        };
        return (Some(all), None);
    }
    let verb = match (first, are_alike) {
        (1, _) => "sends",
        (_, true) => "send",
        (_, false) => "cannot be told apart, and send",
    };
    let than = |(place, _): &(usize, Estimate)| {
        let (least, other) = (rivals[*leader].bytes.as_ref()?, rivals[*place].bytes.as_ref()?);
        fewer(least, other).map(|fewer| format!("{fewer} than {}", rivals[*place].name))
    };
    let last = if order.len() > first + 1 { than(&order[order.len() - 1]) } else { None };
    let factors: Vec<String> = than(&order[first]).into_iter().chain(last).collect();
    let factors = if factors.is_empty() { String::new() } else { format!(", {}", factors.join(" and ")) };
    let text = format!("{names} {verb} the fewest bytes for each message{factors}");
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
    let (unknown, told): (Vec<_>, Vec<_>) =
        others.into_iter().partition(|(_, bytes)| bytes.standing(base) == Standing::Unknown);
    let part = |(place, (name, bytes)): (usize, &(&str, &PairedValue))| {
        let is_less = bytes.estimate.value < base.estimate.value;
        let amount = match (bytes.standing(base), is_less) {
            (Standing::Alike, _) => "as many".to_owned(),
            (_, true) => fewer(bytes, base)?,
            (_, false) => more(bytes, base)?,
        };
        // `11 times fewer bytes`, but `as many bytes`: the noun comes last.
        let (verb, noun) = if place == 0 { (" sends", " bytes for each message") } else { ("", "") };
        Some(format!("{name}{verb} {amount}{noun}"))
    };
    let parts = told.iter().enumerate().map(part).collect::<Option<Vec<String>>>()?;
    let unknown = unknown.into_iter().map(|(name, _)| name).collect::<Vec<_>>().join(" and ");
    let told = format!("Against {baseline}, {}", parts.join(", "));
    Some(match (parts.is_empty(), unknown.is_empty()) {
        (_, true) => told,
        (false, false) => format!("{told}; {unknown} cannot be told apart from {baseline} by them"),
        (true, false) => format!("{unknown} cannot be told apart from {baseline} by the bytes for each message"),
    })
}

/// What is said of latencies that are 0 by definition.
const NEVER_LATE: &str = "a message exists only in the request that finds it, so that there is no latency to compare";

/// Who is fastest, among those whose messages arrive; `leader` is the one that was just named.
fn of_latency(rivals: &[&Rival], leader: Option<usize>) -> Option<String> {
    if rivals.iter().all(|rival| rival.late.is_none()) {
        return Some(NEVER_LATE.to_owned());
    }
    let Ranking { order, first, are_alike } =
        ranked(rivals, |rival| if rival.few.is_none() { rival.late.as_ref() } else { None });
    let (least, estimate) = order.first()?;
    let within = match estimate.value {
        0.0 => "95 % of the messages arrive at once".to_owned(),
        _ => format!("95 % of the messages arrive within {}", quantity(Metric::LatencyP95, estimate)),
    };
    // What holds for one of several that differ is said of that one.
    let with = format!("with {} {within}", rivals[*least].name);
    let fastest = &order[..first];
    let leads = leader.is_some_and(|leader| fastest.iter().any(|(place, _)| *place == leader));
    let are_all = first == order.len() && first == rivals.len();
    let others = || if first == 2 { "one other".to_owned() } else { format!("{} others", number(first - 1)) };
    Some(match (first, leads, are_alike) {
        (1, true, _) => format!("it is also the fastest: {within}"),
        (1, false, _) => format!("{} is the fastest: {within}", named(rivals, fastest)),
        (_, _, true) if are_all => format!("all are as fast: {within}"),
        (_, _, false) if are_all => format!("the latencies cannot be told apart: {with}"),
        (2, true, true) => format!("{} is as fast: {within}", others()),
        (_, true, true) => format!("{} are as fast: {within}", others()),
        (_, true, false) => format!("{} cannot be told apart from it by the latency: {with}", others()),
        (_, false, true) => format!("{} are the fastest: {within}", named(rivals, fastest)),
        (_, false, false) => format!("{} cannot be told apart, and are the fastest: {with}", named(rivals, fastest)),
    })
}

/// Transports with a value, the least first.
struct Ranking {
    order: Vec<(usize, Estimate)>,
    /// How many cannot be told apart from the first, with it.
    first: usize,
    /// Whether these are alike.
    are_alike: bool,
}

fn ranked<'a>(rivals: &[&'a Rival], value: impl Fn(&'a Rival) -> Option<&'a PairedValue>) -> Ranking {
    let values = rivals.iter().enumerate().filter_map(|(place, rival)| Some((place, value(rival)?)));
    let mut order: Vec<(usize, &PairedValue)> = values.collect();
    // Of equal values an exact one stands for all.
    let half = |value: &PairedValue| value.estimate.half_width().unwrap_or(f64::INFINITY);
    order.sort_by(|(_, one), (_, other)| {
        one.estimate.value.total_cmp(&other.estimate.value).then(half(one).total_cmp(&half(other)))
    });
    let Some((first, least)) = order.first().copied() else {
        return Ranking { order: Vec::new(), first: 0, are_alike: true };
    };
    let standing = |(place, other): &(usize, &PairedValue)| match *place == first {
        true => Standing::Alike,
        false => least.standing(other),
    };
    // Those that are tied need not be next to each other, as some intervals are wider.
    let (apart, tied): (Vec<_>, Vec<_>) = order.into_iter().partition(|rival| standing(rival) == Standing::Apart);
    let are_alike = tied.iter().all(|rival| standing(rival) == Standing::Alike);
    let count = tied.len();
    let order = tied.into_iter().chain(apart).map(|(place, value)| (place, value.estimate)).collect();
    Ranking { order, first: count, are_alike }
}

/// What is said of transports whose messages do not all arrive.
fn of_few(rivals: &[&Rival]) -> Option<String> {
    let few: Vec<(&str, Survivors)> =
        rivals.iter().filter_map(|rival| Some((rival.name.as_str(), rival.few?))).collect();
    match few.as_slice() {
        [] => None,
        [(name, Survivors { share, rest: Rest::Lost })] => {
            Some(format!("Of the messages of {name} {} arrived: its latency is that of those alone.", percent(*share)))
        }
        [(name, Survivors { share, rest: Rest::Waiting })] => Some(format!(
            "With {name} the backlog grows: {} of the messages arrived by the end, and its latency is that of those alone.",
            percent(*share)
        )),
        several => {
            let least = several.iter().map(|(_, few)| few.share).fold(1.0, f64::min);
            Some(format!(
                "Not all messages arrived with {} of these (at least {}): their latencies are those of what arrived.",
                number(several.len()),
                percent(least)
            ))
        }
    }
}

/// To one decimal, but never rounded up to enough.
fn percent(share: f64) -> String {
    format!("{:.1} %", f64::min(share * 100.0, 98.9))
}

/// A value with its unit; `about` without an interval.
pub(super) fn quantity(metric: Metric, estimate: &Estimate) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_two_points_have_in_common_is_taken_out_of_both() {
        let said = |bytes: &str, more: &[&str]| SaidOfPoint {
            clauses: vec![bytes.to_owned(), NEVER_LATE.to_owned()],
            more: more.iter().map(|sentence| (*sentence).to_owned()).collect(),
        };
        let (mut one, mut other) = (said("a sends 2", &["With b.", "With c."]), said("a sends 3", &["With c."]));
        assert_eq!(one.common(&mut other), [format!("{NEVER_LATE}."), "With c.".to_owned()]);
        assert_eq!([one.to_string(), other.to_string()], ["a sends 2. With b.", "a sends 3."]);
        // Nothing is left without a word.
        let mut alone = SaidOfPoint { clauses: vec![NEVER_LATE.to_owned()], more: Vec::new() };
        assert!(alone.common(&mut said("a", &[])).is_empty());
    }
}
