//! Input files: recorded messages and measured delays.

mod columns;
mod instants;
mod recorded;
mod rows;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::diagnostics::{Diagnostics, Problem};
use super::keys::{FileUse, ValueKind};
use super::node::{Node, Span};
use super::{file_name, regular_file, values};
use crate::model::scenario::{Trace, TraceMessage};
use crate::units::Time;
use rows::InputRows;

/// Most bytes of an input file.
const MOST_BYTES: u64 = 4 << 30;

/// Formats of files that are not CSV: their first bytes, and what to do.
const FORMATS: &[(&str, &[u8], &str)] = &[
    ("gzip", b"\x1f\x8b", "unpack it first: gunzip -k FILE"),
    ("zstd", b"\x28\xb5\x2f\xfd", "unpack it first: zstd -d FILE"),
    ("xz", b"\xfd7zXZ\0", "unpack it first: unxz -k FILE"),
    ("bzip2", b"BZh", "unpack it first: bunzip2 -k FILE"),
    ("zip, as spreadsheets are", b"PK\x03\x04", "unpack it, or save the sheet as CSV"),
    ("Parquet", b"PAR1", "write its columns to a CSV file"),
    ("UTF-16", b"\xff\xfe", "save it as UTF-8: iconv -f UTF-16 -t UTF-8 FILE > utf8.csv"),
    ("UTF-16", b"\xfe\xff", "save it as UTF-8: iconv -f UTF-16 -t UTF-8 FILE > utf8.csv"),
    ("UTF-16", b"t\0i\0", "save it as UTF-8: iconv -f UTF-16LE -t UTF-8 FILE > utf8.csv"),
    ("UTF-16", b"d\0e\0", "save it as UTF-8: iconv -f UTF-16LE -t UTF-8 FILE > utf8.csv"),
];

/// An input file of an experiment.
#[derive(Clone, Debug)]
pub struct InputFile {
    /// Name under `inputs/` in the folder of results; unique.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Where input files are.
#[derive(Clone, Debug, Default)]
pub struct InputPlaces {
    /// The folder at which paths start.
    pub folder: PathBuf,
    /// Files that were stored under another path, by their paths as written.
    pub stored: BTreeMap<String, String>,
}

impl InputPlaces {
    /// Files at their paths as written, which start at `folder`.
    pub fn below(folder: &Path) -> InputPlaces {
        InputPlaces { folder: folder.to_owned(), stored: BTreeMap::new() }
    }

    fn path(&self, written: &str) -> PathBuf {
        self.folder.join(self.stored.get(written).map_or(written, String::as_str))
    }
}

/// All input files of an experiment, read once.
#[derive(Clone, Debug, Default)]
pub(super) struct Inputs {
    places: InputPlaces,
    pub files: Vec<InputFile>,
    /// From the path as written and its use to the index in `files` and the content.
    known: BTreeMap<(String, FileUse), (usize, FileContent)>,
}

#[derive(Clone, Debug)]
enum FileContent {
    Trace(Recorded),
    Delays(Arc<[Time]>),
    Bad,
}

/// A trace that was read.
#[derive(Clone, Debug)]
struct Recorded {
    once: Arc<Trace>,
    repeated: Arc<Trace>,
    /// The largest number of a client in it.
    last_client: Option<u32>,
}

impl Recorded {
    fn new(messages: Vec<TraceMessage>) -> Recorded {
        let last_client = messages.iter().filter_map(|message| message.client).max();
        let messages = Arc::new(messages);
        let trace = |repeat| Arc::new(Trace { messages: messages.clone(), repeat });
        Recorded { once: trace(false), repeated: trace(true), last_client }
    }
}

impl Inputs {
    pub fn new(places: &InputPlaces) -> Inputs {
        Inputs { places: places.clone(), ..Inputs::default() }
    }

    /// The unique names of all files, by their paths as written.
    pub fn names(&self) -> BTreeMap<String, String> {
        let named = |((written, _), (place, _)): (&(String, FileUse), &(usize, FileContent))| {
            Some((written.clone(), self.files.get(*place)?.name.clone()))
        };
        self.known.iter().filter_map(named).collect()
    }

    pub fn read(&mut self, node: &Node, wanted: FileUse, diagnostics: &mut Diagnostics) {
        // Errors in the path as a text are reported when the keys are checked.
        let is_path =
            |text: &&str| !text.is_empty() && values::check_text("", ValueKind::File(wanted), text, node.span).is_ok();
        let Some(written) = node.as_text().filter(is_path) else { return };
        if self.known.contains_key(&(written.to_owned(), wanted)) {
            return;
        }
        let content = match regular_file::read(&self.places.path(written), MOST_BYTES) {
            Err(reason) => {
                let problem = Problem::new(format!("cannot read `{written}`: {reason}")).at(node.span, "this file");
                diagnostics.error(problem.help("paths are relative to the folder of the experiment file"));
                (usize::MAX, FileContent::Bad)
            }
            Ok(bytes) => {
                let content = parse(written, &bytes, node.span, wanted, diagnostics);
                (self.keep(written, bytes), content)
            }
        };
        self.known.insert((written.to_owned(), wanted), content);
    }

    /// Memory of the files and of the data read from them, in bytes.
    pub fn memory(&self) -> u64 {
        let files = self.files.iter().map(|file| file.bytes.len());
        let contents = self.known.values().map(|(_, content)| match content {
            FileContent::Trace(recorded) => size_of_val(recorded.once.messages.as_slice()),
            FileContent::Delays(delays) => size_of_val(delays.as_ref()),
            FileContent::Bad => 0,
        });
        files.chain(contents).map(|bytes| bytes as u64).sum()
    }

    /// The index of a file in `files`; a file that is used twice is stored once.
    fn keep(&mut self, written: &str, bytes: Vec<u8>) -> usize {
        let known = self.known.iter().find(|((path, _), _)| path == written).map(|(_, (place, _))| *place);
        if let Some(place) = known {
            return place;
        }
        let name = Path::new(written).file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
        let safe = file_name::safe(&name);
        let path = Path::new(safe.as_ref());
        let part = |part: Option<&std::ffi::OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
        let (stem, extension) = (part(path.file_stem()), part(path.extension()));
        let ending = if extension.is_empty() { String::new() } else { format!(".{extension}") };
        let mut name = format!("{stem}{ending}");
        let mut number = 2;
        // Some file systems ignore capitals.
        while self.files.iter().any(|file| file.name.to_lowercase() == name.to_lowercase()) {
            name = format!("{stem}-{number}{ending}");
            number += 1;
        }
        self.files.push(InputFile { name, bytes });
        self.files.len() - 1
    }

    /// The unique name of a file.
    pub fn name(&self, written: &str) -> Option<String> {
        let (place, _) = self.known.iter().find(|((path, _), _)| path == written)?.1;
        self.files.get(*place).map(|file| file.name.clone())
    }

    fn recorded(&self, written: &str) -> Option<&Recorded> {
        match &self.known.get(&(written.to_owned(), FileUse::Trace))?.1 {
            FileContent::Trace(recorded) => Some(recorded),
            _ => None,
        }
    }

    /// A trace, once through or repeated.
    pub fn trace(&self, written: &str, repeat: bool) -> Option<Arc<Trace>> {
        let recorded = self.recorded(written)?;
        Some(if repeat { recorded.repeated.clone() } else { recorded.once.clone() })
    }

    /// The largest number of a client in a trace.
    pub fn last_client(&self, written: &str) -> Option<u32> {
        self.recorded(written)?.last_client
    }

    /// The place of a message's row in a trace.
    pub fn row(&self, written: &str, message: usize, diagnostics: &mut Diagnostics) -> Option<Span> {
        let text = self.text(written)?;
        let span = InputRows { text, source: 0 }.row(message + 1)?;
        Some(Span { source: diagnostics.source_of(written, text), ..span })
    }

    /// Help: the number to subtract from all times of a trace so that it begins with the run.
    pub fn shifted(&self, written: &str) -> Option<String> {
        InputRows { text: self.text(written)?, source: 0 }.shifted()
    }

    fn text(&self, written: &str) -> Option<&str> {
        let (place, _) = self.known.get(&(written.to_owned(), FileUse::Trace))?;
        std::str::from_utf8(&self.files.get(*place)?.bytes).ok()
    }

    /// Measured delays, rising.
    pub fn delays(&self, written: &str) -> Option<Arc<[Time]>> {
        match &self.known.get(&(written.to_owned(), FileUse::Delays))?.1 {
            FileContent::Delays(delays) => Some(delays.clone()),
            _ => None,
        }
    }
}

/// The content of a file; `named` is the place at which the experiment names it.
fn parse(name: &str, bytes: &[u8], named: Span, wanted: FileUse, diagnostics: &mut Diagnostics) -> FileContent {
    if let Some((format, _, help)) = FORMATS.iter().find(|(_, beginning, _)| bytes.starts_with(beginning)) {
        let problem = Problem::new(format!("`{name}` is not CSV, but {format}")).at(named, "this file");
        diagnostics.error(problem.help(help.replace("FILE", name)));
        return FileContent::Bad;
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let source = diagnostics.add_source(name, String::from_utf8_lossy(bytes));
            let start = error.valid_up_to();
            let problem = Problem::new(format!("`{name}` is not UTF-8 text"));
            diagnostics
                .error(problem.at(Span { source, start, end: start + 1 }, "here").help("save the file as UTF-8"));
            return FileContent::Bad;
        }
    };
    let table = InputRows { text, source: diagnostics.next_source() };
    let outcome = match wanted {
        FileUse::Trace => table.trace().map(|messages| FileContent::Trace(Recorded::new(messages))),
        FileUse::Delays => table.delays().map(|delays| FileContent::Delays(delays.into())),
    };
    outcome.unwrap_or_else(|problem| {
        diagnostics.add_source(name, text);
        diagnostics.error(problem);
        FileContent::Bad
    })
}
