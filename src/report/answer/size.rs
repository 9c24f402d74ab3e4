//! The size of a study in words.

use super::tabled::Tabled;
use crate::experiment::Experiment;
use crate::report::chart::plain_number;
use crate::units::Time;

/// `2 transports, 7 points, 20 replications of 30 min, 12.1 s`.
pub(super) fn words(tabled: &Tabled, seconds: Option<f64>) -> String {
    let experiment = &*tabled.experiment;
    let mut parts = Vec::new();
    if experiment.is_mix() {
        parts.push("a mix of clients".to_owned());
    }
    parts.push(counted(experiment.transports().len(), "transport"));
    if experiment.points() > 1 {
        parts.push(counted(experiment.points(), if experiment.search().is_some() { "point tried" } else { "point" }));
    }
    parts.push(replications(experiment, tabled.readings.replications()));
    if experiment.quick() {
        parts.push("quick".to_owned());
    }
    parts.extend(seconds.map(taken));
    parts.join(", ")
}

fn counted(count: usize, what: &str) -> String {
    match what.split_once(' ') {
        _ if count == 1 => format!("1 {what}"),
        Some((noun, rest)) => format!("{count} {noun}s {rest}"),
        None => format!("{count} {what}s"),
    }
}

/// The number of replications, which may depend on the point, and their length. Earlier tables do not have the number.
fn replications(experiment: &Experiment, of_table: Option<(u32, u32)>) -> String {
    let (least, most) = of_table.unwrap_or_else(|| {
        let counts = experiment.replications_of_points();
        (counts.iter().min().copied().unwrap_or(1), counts.iter().max().copied().unwrap_or(1))
    });
    let count = match (least, most) {
        (1, 1) => "1 replication".to_owned(),
        _ if least == most => format!("{least} replications"),
        _ => format!("{least} to {most} replications"),
    };
    let varies = experiment.swept().iter().any(|key| key.path == "experiment.duration");
    let points = if varies { experiment.points() } else { 1 };
    let durations = (0..points).filter_map(|point| Some(experiment.scenarios(point).first()?.window.duration));
    let mut durations: Vec<Time> = durations.collect();
    durations.sort();
    match (durations.first(), durations.last()) {
        (Some(least), Some(most)) if least == most => format!("{count} of {}", span(*least)),
        (Some(least), Some(most)) => format!("{count} of {} to {}", span(*least), span(*most)),
        _ => count,
    }
}

/// A time in the largest unit in which it is a whole number.
fn span(time: Time) -> String {
    const UNITS: [(&str, u64); 3] = [("d", 86_400), ("h", 3_600), ("min", 60)];
    const SECOND: u64 = 1_000_000_000;
    let fits = |(_, seconds): &&(&str, u64)| time.0 > 0 && time.0.is_multiple_of(seconds * SECOND);
    match UNITS.iter().find(fits) {
        Some((unit, seconds)) => format!("{} {unit}", time.0 / (seconds * SECOND)),
        None => time.to_string(),
    }
}

/// The time that a run took: it need not be exact.
fn taken(seconds: f64) -> String {
    if seconds < 60.0 {
        return format!("{} s", plain_number(libm::round(seconds * 10.0) / 10.0));
    }
    let minutes = libm::round(seconds / 60.0);
    if minutes < 120.0 { format!("{minutes} min") } else { format!("{:.1} h", minutes / 60.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_in_units_of_people() {
        assert_eq!(span(Time::from_secs(1_800)), "30 min");
        assert_eq!(span(Time::from_secs(7_200)), "2 h");
        assert_eq!(span(Time::from_secs(90)), "90 s");
        assert_eq!([0.04, 1.74, 12.06, 200.0, 9_000.0].map(taken), ["0 s", "1.7 s", "12.1 s", "3 min", "2.5 h"]);
    }
}
