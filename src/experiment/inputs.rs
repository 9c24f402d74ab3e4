//! Input files: recorded messages and measured delays.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use csv::StringRecord;

use super::diagnostics::{Diagnostics, Problem};
use super::node::{Node, Span, Value};
use crate::model::scenario::{Trace, TraceMessage};
use crate::units::{Bytes, Time, UnitError};

/// An input file of an experiment.
#[derive(Clone, Debug)]
pub struct InputFile {
    /// Name under `inputs/` in the folder of results; unique.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// All input files of an experiment, read once.
#[derive(Debug, Default)]
pub(super) struct Inputs {
    folder: PathBuf,
    pub files: Vec<InputFile>,
    /// Path as written, and for what, to the place in `files` and the content.
    known: BTreeMap<(String, Use), (usize, Content)>,
}

/// What a file is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Use {
    Trace,
    Delays,
}

#[derive(Clone, Debug)]
enum Content {
    /// The source number of the text; the trace once through, and repeated.
    Trace(usize, Arc<Trace>, Arc<Trace>),
    Delays(Arc<[Time]>),
    Bad,
}

impl Inputs {
    pub fn new(folder: &Path) -> Inputs {
        Inputs { folder: folder.to_owned(), ..Inputs::default() }
    }

    /// Reads every file that the tree names, wherever it stands.
    pub fn gather(&mut self, node: &Node, diagnostics: &mut Diagnostics) {
        match &node.value {
            Value::Table(table) => {
                for entry in &table.entries {
                    let wanted = match entry.key.as_str() {
                        "trace" => Some(Use::Trace),
                        "empirical" => Some(Use::Delays),
                        _ => None,
                    };
                    match (wanted, entry.node.get(&["file"])) {
                        (Some(wanted), Some(file)) => self.read(file, wanted, diagnostics),
                        _ => self.gather(&entry.node, diagnostics),
                    }
                }
            }
            Value::List(items) => items.iter().for_each(|item| self.gather(item, diagnostics)),
            _ => {}
        }
    }

    /// Reads one file.
    pub fn read(&mut self, node: &Node, wanted: Use, diagnostics: &mut Diagnostics) {
        let Some(written) = node.as_text() else { return };
        if self.known.contains_key(&(written.to_owned(), wanted)) {
            return;
        }
        let content = match read_file(&self.folder.join(written)) {
            Err(reason) => {
                let problem = Problem::new(format!("cannot read `{written}`: {reason}")).at(node.span, "this file");
                diagnostics.error(problem.help("paths are relative to the folder of the experiment file"));
                (usize::MAX, Content::Bad)
            }
            Ok(bytes) => {
                let place = self.keep(written, &bytes);
                (place, parse(written, &bytes, wanted, diagnostics))
            }
        };
        self.known.insert((written.to_owned(), wanted), content);
    }

    /// The place of a file in `files`; a file that is used twice is kept once.
    fn keep(&mut self, written: &str, bytes: &[u8]) -> usize {
        let known = self.known.iter().find(|((path, _), _)| path == written).map(|(_, (place, _))| *place);
        if let Some(place) = known {
            return place;
        }
        let path = Path::new(written);
        let part =
            |part: Option<&std::ffi::OsStr>| part.map(|part| part.to_string_lossy().into_owned()).unwrap_or_default();
        let (stem, extension) = (part(path.file_stem()), part(path.extension()));
        let ending = if extension.is_empty() { String::new() } else { format!(".{extension}") };
        let mut name = format!("{stem}{ending}");
        let mut number = 2;
        while self.files.iter().any(|file| file.name == name) {
            name = format!("{stem}-{number}{ending}");
            number += 1;
        }
        self.files.push(InputFile { name, bytes: bytes.to_vec() });
        self.files.len() - 1
    }

    /// The path of a file as the written-out experiment names it.
    pub fn rewritten(&self, written: &str) -> Option<String> {
        let (place, _) = self.known.iter().find(|((path, _), _)| path == written)?.1;
        self.files.get(*place).map(|file| format!("inputs/{}", file.name))
    }

    /// The unique name of a file.
    pub fn name(&self, written: &str) -> Option<String> {
        self.rewritten(written)?.strip_prefix("inputs/").map(str::to_owned)
    }

    /// A trace, once through or repeated.
    pub fn trace(&self, written: &str, repeat: bool) -> Option<Arc<Trace>> {
        match &self.known.get(&(written.to_owned(), Use::Trace))?.1 {
            Content::Trace(_, once, repeated) => Some(if repeat { repeated.clone() } else { once.clone() }),
            _ => None,
        }
    }

    /// The place of the row of a message of a trace.
    pub fn row(&self, written: &str, message: usize) -> Option<Span> {
        let (place, Content::Trace(source, ..)) = self.known.get(&(written.to_owned(), Use::Trace))? else {
            return None;
        };
        let rows = Rows { text: std::str::from_utf8(&self.files.get(*place)?.bytes).ok()?, source: *source };
        let records = rows.records().ok()?;
        let (record, start) = records.get(message + 1)?;
        Some(rows.place(record, *start, record.len()))
    }

    /// Measured delays, rising.
    pub fn delays(&self, written: &str) -> Option<Arc<[Time]>> {
        match &self.known.get(&(written.to_owned(), Use::Delays))?.1 {
            Content::Delays(delays) => Some(delays.clone()),
            _ => None,
        }
    }
}

/// The bytes of a regular file. A device may have no end.
fn read_file(path: &Path) -> Result<Vec<u8>, String> {
    let reason = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound => "there is no such file".to_owned(),
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    };
    if !std::fs::metadata(path).map_err(reason)?.is_file() {
        return Err("it is not a file".to_owned());
    }
    std::fs::read(path).map_err(reason)
}

fn parse(name: &str, bytes: &[u8], wanted: Use, diagnostics: &mut Diagnostics) -> Content {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let source = diagnostics.add_source(name, String::from_utf8_lossy(bytes));
            let start = error.valid_up_to();
            let problem = Problem::new(format!("`{name}` is not UTF-8 text"));
            diagnostics
                .error(problem.at(Span { source, start, end: start + 1 }, "here").help("save the file as UTF-8"));
            return Content::Bad;
        }
    };
    let source = diagnostics.add_source(name, text);
    let table = Rows { text, source };
    let outcome = match wanted {
        Use::Trace => table.trace().map(|messages| {
            let once = Arc::new(Trace { messages: messages.clone(), repeat: false });
            Content::Trace(source, once, Arc::new(Trace { messages, repeat: true }))
        }),
        Use::Delays => table.delays().map(|delays| Content::Delays(delays.into())),
    };
    outcome.unwrap_or_else(|problem| {
        diagnostics.error(problem);
        Content::Bad
    })
}

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
struct Rows<'a> {
    text: &'a str,
    source: usize,
}

impl Rows<'_> {
    fn whole(&self) -> Span {
        Span { source: self.source, start: 0, end: self.text.lines().next().map_or(0, str::len) }
    }

    /// All records with the byte where each begins.
    fn records(&self) -> Result<Vec<(StringRecord, usize)>, Problem> {
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
    fn place(&self, record: &StringRecord, start: usize, column: usize) -> Span {
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

    fn trace(&self) -> Result<Vec<TraceMessage>, Problem> {
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

    fn delays(&self) -> Result<Vec<Time>, Problem> {
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
