//! The page of a run: one HTML file with its answer, its charts, and what it assumes.
//!
//! The template escapes what it is given. The script of the page draws the charts from data in the page; without it the
//! answer, the table and all texts are there. The page loads nothing.

mod assumed;
mod charts;
mod fewer;
mod figure;
mod gallery;
mod legend;
mod map_data;
mod places;
mod policy;
mod rounding;
mod template;
mod thumbnail;
mod warned;

use std::collections::BTreeMap;

use serde::Serialize;

use super::answer::{self, ALTERED, AnswerView, Remarks, unbroken};
use super::chart::{Looks, Tables};
use super::cite::{bibtex, command};
use super::draw::{note, parsed};
use super::manifest::{Build, Manifest};
use super::request::ReportError;
use super::results::PAGE;
use super::run_events::run_events;
use super::tables::{SUMMARY, TextFile};
use crate::experiment::Experiment;
use assumed::{AssumedKey, assumed};
use charts::{ChartData, Drawn};
pub use gallery::{Gallery, GalleryError, write_index};
use legend::hex;
use places::SliderData;
use warned::WarningView;

/// A page is made smaller until it has at most this many bytes, as far as fewer points of curves and tables make it so.
const MOST_BYTES: usize = 290_000;
/// The most points in a run of a curve, from fine to coarse.
const FINENESS: [usize; 6] = [1_000, 500, 250, 120, 60, 30];
/// A larger table of results is not in the page, which then names its file.
const MOST_CSV_BYTES: usize = 60_000;

/// What a page is made of.
pub(super) struct PageSource<'a> {
    /// With the points of its tables.
    pub experiment: &'a Experiment,
    pub tables: &'a [TextFile],
    /// The experiment with every default.
    pub resolved: &'a str,
    pub remarks: Remarks<'a>,
    /// How the run was made, if that is known.
    pub manifest: Option<&'a Manifest>,
}

/// What the template is given.
#[derive(Serialize)]
struct PageContext<'a> {
    title: &'a str,
    /// The largest line of the page: the question, or the title.
    headline: &'a str,
    /// The line above it, if it is not the title.
    kicker: &'a str,
    /// The comment of the file, if it is no question.
    lead: &'a str,
    /// What must be said before all else: a quick run, or altered tables.
    cautions: Vec<&'a str>,
    view: &'a AnswerView,
    holding: usize,
    sliders: &'a SliderData,
    charts: Vec<ShownChart<'a>>,
    assumed: &'a [AssumedKey],
    warnings: &'a [WarningView],
    facts: Option<Facts>,
    has_csv: bool,
}

/// A chart in the template.
#[derive(Serialize)]
struct ShownChart<'a> {
    name: &'a str,
    title: String,
    kind: &'a str,
}

/// How the run was made.
#[derive(Serialize)]
struct Facts {
    command: String,
    version: String,
    results_version: u32,
    commit: String,
    seed: u64,
    identity: String,
    bibtex: String,
}

/// What the script is given.
#[derive(Serialize)]
struct Data<'a> {
    charts: Vec<ChartData>,
    sliders: &'a SliderData,
    files: Vec<SavedFile<'a>>,
    /// The colours of the transports.
    colors: BTreeMap<&'a str, String>,
}

/// A file that the page can save.
#[derive(Serialize)]
struct SavedFile<'a> {
    name: &'a str,
    kind: &'static str,
    text: &'a str,
}

impl Facts {
    fn new(manifest: &Manifest) -> Facts {
        Facts {
            command: command(manifest),
            version: manifest.cometsim_version.clone(),
            results_version: manifest.results_version,
            commit: Build::of(manifest).git_commit,
            seed: manifest.seed,
            identity: manifest.identity.clone(),
            bibtex: bibtex(manifest).join("\n"),
        }
    }
}

/// The page: its name and its bytes.
///
/// # Errors
/// If a chart names a column that the tables lack, or a table cannot be read.
pub(super) fn file(source: &PageSource) -> Result<(String, Vec<u8>), ReportError> {
    let PageSource { experiment, tables, remarks, .. } = source;
    let view = answer::view(experiment, tables, *remarks)?;
    let tables = parsed(experiment, tables)?;
    let warnings = answer::told(experiment, remarks.warnings).iter().map(WarningView::new).collect();
    let page = PageInMaking { source, view, warnings, tables, sliders: SliderData::new(experiment) };
    let mut text = String::new();
    for most in FINENESS {
        text = page.text(most)?;
        if text.len() <= MOST_BYTES {
            break;
        }
    }
    Ok((PAGE.to_owned(), text.into_bytes()))
}

fn colors<'a>(experiment: &'a Experiment, looks: &Looks) -> BTreeMap<&'a str, String> {
    experiment.transports().iter().map(|name| (name.as_str(), hex(looks.get(name).color))).collect()
}

struct PageInMaking<'a> {
    source: &'a PageSource<'a>,
    view: AnswerView,
    warnings: Vec<WarningView>,
    tables: Tables,
    sliders: SliderData,
}

impl PageInMaking<'_> {
    /// The whole page, with at most `most` points in a run of a curve.
    fn text(&self, most: usize) -> Result<String, ReportError> {
        let PageSource { experiment, remarks, resolved, .. } = self.source;
        let note = note(experiment, remarks.is_altered);
        let (looks, spans) = (Looks::of(experiment), run_events(experiment));
        let drawn = Drawn { experiment, tables: &self.tables, note: note.as_deref(), looks: &looks, spans: &spans };
        let data = Data {
            charts: drawn.charts(most)?,
            sliders: &self.sliders,
            files: self.files(resolved),
            colors: colors(experiment, &looks),
        };
        let mut charts = Vec::new();
        for chart in experiment.charts() {
            charts.push(ShownChart {
                name: &chart.name,
                title: unbroken(chart.title.as_deref().unwrap_or(experiment.title())),
                kind: chart.kind.word(),
            });
        }
        let assumed = assumed(experiment, &self.tables.summary);
        let context = self.context(&data, charts, &assumed);
        Ok(template::page(&context, &serde_json::to_string(&data)?)?)
    }

    fn context<'a>(&'a self, data: &Data, charts: Vec<ShownChart<'a>>, assumed: &'a [AssumedKey]) -> PageContext<'a> {
        let PageSource { experiment, remarks, manifest, .. } = self.source;
        let title = experiment.title();
        let comment = manifest.and_then(|manifest| manifest.question.as_deref()).unwrap_or_default();
        let is_question = comment.ends_with(['?', '？']);
        let cautions = [
            (experiment.quick(), "This is a quick run: a smoke test, not for publication."),
            (remarks.is_altered, ALTERED),
        ];
        PageContext {
            title,
            headline: if is_question { comment } else { title },
            kicker: if is_question { title } else { "" },
            lead: if is_question { "" } else { comment },
            cautions: cautions.into_iter().filter(|(is_true, _)| *is_true).map(|(_, text)| text).collect(),
            view: &self.view,
            holding: self.view.claims.iter().filter(|claim| claim.state == "holds").count(),
            sliders: &self.sliders,
            charts,
            assumed,
            warnings: &self.warnings,
            facts: manifest.map(Facts::new),
            has_csv: data.files.iter().any(|file| file.kind == "csv"),
        }
    }

    fn files<'a>(&'a self, resolved: &'a str) -> Vec<SavedFile<'a>> {
        let summary = self.source.tables.iter().find(|(name, _)| *name == SUMMARY).map_or("", |(_, text)| text);
        let mut files = vec![SavedFile { name: "resolved.toml", kind: "toml", text: resolved }];
        if !summary.is_empty() && summary.len() <= MOST_CSV_BYTES {
            files.push(SavedFile { name: SUMMARY, kind: "csv", text: summary });
        }
        files
    }
}
