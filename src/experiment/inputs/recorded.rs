//! Recorded messages and measured delays, from the rows of a file.

use super::columns::{self, TimeColumn, TraceColumns, is_number};
use super::instants;
use super::rows::{InputRows, Row};
use crate::experiment::diagnostics::Problem;
use crate::model::scenario::TraceMessage;
use crate::units::{Time, UnitError};

const NUMBER: &str = "allowed: a decimal number of at least 0, without a unit";

/// A decimal number divided by `10^places`.
fn in_seconds(field: &str, places: i32) -> String {
    let (mantissa, exponent) = field.split_once(['e', 'E']).unwrap_or((field, "0"));
    match exponent.parse::<i32>() {
        Ok(exponent) => format!("{mantissa}e{}", exponent.saturating_sub(places)),
        Err(_) => field.to_owned(),
    }
}

fn time(field: &str, places: i32) -> Result<Time, UnitError> {
    if places == 0 { Time::from_seconds_rounded(field) } else { Time::from_seconds_rounded(&in_seconds(field, places)) }
}

impl Row<'_> {
    /// The time in a column.
    fn time(&self, column: TimeColumn) -> Result<Time, Problem> {
        let TimeColumn { column, name, places } = column;
        let field = self.field(column).ok_or_else(|| {
            let problem = self.bad(column, format!("a row without `{name}`"));
            problem.help("give every row a time, or remove it")
        })?;
        time(field, places).map_err(|error| self.no_time(column, name, places, &error))
    }

    fn no_time(&self, column: usize, name: &str, places: i32, error: &UnitError) -> Problem {
        let field = self.field(column).unwrap_or_default();
        if instants::is_date(field) {
            let problem = self.bad(column, format!("`{field}` is a date or a time of day, not a number"));
            let first = "write the time since the first row, in seconds under `time_s`: 0 for the first".to_owned();
            return match self.rows.seconds_of_dates(column) {
                Some(last) => problem
                    .help(format!("{first}, {last} for the last"))
                    .help(format!("and write {}", instants::window(last))),
                None => problem.help(first),
            };
        }
        match error {
            UnitError::OutOfRange { .. } => match instants::unix_unit(field, places) {
                Some((own_places, unit, own)) if own != name => {
                    let whole = instants::whole_part(field);
                    let problem = self.bad(column, format!("`{field}` counts {unit} since 1970"));
                    let problem = problem.help(format!("name the column {own}, and subtract {whole} from every time"));
                    let last = self.rows.seconds_since(column, &whole, own_places);
                    problem.help_if(last.map(|last| format!("and write {}", instants::window(last))))
                }
                _ => self.bad(column, format!("`{name}`: `{field}` is out of range")).help(NUMBER),
            },
            UnitError::NotANumber { .. } => {
                let unit = if places == 0 { "a time in seconds" } else { "a number" };
                self.bad(column, format!("`{field}` is not {unit}")).help(NUMBER)
            }
            error => self.bad(column, format!("`{name}`: {error}")).help(NUMBER),
        }
    }
}

impl InputRows<'_> {
    /// The recorded messages.
    pub fn trace(&self) -> Result<Vec<TraceMessage>, Problem> {
        let mut header: Option<(TraceColumns, usize)> = None;
        let mut messages: Vec<TraceMessage> = Vec::new();
        self.each(|row| {
            let Some((columns, width)) = header else {
                header = Some((columns::trace(row)?, row.width()));
                return Ok(());
            };
            row.check_length(width)?;
            let message = message(row, columns)?;
            if messages.last().is_some_and(|last| message.time < last.time) {
                let name = columns.time.name;
                let problem = row.bad(columns.time.column, "times must not fall");
                return Err(problem.help(format!("sort the rows by {name}")));
            }
            messages.push(message);
            Ok(())
        })?;
        if header.is_none() {
            let problem = Problem::new("the file is empty").at(self.whole(), "nothing here");
            let row = "a row for each message: its time in seconds from the start of the run";
            return Err(problem.help(format!("a trace has a line `time_s`, and {row}")));
        }
        if messages.is_empty() {
            let problem = Problem::new("the trace has no message").at(self.whole(), "only a header");
            return Err(problem.help("add a row for each message: its time in seconds from the start of the run"));
        }
        messages.shrink_to_fit();
        Ok(messages)
    }

    /// The measured delays, rising.
    pub fn delays(&self) -> Result<Vec<Time>, Problem> {
        let mut header: Option<(TimeColumn, usize)> = None;
        let mut delays = Vec::new();
        self.each(|row| {
            let (column, width) = match header {
                Some(known) => known,
                None => {
                    let (column, is_header) = columns::delays(row)?;
                    header = Some((column, row.width()));
                    if is_header {
                        return Ok(());
                    }
                    (column, row.width())
                }
            };
            row.check_length(width)?;
            delays.push(delay(row, column)?);
            Ok(())
        })?;
        if header.is_none() {
            let problem = Problem::new("the file is empty").at(self.whole(), "nothing here");
            return Err(problem.help("measured delays have a line such as delay_ms, and a row for each delay"));
        }
        if delays.is_empty() {
            let problem = Problem::new("there is no measured delay").at(self.whole(), "only a header");
            return Err(problem.help("add a row for each measured delay"));
        }
        delays.sort_unstable();
        Ok(delays)
    }

    /// The first and the last field of the column of times, without the header, and the decimal places of its unit.
    fn ends(&self, column: impl Fn(&Row) -> Option<(usize, i32)>) -> Option<(String, String, i32)> {
        let (mut found, mut ends) = (None, None);
        let outcome = self.each(|row| {
            match found {
                None => found = column(row),
                Some((column, places)) => {
                    let field = row.field(column).unwrap_or_default();
                    let (_, last, _) = ends.get_or_insert_with(|| (field.to_owned(), String::new(), places));
                    last.clear();
                    last.push_str(field);
                }
            }
            Ok(())
        });
        outcome.ok().and(ends)
    }

    /// Seconds from the first to the last row of a column of dates.
    fn seconds_of_dates(&self, column: usize) -> Option<f64> {
        let (first, last, _) = self.ends(|_| Some((column, 0)))?;
        let nanos = instants::instant(&last)?.checked_sub(instants::instant(&first)?)?;
        if nanos >= 0 { Some(nanos as f64 / 1e9) } else { None }
    }

    /// Seconds from `start` to the last row, both in a unit with this number of decimal places.
    fn seconds_since(&self, column: usize, start: &str, places: i32) -> Option<f64> {
        let (_, last, _) = self.ends(|_| Some((column, 0)))?;
        let after = last.parse::<f64>().ok()? - start.parse::<f64>().ok()?;
        if after >= 0.0 { Some(after / libm::pow(10.0, f64::from(places))) } else { None }
    }

    /// Help: the number to subtract from all times of this trace so that it begins with the run.
    pub fn shifted(&self) -> Option<String> {
        let times =
            |header: &Row| columns::trace(header).ok().map(|columns| (columns.time.column, columns.time.places));
        let (first, last, places) = self.ends(times)?;
        let start = instants::whole_part(&first);
        let seconds = |field: &str| time(field, places).ok().map(Time::as_secs_f64);
        let after = seconds(&last)? - seconds(&start)?;
        let what = match instants::unix_unit(&first, places) {
            Some((_, unit, _)) => format!("they count {unit} since 1970: subtract {start} from every time"),
            None => format!("subtract {start} from every time"),
        };
        Some(format!("{what}, and write {}", instants::window(after)))
    }
}

/// The message of a row.
fn message(row: &Row, columns: TraceColumns) -> Result<TraceMessage, Problem> {
    let time = row.time(columns.time)?;
    let number = |column: Option<usize>, what: &str, help: &str| -> Result<Option<u32>, Problem> {
        let Some((column, field)) = column.and_then(|column| Some((column, row.field(column)?))) else {
            return Ok(None);
        };
        let wrong = |_| row.bad(column, format!("`{field}` is not {what}")).help(format!("allowed: {help}"));
        field.parse().map(Some).map_err(wrong)
    };
    let of_client = "a whole number counted from 0, or nothing for all clients";
    let of_bytes = "0 to 4294967295 without a unit, or nothing for source.payload";
    let client = number(columns.client, "the number of a client", of_client)?;
    let bytes = number(columns.bytes, "a whole number of bytes", of_bytes)?;
    Ok(TraceMessage { time, client, bytes })
}

/// The delay of a row.
fn delay(row: &Row, TimeColumn { column, name, places }: TimeColumn) -> Result<Time, Problem> {
    let Some(field) = row.field(column) else {
        let problem = row.bad(column, "a row without a delay");
        return Err(problem.help("give every row a delay, or remove it"));
    };
    let delay = time(field, places).map_err(|_| {
        let problem = row.bad(column, format!("`{field}` is not a delay"));
        let number = field.trim_end_matches(|character: char| !character.is_ascii_digit());
        if is_number(number) && number.len() < field.len() {
            problem.help(format!("write the number alone, in the unit of `{name}`"))
        } else {
            problem.help(NUMBER)
        }
    })?;
    if delay >= Time::from_secs(1_000_000_000)
        && let Some((_, unit, _)) = instants::unix_unit(field, places)
    {
        let problem = row.bad(column, format!("`{field}` counts {unit} since 1970: it is not a delay"));
        return Err(problem.help("write how long each took: the end less the beginning"));
    }
    Ok(delay)
}
