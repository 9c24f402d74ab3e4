//! A picture in a file that the user names.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use clap::builder::{PathBufValueParser, TypedValueParser};

use super::Failure;
use super::failure::note;
use crate::report::chart::Drawing;
use crate::terminal::shown;

/// The file of a picture, by its ending a PNG or an SVG.
#[derive(Clone, Debug)]
pub(super) struct PictureFile {
    path: PathBuf,
    is_svg: bool,
}

impl PictureFile {
    /// Reads it as an argument.
    pub fn parser() -> impl TypedValueParser<Value = PictureFile> {
        PathBufValueParser::new().try_map(PictureFile::new)
    }

    fn new(path: PathBuf) -> Result<PictureFile, String> {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        let is_svg = match ending.as_deref() {
            Some("svg") => true,
            Some("png") => false,
            _ => return Err("a chart is a .png or an .svg: end its name with one of them".to_owned()),
        };
        Ok(PictureFile { path, is_svg })
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
        let bytes = if self.is_svg { drawing.svg().into_bytes() } else { drawing.png()? };
        fs::write(&self.path, bytes).with_context(|| format!("cannot write the chart {}", shown(&self.path)))?;
        note(&format!("chart: {}", shown(&self.path)));
        Ok(())
    }
}
