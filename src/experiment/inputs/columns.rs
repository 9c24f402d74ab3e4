//! The first line of an input file: its columns and their units.

use super::instants::is_date;
use super::rows::Row;
use crate::experiment::diagnostics::Problem;

/// Names of the columns of measured delays, with the decimal places of their units.
const DELAYS: [(&str, i32); 4] = [("delay_s", 0), ("delay_ms", 3), ("delay_us", 6), ("delay_ns", 9)];
/// Names of the columns of recorded times, likewise.
const TIMES: [(&str, i32); 4] = [("time_s", 0), ("time_ms", 3), ("time_us", 6), ("time_ns", 9)];
/// The help about the first line of a trace.
const TRACE_HEADER: &str = "the first line names the columns: time_s (or time_ms, time_us, time_ns), and if wanted client \
    and bytes";
const DELAY_HEADER: &str = "allowed: delay_s, delay_ms, delay_us, delay_ns, or one column of seconds without a name";

/// A column of times.
#[derive(Clone, Copy, Debug)]
pub(super) struct TimeColumn {
    pub column: usize,
    /// Its name, if it has one.
    pub name: &'static str,
    /// Its values are divided by ten to this power.
    pub places: i32,
}

/// The columns of a trace.
#[derive(Clone, Copy, Debug)]
pub(super) struct TraceColumns {
    pub time: TimeColumn,
    pub client: Option<usize>,
    pub bytes: Option<usize>,
}

/// The columns of a trace, by its first line.
pub(super) fn trace(header: &Row) -> Result<TraceColumns, Problem> {
    let client = only(header, &["client"])?.map(|(column, _)| column);
    let bytes = only(header, &["bytes"])?.map(|(column, _)| column);
    let Some((column, place)) = only(header, &TIMES.map(|(name, _)| name))? else {
        return Err(no_header(header).unwrap_or_else(|| no_times(header)));
    };
    let (name, places) = TIMES[place];
    for (column, field) in header.fields().enumerate() {
        if let Some(meant) = misspelled(field, client.is_some(), bytes.is_some()) {
            return Err(header
                .bad(column, format!("`{field}` is not a column of a trace"))
                .help(format!("did you mean `{meant}`?"))
                .help("other columns are ignored: give it another name if it is something else"));
        }
    }
    Ok(TraceColumns { time: TimeColumn { column, name, places }, client, bytes })
}

/// The column of measured delays, by the first line, and whether that line is a header.
pub(super) fn delays(first: &Row) -> Result<(TimeColumn, bool), Problem> {
    if let Some((column, place)) = only(first, &DELAYS.map(|(name, _)| name))? {
        let (name, places) = DELAYS[place];
        return Ok((TimeColumn { column, name, places }, true));
    }
    if first.fields().count() == 1 && first.field(0).is_some_and(is_number) {
        return Ok((TimeColumn { column: 0, name: "delay_s", places: 0 }, false));
    }
    Err(no_header(first).unwrap_or_else(|| no_delays(first)))
}

/// The only column with one of these names: its index, and the index of the name.
fn only(header: &Row, names: &[&str]) -> Result<Option<(usize, usize)>, Problem> {
    let named = |field: &str| names.iter().position(|name| *name == field);
    let mut found = header.fields().enumerate().filter_map(|(column, field)| Some((column, named(field)?)));
    let first = found.next();
    if let (Some((_, one)), Some((column, other))) = (first, found.next()) {
        let message = if one == other {
            format!("the column `{}` stands twice", names[one])
        } else {
            format!("there are two columns to choose from, `{}` and `{}`", names[one], names[other])
        };
        return Err(header.bad(column, message).help("keep one of them, or give the other another name"));
    }
    Ok(first)
}

/// The column that a similar name means.
fn misspelled(field: &str, has_client: bool, has_bytes: bool) -> Option<&'static str> {
    let plain = |name: &str| -> String {
        name.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let known = TIMES.iter().map(|(name, _)| *name).chain(["client", "bytes"]);
    if field.len() > 40 || known.clone().any(|name| name == field) {
        return None;
    }
    let (field, candidates) = (plain(field), [("client", has_client), ("bytes", has_bytes)]);
    let alike = known.into_iter().find(|name| plain(name) == field);
    alike.or_else(|| {
        let missing = candidates.into_iter().filter(|(_, is_there)| !is_there).map(|(name, _)| name);
        missing.into_iter().find(|name| strsim::damerau_levenshtein(name, &field) == 1 || is_other_name(name, &field))
    })
}

/// Whether this is a common name of a column in logs.
fn is_other_name(name: &str, field: &str) -> bool {
    match name {
        "client" => ["clientid", "clientno", "clientnr", "clientnumber", "clientindex"].contains(&field),
        _ => ["size", "sizebytes", "bytessize", "bytesize", "length", "payload"].contains(&field),
    }
}

fn is_known(field: &str) -> bool {
    TIMES.iter().chain(&DELAYS).any(|(name, _)| *name == field)
}

/// Fields with separators other than commas.
fn wrong_separator(first: &Row) -> Option<Problem> {
    if first.fields().any(is_known) {
        return None;
    }
    let line = first.line();
    let (separator, called) = separator(line, is_known)?;
    let mut problem = first
        .bad_line(format!("the fields are separated by {called}"))
        .help(format!("put commas between them, and points into the numbers: {}", with_commas(line, separator)));
    if let Some(second) = first.next_line() {
        problem = problem.help(format!("and in the next line: {}", with_commas(second, separator)));
    }
    Some(problem)
}

/// The error of the first line of any input file.
fn no_header(first: &Row) -> Option<Problem> {
    if let Some(problem) = wrong_separator(first) {
        return Some(problem);
    }
    let line = first.line().trim_start();
    if line.starts_with('#') || line.starts_with("//") {
        let problem = first.bad_line("the first line is a comment");
        return Some(problem.help("remove it: the first line names the columns"));
    }
    if line.starts_with(['{', '[']) {
        let problem = first.bad_line("this is JSON, not CSV");
        return Some(problem.help("write a CSV file with one row a line, whose first line names the columns"));
    }
    None
}

fn no_times(first: &Row) -> Problem {
    if first.field(0).is_some_and(is_number) {
        return first.bad_line("the columns have no names").help(TRACE_HEADER);
    }
    let is_time = |field: &str| {
        let field = field.to_lowercase();
        ["time", "date", "stamp", "second", "instant", "elapsed"].iter().any(|word| field.contains(word))
            || ["t", "ts", "s", "ms", "at", "when"].contains(&field.as_str())
    };
    match first.fields().position(is_time) {
        Some(column) => {
            let field = first.field(column).unwrap_or_default();
            let (unit, word) = unit_named(field).unwrap_or(("s", "seconds"));
            first
                .bad(column, "a trace needs a column `time_s`")
                .help(format!("write time_{unit} in the place of `{field}` if it is the time in {word}"))
                .help("allowed: time_s, time_ms, time_us, time_ns, all from the start of the run")
        }
        None => first.bad_line("a trace needs a column `time_s`").help(TRACE_HEADER),
    }
}

fn no_delays(first: &Row) -> Problem {
    if first.fields().count() > 1 {
        let named = first.fields().enumerate().find_map(|(column, field)| Some((column, field, unit_named(field)?)));
        if let Some((column, field, (unit, _))) = named {
            return first
                .bad(column, "measured delays need a column with one of four names")
                .help(format!("write delay_{unit} in the place of `{field}` if it is the delay"))
                .help("allowed: delay_s, delay_ms, delay_us, delay_ns");
        }
        let problem = first.bad_line("measured delays need a column `delay_s`");
        return problem.help_if(first.decimal_comma()).help(DELAY_HEADER);
    }
    let field = first.field(0).unwrap_or_default();
    if is_date(field) {
        let problem = first.bad(0, format!("`{field}` is a date or a time of day, not a delay"));
        return problem.help("write how long each took: the end less the beginning");
    }
    let number = field.trim_end_matches(|character: char| !character.is_ascii_digit());
    if is_number(number) {
        let problem = first.bad(0, format!("`{field}` is neither the name of a column nor a number"));
        return problem.help(match unit_named(&field[number.len()..]) {
            Some((unit, _)) => {
                format!("write delay_{unit} as the first line, and below it numbers without a unit: {number}")
            }
            None => "write delay_s as the first line, and below it numbers in seconds, without a unit".to_owned(),
        });
    }
    if is_number(&field.replace(',', ".")) {
        let problem = first.bad(0, format!("`{field}` has a decimal comma"));
        return problem.help(format!("write {}", field.replace(',', ".")));
    }
    match unit_named(field) {
        Some((unit, _)) => first
            .bad(0, format!("`{field}` is not the name of a column of delays"))
            .help(format!("write delay_{unit} in its place"))
            .help(DELAY_HEADER),
        None => first
            .bad(0, format!("`{field}` does not say the unit of the delays"))
            .help("write the one that they have in its place: delay_s, delay_ms, delay_us or delay_ns"),
    }
}

/// The unit that a name such as `rtt_ms`, `Time (ms)` or `ms` ends in, and its word.
fn unit_named(name: &str) -> Option<(&'static str, &'static str)> {
    let name = name.trim().trim_end_matches([')', ']', '}']).trim_end().to_lowercase();
    let start = name
        .rfind(|character: char| !character.is_alphabetic())
        .map_or(0, |place| place + name[place..].chars().next().map_or(0, char::len_utf8));
    match &name[start..] {
        "s" | "sec" | "secs" | "seconds" => Some(("s", "seconds")),
        "ms" | "msec" | "millis" | "milliseconds" => Some(("ms", "milliseconds")),
        "us" | "µs" | "μs" | "usec" | "micros" | "microseconds" => Some(("us", "microseconds")),
        "ns" | "nsec" | "nanos" | "nanoseconds" => Some(("ns", "nanoseconds")),
        _ => None,
    }
}

/// Separators other than commas, and their names.
const SEPARATORS: [(char, &str); 4] = [(';', "semicolons"), ('\t', "tabs"), ('|', "bars"), (' ', "spaces")];

/// The separator of a line without commas, or with decimal commas: the character, and its name.
fn separator(line: &str, is_known: impl Fn(&str) -> bool) -> Option<(char, &'static str)> {
    SEPARATORS.into_iter().find(|(separator, _)| {
        let mut fields = line.split(*separator).map(|field| field.trim_matches([' ', '"']));
        let has_several = line.trim().contains(*separator);
        has_several
            && match separator {
                ' ' => fields.any(&is_known),
                _ => fields.any(|field| is_known(field) || is_number(&field.replace(',', "."))),
            }
    })
}

/// A line with commas between the fields and points in the numbers.
fn with_commas(line: &str, separator: char) -> String {
    let fields = line.trim().split(separator).filter(|field| separator != ' ' || !field.is_empty());
    fields.map(|field| field.trim().replace(',', ".")).collect::<Vec<_>>().join(",")
}

/// Whether a text is a decimal number, of any size.
pub(super) fn is_number(text: &str) -> bool {
    text.trim().parse::<f64>().is_ok()
}
