//! A picture in a file that the user names.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use clap::builder::{PathBufValueParser, TypedValueParser};

use super::Failure;
use super::failure::note;
use crate::report::chart::{Drawing, PictureFormat};
use crate::terminal::shown;

/// The file of a picture, in the format of its ending.
#[derive(Clone, Debug)]
pub(super) struct PictureFile {
    path: PathBuf,
    format: PictureFormat,
}

impl PictureFile {
    /// Reads it as an argument.
    pub fn parser() -> impl TypedValueParser<Value = PictureFile> {
        PathBufValueParser::new().try_map(PictureFile::new)
    }

    fn new(path: PathBuf) -> Result<PictureFile, String> {
        let format = path.extension().and_then(|ending| PictureFormat::from_ending(&ending.to_string_lossy()));
        let format = format.ok_or("a chart is a .png, an .svg or a .pdf: end its name with one of them")?;
        Ok(PictureFile { path, format })
    }

    /// Refuses a place where nothing can be written, before any work.
    pub fn check(&self) -> Result<(), Failure> {
        let folder = self.path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
        let why = if self.path.is_dir() {
            "it is a folder".to_owned()
        } else if folder.is_dir() {
            return Ok(());
        } else {
            format!("there is no folder {}", shown(folder))
        };
        Err(Failure::Wrong(anyhow!("cannot write the chart {}: {why}", shown(&self.path))))
    }

    /// Writes it, and says so.
    pub fn write(&self, drawing: &Drawing) -> Result<(), Failure> {
        let bytes = drawing.bytes(self.format)?;
        fs::write(&self.path, bytes).with_context(|| format!("cannot write the chart {}", shown(&self.path)))?;
        note(&format!("chart: {}", shown(&self.path)));
        Ok(())
    }
}
