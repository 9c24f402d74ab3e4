//! Rows of CSV: recorded messages and measured delays.

use csv::StringRecord;

use crate::experiment::diagnostics::Problem;
use crate::experiment::node::Span;
use crate::model::scenario::TraceMessage;
use crate::units::{Bytes, Time, UnitError};

const SECONDS: &str = "allowed: a decimal number of at least 0, without a unit";

fn seconds_message(column: &str, error: &UnitError) -> String {
    match error {
        UnitError::NotANumber { text } => format!("`{text}` is not a time in seconds"),
        error => format!("`{column}`: {error}"),
    }
}

/// A decimal number divided by `10^places`.
fn in_seconds(field: &str, places: i32) -> String {
    let (mantissa, exponent) = field.split_once(['e', 'E']).unwrap_or((field, "0"));
    match exponent.parse::<i32>() {
        Ok(exponent) => format!("{mantissa}e{}", exponent.saturating_sub(places)),
        Err(_) => field.to_owned(),
    }
}

/// The rows of a CSV text.
pub(super) struct Rows<'a> {
    pub text: &'a str,
    pub source: usize,
}

impl Rows<'_> {
    fn whole(&self) -> Span {
        Span { source: self.source, start: 0, end: self.text.lines().next().map_or(0, str::len) }
    }

    /// All records with the byte where each begins.
    pub fn records(&self) -> Result<Vec<(StringRecord, usize)>, Problem> {
        let body = self.text.strip_prefix('\u{feff}').unwrap_or(self.text);
        let offset = self.text.len() - body.len();
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(body.as_bytes());
        let mut records = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| {
                let problem = Problem::new(format!("not CSV: {error}")).at(self.whole(), "here");
                problem.help("write one row a line, with commas between the fields")
            })?;
            let start = record.position().map_or(0, |position| position.byte() as usize) + offset;
            records.push((record, start));
        }
        Ok(records)
    }

    /// The place of a field: the record's line, from the field on where it can be found.
    pub fn place(&self, record: &StringRecord, start: usize, column: usize) -> Span {
        let skipped = self.text[start..].len() - self.text[start..].trim_start_matches(['\r', '\n']).len();
        let start = start + skipped;
        let line = self.text[start..].lines().next().unwrap_or_default();
        let before: usize = line.split(',').take(column).map(|field| field.len() + 1).sum();
        let field = record.get(column).unwrap_or_default();
        let found = line.get(before..).and_then(|rest| rest.find(field)).map(|place| start + before + place);
        match found {
            Some(place) if !field.is_empty() => Span { source: self.source, start: place, end: place + field.len() },
            _ => Span { source: self.source, start, end: start + line.len() },
        }
    }

    pub fn trace(&self) -> Result<Vec<TraceMessage>, Problem> {
        let records = self.records()?;
        let column = |name: &str| records.first().and_then(|(header, _)| header.iter().position(|field| field == name));
        let Some(time_column) = column("time_s") else {
            return Err(Problem::new("a trace needs a column `time_s`")
                .at(self.whole(), "no such column")
                .help("the first line names the columns: time_s, and if wanted client and bytes"));
        };
        let (client_column, bytes_column) = (column("client"), column("bytes"));
        let mut messages: Vec<TraceMessage> = Vec::new();
        for (record, start) in records.iter().skip(1) {
            let bad =
                |column: usize, message: String| Problem::new(message).at(self.place(record, *start, column), "here");
            let field = |column: usize| record.get(column).filter(|field| !field.is_empty());
            let time = field(time_column).ok_or_else(|| {
                bad(time_column, "a row without `time_s`".to_owned()).help("give every row a time, or remove it")
            })?;
            let time = Time::from_seconds_rounded(time)
                .map_err(|error| bad(time_column, seconds_message("time_s", &error)).help(SECONDS))?;
            if messages.last().is_some_and(|last| time < last.time) {
                return Err(bad(time_column, "times must not fall".to_owned()).help("sort the rows by time_s"));
            }
            let client = client_column.and_then(|column| Some((column, field(column)?))).map(|(column, field)| {
                field.parse::<u32>().map_err(|_| {
                    bad(column, format!("`{field}` is not the number of a client"))
                        .help("allowed: a whole number counted from 0, or nothing for all clients")
                })
            });
            let bytes = bytes_column.and_then(|column| Some((column, field(column)?))).map(|(column, field)| {
                let bytes = field.parse::<u32>().map(|bytes| Bytes(u64::from(bytes)));
                bytes.map_err(|_| {
                    bad(column, format!("`{field}` is not a whole number of bytes"))
                        .help("allowed: 0 to 4294967295 without a unit, or nothing for source.payload")
                })
            });
            messages.push(TraceMessage { time, client: client.transpose()?, bytes: bytes.transpose()? });
        }
        if messages.is_empty() {
            return Err(Problem::new("the trace has no message")
                .at(self.whole(), "only a header")
                .help("add a row for each message: its time in seconds from the start of the run"));
        }
        Ok(messages)
    }

    pub fn delays(&self) -> Result<Vec<Time>, Problem> {
        let records = self.records()?;
        let header = records.first().map(|(header, _)| header.clone()).unwrap_or_default();
        let named = header.iter().enumerate().find_map(|(column, name)| {
            let places = match name {
                "delay_s" => 0,
                "delay_ms" => 3,
                "delay_us" => 6,
                "delay_ns" => 9,
                _ => return None,
            };
            Some((column, places))
        });
        let (column, places) = match named {
            Some(named) => named,
            None if header.len() == 1 => (0, 0),
            None => {
                return Err(Problem::new("measured delays need a column `delay_s`")
                    .at(self.whole(), "no such column")
                    .help("allowed: delay_s, delay_ms, delay_us, delay_ns, or one column in seconds"));
            }
        };
        let has_header =
            named.is_some() || header.get(0).is_some_and(|field| Time::from_seconds_rounded(field).is_err());
        let mut delays = Vec::new();
        for (record, start) in records.iter().skip(usize::from(has_header)) {
            let at = self.place(record, *start, column);
            let Some(field) = record.get(column).filter(|field| !field.is_empty()) else {
                let problem = Problem::new("a row without a delay").at(at, "here");
                return Err(problem.help("give every row a delay, or remove it"));
            };
            let delay = Time::from_seconds_rounded(&in_seconds(field, places))
                .map_err(|_| Problem::new(format!("`{field}` is not a delay")).at(at, "here").help(SECONDS))?;
            delays.push(delay);
        }
        delays.sort_unstable();
        if delays.is_empty() {
            return Err(Problem::new("there is no measured delay")
                .at(self.whole(), "only a header")
                .help("add a row for each measured delay"));
        }
        Ok(delays)
    }
}
