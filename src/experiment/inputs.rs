//! Input files: recorded messages and measured delays.

mod rows;

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::diagnostics::{Diagnostics, Problem};
use super::node::{Node, Span, Value};
use crate::model::scenario::Trace;
use crate::units::Time;
use rows::Rows;

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

    /// Memory of the files and of what was read from them, in bytes.
    pub fn memory(&self) -> u64 {
        let files = self.files.iter().map(|file| file.bytes.len());
        let contents = self.known.values().map(|(_, content)| match content {
            Content::Trace(_, once, repeated) => {
                size_of_val(once.messages.as_slice()) + size_of_val(repeated.messages.as_slice())
            }
            Content::Delays(delays) => size_of_val(delays.as_ref()),
            Content::Bad => 0,
        });
        files.chain(contents).map(|bytes| bytes as u64).sum()
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
