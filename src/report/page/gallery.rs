//! A page over the experiments in a folder, with a picture and the answer of each.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::template;
use super::thumbnail::thumbnail;
use crate::experiment::Experiment;
use crate::report::answer::{self, Remarks};
use crate::report::chart::{self, Context, Looks};
use crate::report::draw::parsed;
use crate::report::folder::Folder;
use crate::report::manifest::{MANIFEST, Manifest};
use crate::report::request::{RESOLVED, ReportError};
use crate::report::results::{PAGE, is_view, viewed_files};
use crate::report::stored::experiment_of;
use crate::report::table::CsvTable;
use crate::report::tables::{SUMMARY, TextFile};
use crate::report::tried::with_points_of;
use crate::terminal::shown;

/// By this a page of this kind is known.
const MARK: &str = "<meta name=\"generator\" content=\"cometsim index\">";

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gallery {
    /// The page.
    pub path: PathBuf,
    /// How many experiments it shows.
    pub experiments: usize,
    /// The folders that it leaves out, and why.
    pub left_out: Vec<(String, String)>,
}

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub enum GalleryError {
    /// The folder is not one that holds folders of results.
    #[error("{0}")]
    Refused(String),
    /// It cannot be read, or the page cannot be written.
    #[error("cannot {action} {}", shown(path))]
    File {
        /// What was tried.
        action: &'static str,
        /// With what.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// The page could not be made.
    #[error("the page could not be made")]
    Page(#[from] minijinja::Error),
}

/// An experiment on the page.
#[derive(Serialize)]
struct GalleryEntry {
    name: String,
    /// The address of its page; empty without one.
    address: String,
    headline: String,
    size: String,
    seed: u64,
    answers: Vec<String>,
    /// How many claims hold; empty without claims.
    claims: String,
    failing: bool,
    picture: String,
}

/// A folder that is not on the page.
#[derive(Serialize)]
struct LeftOut {
    name: String,
    why: String,
}

#[derive(Serialize)]
struct GalleryPage {
    title: String,
    entries: Vec<GalleryEntry>,
    left_out: Vec<LeftOut>,
}

/// Writes the page `index.html` over the experiments in `folder`, in the order of their names.
///
/// # Errors
/// If the folder is that of a single run, has no experiment, holds another `index.html`, or cannot be read or written.
pub fn write_index(folder: &Path) -> Result<Gallery, GalleryError> {
    let path = folder.join(PAGE);
    check(folder, &path)?;
    let names = folders_in(folder)?;
    let (mut entries, mut left_out) = (Vec::new(), Vec::new());
    for name in names {
        match entry(&folder.join(&name), &name) {
            Ok(entry) => entries.push(entry),
            Err(why) => left_out.push(LeftOut { name, why }),
        }
    }
    if entries.is_empty() {
        let reasons: String = left_out.iter().map(|folder| format!("\n  {}: {}", folder.name, folder.why)).collect();
        let path = shown(folder);
        return Err(GalleryError::Refused(format!("{path} holds no folder of results: see `cometsim run`{reasons}")));
    }
    let experiments = entries.len();
    let title = folder.canonicalize().ok().and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
    let page = GalleryPage { title: title.unwrap_or_else(|| "Experiments".to_owned()), entries, left_out };
    let text = template::index(&page)?;
    let draft = folder.join(format!(".{PAGE}.draft"));
    let failed = |action, path: &Path| {
        let path = path.to_owned();
        move |source| GalleryError::File { action, path, source }
    };
    fs::write(&draft, text).map_err(failed("write", &draft))?;
    fs::rename(&draft, &path).map_err(failed("write", &path))?;
    let left_out = page.left_out.into_iter().map(|folder| (folder.name, folder.why)).collect();
    Ok(Gallery { path, experiments, left_out })
}

/// Refuses to write over the page of a run, or over what another program has written.
fn check(folder: &Path, path: &Path) -> Result<(), GalleryError> {
    let refused = |why: String| Err(GalleryError::Refused(why));
    if folder.join(MANIFEST).exists() {
        let (folder, page) = (shown(folder), shown(path));
        return refused(format!(
            "{folder} is the folder of one run, and its page is {page}: name the folder around it"
        ));
    }
    match fs::read_to_string(path) {
        Ok(text) if text.contains(MARK) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        _ => refused(format!("{} is not a page of `cometsim index`: move it away", shown(path))),
    }
}

/// The names of the folders in a folder, sorted; hidden ones are no results.
fn folders_in(folder: &Path) -> Result<Vec<String>, GalleryError> {
    let failed = |source| GalleryError::File { action: "read", path: folder.to_owned(), source };
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_dir() && !name.starts_with('.') {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// What the page shows of a folder of results, or why it does not.
fn entry(path: &Path, name: &str) -> Result<GalleryEntry, String> {
    let folder = Folder::new(path);
    let manifest = match folder.manifest() {
        Ok(Some(manifest)) => manifest,
        Ok(None) if folder.has_unfinished_work() => return Err("the run is not finished".to_owned()),
        Ok(None) => return Err(format!("it has no {MANIFEST}")),
        Err(error) => return Err(format!("{:#}", anyhow::Error::new(error))),
    };
    let damaged: Vec<String> = folder.damaged(&manifest).into_iter().filter(|name| !is_view(name)).collect();
    if let [first, ..] = damaged.as_slice() {
        return Err(format!("{first} is not what its manifest says"));
    }
    of_results(&folder, &manifest, name).map_err(|error| format!("{:#}", anyhow::Error::new(error)))
}

fn of_results(folder: &Folder, manifest: &Manifest, name: &str) -> Result<GalleryEntry, ReportError> {
    let there = experiment_of(folder, folder.read(RESOLVED)?)?;
    let files = viewed_files(&there, |name| folder.read(name))?;
    let summary = files.iter().find(|(name, _)| *name == SUMMARY).map_or("", |(_, text)| text);
    let experiment = with_points_of(&there, &CsvTable::parse(summary)?)?;
    let remarks = Remarks { warnings: &[], claims: &manifest.claims, is_altered: false };
    let view = answer::view(&experiment, &files, remarks)?;
    let holding = manifest.claims.iter().filter(|claim| claim.holds()).count();
    let question = manifest.question.as_deref().filter(|question| question.ends_with(['?', '？']));
    let mut answers = view.answers;
    answers.extend(Some(view.sentence).filter(|sentence| !sentence.is_empty()));
    Ok(GalleryEntry {
        name: name.to_owned(),
        address: if folder.has(PAGE) { format!("{}/{PAGE}", in_address(name)) } else { String::new() },
        headline: question.unwrap_or(experiment.title()).to_owned(),
        size: view.size,
        seed: manifest.seed,
        answers,
        claims: match manifest.claims.len() {
            0 => String::new(),
            _ if manifest.quick => String::new(),
            all => format!("{holding} of {all} claims hold"),
        },
        failing: manifest.claims.iter().any(crate::report::inference::JudgedClaim::fails),
        picture: picture(&experiment, &files)?,
    })
}

/// The first chart that has a small picture.
fn picture(experiment: &Experiment, files: &[TextFile]) -> Result<String, ReportError> {
    let (tables, looks) = (parsed(experiment, files)?, Looks::of(experiment));
    let context =
        Context { title: experiment.title(), swept: experiment.swept(), note: None, looks: &looks, spans: &[] };
    for chart in experiment.charts() {
        let failed = |source| ReportError::Chart { name: chart.name.clone(), source };
        if let Some(picture) = thumbnail(&chart::plot(chart, &tables, &context).map_err(failed)?) {
            return Ok(picture);
        }
    }
    Ok(String::new())
}

/// The name of a folder in an address.
fn in_address(name: &str) -> String {
    let mut text = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_a_folder_has_an_address() {
        assert_eq!(in_address("comet-1_a.b"), "comet-1_a.b");
        assert_eq!(in_address("a b#?%"), "a%20b%23%3F%25");
        assert_eq!(in_address("长"), "%E9%95%BF");
    }
}
