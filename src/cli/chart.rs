//! `cometsim chart`: draws the charts again from the CSV files.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use clap::{Args, ValueHint};

use super::Failure;
use super::arguments::words;
use super::failure::{name_warnings, note, require_results};
use super::output::print_line;
use crate::experiment::chart::{Ground, PrintSize};
use crate::report::chart::PictureFormat;
use crate::report::{Folder, MANIFEST, PictureWish, RESOLVED, pictures, redraw};
use crate::terminal::shown;

/// Arguments of `cometsim chart`.
#[derive(Debug, Args)]
pub(super) struct ChartArguments {
    /// Folder of the run, such as output/comet
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    folder: PathBuf,
    /// Draw them even if the tables have been altered; charts and manifest then say so. With --to replace files, too
    #[arg(long)]
    force: bool,
    /// Draw into this folder, and leave the results as they are
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    to: Option<PathBuf>,
    /// Name of a chart to draw [default: all]
    #[arg(long, value_name = "CHART", requires = "to")]
    name: Vec<String>,
    /// A column of a paper (3.5 in) or both (7.2 in), without titles, or a slide [default: that of the chart]
    #[arg(long, requires = "to", value_parser = words(PrintSize::WORDS, PrintSize::from_word))]
    size: Option<PrintSize>,
    /// What the charts stand on [default: that of the chart]
    #[arg(long, requires = "to", value_parser = words(Ground::WORDS, Ground::from_word))]
    ground: Option<Ground>,
    /// The formats, with commas between them [default: all]
    #[arg(long, value_name = "FORMATS", requires = "to", value_delimiter = ',',
        value_parser = words(&["png", "svg", "pdf"], PictureFormat::from_ending))]
    format: Vec<PictureFormat>,
}

/// Draws the charts of a finished run again; with `--force` from altered tables, too.
pub(super) fn chart(arguments: &ChartArguments) -> Result<(), Failure> {
    let path = &arguments.folder;
    require_results(path, RESOLVED)?;
    let folder = Folder::new(path);
    if let Some(to) = &arguments.to {
        draw_to(&folder, to, arguments)?;
    } else {
        for name in redraw(&folder, arguments.force, &note)? {
            print_line(shown(&path.join(name)))?;
        }
    }
    name_warnings(&folder)
}

/// Draws into another folder, all charts or none.
fn draw_to(folder: &Folder, to: &Path, arguments: &ChartArguments) -> Result<(), Failure> {
    check_place(to)?;
    let mut formats = arguments.format.clone();
    formats.dedup();
    let wish = PictureWish {
        names: arguments.name.clone(),
        size: arguments.size,
        ground: arguments.ground,
        formats: if formats.is_empty() { PictureFormat::ALL.to_vec() } else { formats },
    };
    let files = pictures(folder, arguments.force, &wish)?;
    if !arguments.force {
        let is_other = |(name, bytes): &&(String, Vec<u8>)| {
            let file = to.join(name);
            file.symlink_metadata().is_ok() && fs::read(file).ok().as_ref() != Some(bytes)
        };
        if let Some((name, _)) = files.iter().find(is_other) {
            let file = shown(&to.join(name));
            return Err(Failure::Wrong(anyhow!(
                "{file} is there already, with other content: move it away, choose another folder, or add --force to \
                 replace it"
            )));
        }
    }
    fs::create_dir_all(to).with_context(|| format!("cannot make the folder {}", shown(to)))?;
    for (name, bytes) in files {
        let file = to.join(name);
        fs::write(&file, bytes).with_context(|| format!("cannot write the chart {}", shown(&file)))?;
        print_line(shown(&file))?;
    }
    Ok(())
}

/// Refuses a file, and a place in a folder of results, whose manifest says what belongs there.
fn check_place(to: &Path) -> Result<(), Failure> {
    let wrong = |why: String| Err(Failure::Wrong(anyhow!("cannot draw charts to {}: {why}", shown(to))));
    if to.exists() && !to.is_dir() {
        return wrong("it is no folder".to_owned());
    }
    // The part that is there, without `..` and links.
    let mut there = to.ancestors().map(|part| if part == Path::new("") { Path::new(".") } else { part });
    let Some(there) = there.find_map(|part| part.canonicalize().ok()) else { return Ok(()) };
    let results = there.ancestors().find(|part| part.join(MANIFEST).is_file() && part.join(RESOLVED).is_file());
    match results {
        Some(results) => wrong(format!("it is inside the results in {}; name another folder", shown(results))),
        None => Ok(()),
    }
}
