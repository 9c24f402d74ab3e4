//! The table of a trace: `trace.csv`.

use super::seconds::exact;
use super::story::{Actor, StoryLine};
use super::telling::Telling;
use super::words;
use super::{ClientTrace, TracedLife};
use crate::report::table::of_word;

/// The columns of `trace.csv`.
pub const TRACE_COLUMNS: [&str; 13] = [
    "time_s",
    "transport",
    "client",
    "request",
    "event",
    "from",
    "to",
    "bytes",
    "message",
    "other_time_s",
    "latency_s",
    "count",
    "words",
];

/// A row for each event, tidy: the transports one after the other, each in order of time.
///
/// # Errors
/// If the table cannot be made, which does not happen in memory.
pub fn trace_csv(trace: &ClientTrace) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(TRACE_COLUMNS)?;
    for life in &trace.lives {
        for line in Telling::of(life).lines.iter().filter(|line| line.at < trace.to) {
            writer.write_record(cells(trace.client, life, line))?;
        }
    }
    let bytes = writer.into_inner().map_err(csv::IntoInnerError::into_error)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn cells(client: u32, life: &TracedLife, line: &StoryLine) -> [String; 13] {
    let number = |value: Option<u64>| value.map(|value| value.to_string()).unwrap_or_default();
    let messages = line.messages.map(|(first, last)| match first == last {
        true => first.to_string(),
        false => format!("{first}-{last}"),
    });
    [
        exact(line.at),
        of_word(&life.name()).into_owned(),
        client.to_string(),
        words::request(line.request, life.is_push()),
        line.event.to_owned(),
        line.from.word().to_owned(),
        line.to.map(Actor::word).unwrap_or_default().to_owned(),
        number(line.bytes),
        messages.unwrap_or_default(),
        line.until.map(exact).unwrap_or_default(),
        line.latency.map(exact).unwrap_or_default(),
        number(line.count),
        line.words.clone(),
    ]
}
