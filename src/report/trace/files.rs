//! The files of a trace in a folder.

use super::{ClientTrace, trace_csv, trace_diagram, trace_json};
use crate::experiment::chart::Ground;
use crate::report::chart::PictureFormat;
use crate::report::folder::{Folder, Sharing};
use crate::report::request::ReportError;
use crate::terminal::shown;

/// The table, the trace for a viewer, and the diagram.
pub const TRACE_FILES: [&str; 5] = ["trace.csv", "trace.json", "trace.svg", "trace.png", "trace.pdf"];

/// The beginnings by which a table and a trace for a viewer are known to be of this program.
const BEGINS: [&[u8]; 2] = [b"time_s,transport,client,request,event,", b"{\"traceEvents\":[{\"name\":\"process_name\""];

/// Refuses a folder in which another program's files have the names of a trace, or in which a run is not finished.
///
/// # Errors
/// If it cannot be used.
pub fn check_trace_folder(folder: &Folder) -> Result<(), ReportError> {
    if !folder.is_there()? {
        return Ok(());
    }
    let path = shown(folder.path());
    if folder.has_unfinished_work() {
        return Err(ReportError::Refused(format!(
            "{path} holds a run that is not finished: finish it, or choose another folder with --out"
        )));
    }
    let is_ours = |(name, begin): (&str, &[u8])| folder.read(name).is_ok_and(|bytes| bytes.starts_with(begin));
    let are_ours = TRACE_FILES.into_iter().zip(BEGINS).any(is_ours);
    match TRACE_FILES.into_iter().find(|name| folder.has(name)) {
        Some(name) if !are_ours => Err(ReportError::Refused(format!(
            "{path} has a file {name} that is not of a trace of this program: move it away, or choose another folder \
             with --out"
        ))),
        _ => Ok(()),
    }
}

/// Writes the files of a trace: each appears whole or not at all. An earlier trace is replaced. The diagram stands on
/// this ground.
///
/// # Errors
/// If the folder cannot be used, or a file cannot be made or written.
pub fn write_trace(
    trace: &ClientTrace,
    ground: Ground,
    folder: &Folder,
    on_note: &dyn Fn(&str),
) -> Result<(), ReportError> {
    check_trace_folder(folder)?;
    let failed = |source| ReportError::Chart { name: "trace".to_owned(), source };
    let drawing = trace_diagram(trace, ground).map_err(failed)?;
    let [svg, png, pdf] = PictureFormat::ALL.map(|format| drawing.bytes(format).map_err(failed));
    let contents = [trace_csv(trace)?.into_bytes(), trace_json(trace)?.into_bytes(), svg?, png?, pdf?];
    let files: Vec<(String, Vec<u8>)> = TRACE_FILES.iter().map(ToString::to_string).zip(contents).collect();
    let held = folder.hold(Sharing::Alone, on_note)?;
    folder.write(&files)?;
    Ok(held.finish()?)
}
