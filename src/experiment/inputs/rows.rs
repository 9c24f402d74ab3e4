//! Rows of CSV: recorded messages and measured delays.
//!
//! A file may have many millions of rows: they are read one after the other, and only what is simulated is kept. The place
//! of a row is looked up when an error needs it.

use csv::StringRecord;

use super::columns::{self, TimeColumn, TraceColumns};
use super::foreign::is_number;
use super::instants;
use crate::experiment::diagnostics::Problem;
use crate::experiment::node::Span;
use crate::model::scenario::TraceMessage;
use crate::units::{Time, UnitError};

const NUMBER: &str = "allowed: a decimal number of at least 0, without a unit";
/// Bytes of a line at most: what is longer is no row of numbers.
const LONGEST_LINE: usize = 1 << 20;

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

/// The rows of a CSV text.
#[derive(Clone, Copy)]
pub(super) struct Rows<'a> {
    pub text: &'a str,
    pub source: usize,
}

/// A row while it is read.
pub(super) struct Row<'a> {
    rows: Rows<'a>,
    record: &'a StringRecord,
    /// The byte where it begins, or the line ends before it.
    start: usize,
}

impl<'a> Row<'a> {
    pub fn fields(&self) -> impl Iterator<Item = &'a str> + Clone + use<'a> {
        self.record.iter()
    }

    /// A field that is there and not empty.
    pub fn field(&self, column: usize) -> Option<&'a str> {
        self.record.get(column).filter(|field| !field.is_empty())
    }

    /// What is wrong with a field.
    pub fn bad(&self, column: usize, message: String) -> Problem {
        Problem::new(message).at(self.place(column), "here")
    }

    /// What is wrong with the row.
    pub fn bad_line(&self, message: String) -> Problem {
        let start = self.line_start();
        let span = Span { source: self.rows.source, start, end: start + self.line().len() };
        Problem::new(message).at(span, "here")
    }

    /// The first line of the row.
    pub fn line(&self) -> &'a str {
        self.rows.text[self.line_start()..].lines().next().unwrap_or_default()
    }

    /// The line behind [`Row::line`].
    pub fn next_line(&self) -> Option<&'a str> {
        self.rows.text[self.line_start()..].lines().nth(1).filter(|line| !line.trim().is_empty())
    }

    fn line_start(&self) -> usize {
        let text = &self.rows.text[self.start..];
        self.start + text.len() - text.trim_start_matches(['\r', '\n']).len()
    }

    /// The place of a field: the row's line, from the field on where it can be found.
    fn place(&self, column: usize) -> Span {
        let (start, line, source) = (self.line_start(), self.line(), self.rows.source);
        let before: usize = line.split(',').take(column).map(|field| field.len() + 1).sum();
        let field = self.record.get(column).unwrap_or_default();
        let found = line.get(before..).and_then(|rest| rest.find(field)).map(|place| start + before + place);
        match found {
            Some(place) if !field.is_empty() => Span { source, start: place, end: place + field.len() },
            _ => Span { source, start, end: start + line.len() },
        }
    }

    /// A row has no more fields than the first.
    fn check_length(&self, most: usize) -> Result<(), Problem> {
        let count = self.record.len();
        if count <= most {
            return Ok(());
        }
        let columns = if most == 1 { "1 column".to_owned() } else { format!("{most} columns") };
        let problem = self.bad(most, format!("a row of {count} fields in a file of {columns}"));
        let problem = match self.decimal_comma() {
            Some(help) => problem.help(help),
            None => problem,
        };
        Err(problem.help("remove what is too much, or name its column in the first line"))
    }

    /// What to write where two fields may be one number.
    pub fn decimal_comma(&self) -> Option<String> {
        let is_whole =
            |column: usize| self.field(column).is_some_and(|field| field.bytes().all(|b| b.is_ascii_digit()));
        let column = (1..self.record.len()).find(|column| is_whole(column - 1) && is_whole(*column))?;
        let (whole, fraction) = (self.field(column - 1)?, self.field(column)?);
        Some(format!("if {whole},{fraction} is one number, write it with a point: {whole}.{fraction}"))
    }

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
                Some((unit, own)) if own != name => {
                    let whole = instants::whole_part(field);
                    let problem = self.bad(column, format!("`{field}` counts {unit} since 1970"));
                    let problem = problem.help(format!("name the column {own}, and subtract {whole} from every time"));
                    match self.rows.seconds_since(column, &whole, own) {
                        Some(last) => problem.help(format!("and write {}", instants::window(last))),
                        None => problem,
                    }
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

impl Rows<'_> {
    fn whole(&self) -> Span {
        Span { source: self.source, start: 0, end: self.text.lines().next().map_or(0, str::len) }
    }

    /// Calls `use_row` with one row after the other, until it fails.
    fn each(&self, mut use_row: impl FnMut(&Row) -> Result<(), Problem>) -> Result<(), Problem> {
        self.check_lines()?;
        let body = self.text.strip_prefix('\u{feff}').unwrap_or(self.text);
        let offset = self.text.len() - body.len();
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(body.as_bytes());
        let mut record = StringRecord::new();
        loop {
            match reader.read_record(&mut record) {
                Ok(false) => return Ok(()),
                Ok(true) => {
                    let start = record.position().map_or(0, |position| position.byte() as usize) + offset;
                    let row = Row { rows: *self, record: &record, start: start.min(self.text.len()) };
                    let end = reader.position().byte() as usize + offset;
                    if record.iter().any(|field| field.contains(['\n', '\r']))
                        && !self.text.get(row.start..end).is_some_and(is_well_quoted)
                    {
                        let problem = row.bad_line("a quote that takes in the lines below".to_owned());
                        return Err(problem.help("close the quote at the end of its field, or take it away"));
                    }
                    use_row(&row)?;
                }
                Err(error) => {
                    let problem = Problem::new(format!("not CSV: {error}")).at(self.whole(), "here");
                    return Err(problem.help("write one row a line, with commas between the fields"));
                }
            }
        }
    }

    /// A line of the size of a file would take many times its memory.
    fn check_lines(&self) -> Result<(), Problem> {
        let mut start = 0;
        for line in self.text.split(['\n', '\r']) {
            if line.len() > LONGEST_LINE {
                let span = Span { source: self.source, start, end: start };
                let message = format!("a line of {} bytes; {LONGEST_LINE} are the most", line.len());
                return Err(Problem::new(message).at(span, "this line").help("write one row a line"));
            }
            start += line.len() + 1;
        }
        Ok(())
    }

    /// The place of row number `number`, the first among them.
    pub fn row(&self, number: usize) -> Option<Span> {
        let (mut place, mut at) = (0, None);
        // It has been read before: the only end is that the row is found.
        let _ = self.each(|row| {
            let is_it = place == number;
            place += 1;
            if is_it {
                let (start, line) = (row.line_start(), row.line());
                at = Some(Span { source: self.source, start, end: start + line.len() });
                return Err(Problem::new("found"));
            }
            Ok(())
        });
        at
    }

    /// The recorded messages.
    pub fn trace(&self) -> Result<Vec<TraceMessage>, Problem> {
        let mut header: Option<(TraceColumns, usize)> = None;
        let mut messages: Vec<TraceMessage> = Vec::new();
        self.each(|row| {
            let Some((columns, width)) = header else {
                header = Some((columns::trace(row)?, row.record.len()));
                return Ok(());
            };
            row.check_length(width)?;
            let message = message(row, columns)?;
            if messages.last().is_some_and(|last| message.time < last.time) {
                let name = columns.time.name;
                let problem = row.bad(columns.time.column, "times must not fall".to_owned());
                return Err(problem.help(format!("sort the rows by {name}")));
            }
            messages.push(message);
            Ok(())
        })?;
        if header.is_none() {
            return Err(Problem::new("the file is empty").at(self.whole(), "nothing here").help(
                "a trace has a line `time_s`, and a row for each message: its time in seconds from the start of the run",
            ));
        }
        if messages.is_empty() {
            return Err(Problem::new("the trace has no message")
                .at(self.whole(), "only a header")
                .help("add a row for each message: its time in seconds from the start of the run"));
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
                    header = Some((column, row.record.len()));
                    if is_header {
                        return Ok(());
                    }
                    (column, row.record.len())
                }
            };
            row.check_length(width)?;
            delays.push(delay(row, column)?);
            Ok(())
        })?;
        if header.is_none() {
            return Err(Problem::new("the file is empty")
                .at(self.whole(), "nothing here")
                .help("measured delays have a line such as delay_ms, and a row for each delay"));
        }
        if delays.is_empty() {
            return Err(Problem::new("there is no measured delay")
                .at(self.whole(), "only a header")
                .help("add a row for each measured delay"));
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
        (nanos >= 0).then_some(nanos as f64 / 1e9)
    }

    /// Seconds from `start` to the last row, both in the unit of the column `name`.
    fn seconds_since(&self, column: usize, start: &str, name: &str) -> Option<f64> {
        let (_, last, _) = self.ends(|_| Some((column, 0)))?;
        let after = last.parse::<f64>().ok()? - start.parse::<f64>().ok()?;
        (after >= 0.0).then(|| after / libm::pow(10.0, f64::from(columns::places_of(name))))
    }

    /// What to subtract from all times of this trace so that it begins with the run, as a help.
    pub fn shifted(&self) -> Option<String> {
        let times =
            |header: &Row| columns::trace(header).ok().map(|columns| (columns.time.column, columns.time.places));
        let (first, last, places) = self.ends(times)?;
        let start = instants::whole_part(&first);
        let seconds = |field: &str| time(field, places).ok().map(Time::as_secs_f64);
        let after = seconds(&last)? - seconds(&start)?;
        let what = match instants::unix_unit(&first, places) {
            Some((unit, _)) => format!("they count {unit} since 1970: subtract {start} from every time"),
            None => format!("subtract {start} from every time"),
        };
        Some(format!("{what}, and write {}", instants::window(after)))
    }
}

/// The message of a row.
fn message(row: &Row, columns: TraceColumns) -> Result<TraceMessage, Problem> {
    let time = row.time(columns.time)?;
    let field = |column: Option<usize>| column.and_then(|column| Some((column, row.field(column)?)));
    let client = field(columns.client).map(|(column, field)| {
        field.parse::<u32>().map_err(|_| {
            row.bad(column, format!("`{field}` is not the number of a client"))
                .help("allowed: a whole number counted from 0, or nothing for all clients")
        })
    });
    let bytes = field(columns.bytes).map(|(column, field)| {
        field.parse::<u32>().map_err(|_| {
            row.bad(column, format!("`{field}` is not a whole number of bytes"))
                .help("allowed: 0 to 4294967295 without a unit, or nothing for source.payload")
        })
    });
    Ok(TraceMessage { time, client: client.transpose()?, bytes: bytes.transpose()? })
}

/// The delay of a row.
fn delay(row: &Row, TimeColumn { column, name, places }: TimeColumn) -> Result<Time, Problem> {
    let Some(field) = row.field(column) else {
        let problem = row.bad(column, "a row without a delay".to_owned());
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
    if let Some((unit, _)) = instants::unix_unit(field, places).filter(|_| delay >= Time::from_secs(1_000_000_000)) {
        let problem = row.bad(column, format!("`{field}` counts {unit} since 1970: it is not a delay"));
        return Err(problem.help("write how long each took: the end less the beginning"));
    }
    Ok(delay)
}

/// Whether each quote of a record is closed, and at the end of its field (RFC 4180, section 2).
fn is_well_quoted(record: &str) -> bool {
    let (mut is_open, mut is_closed) = (false, false);
    for character in record.chars() {
        match character {
            // Two of them in a row stand for one.
            '"' => (is_open, is_closed) = (!is_open, is_open),
            ',' | '\n' | '\r' if !is_open => is_closed = false,
            ' ' | '\t' => {}
            _ if is_closed => return false,
            _ => {}
        }
    }
    !is_open
}
