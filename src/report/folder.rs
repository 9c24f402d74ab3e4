//! The output folder of one experiment: files that appear whole or not at all.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::manifest::{MANIFEST, Manifest, sha256};

/// Name of the folder that holds unfinished work.
const PARTIAL: &str = ".partial";

/// The output folder of one experiment.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
}

/// A file that could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("cannot {action} {}", path.display())]
pub struct FolderError {
    action: &'static str,
    path: PathBuf,
    source: io::Error,
}

impl Folder {
    /// The folder at `path`, which need not exist yet.
    pub fn new(path: impl Into<PathBuf>) -> Folder {
        Folder { path: path.into() }
    }

    /// Where the folder is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where unfinished work lies.
    pub fn journal(&self) -> PathBuf {
        self.path.join(PARTIAL).join("jobs")
    }

    /// Whether unfinished work lies here.
    pub fn has_partial(&self) -> bool {
        self.journal().exists()
    }

    /// Makes the folder and the one for unfinished work.
    ///
    /// # Errors
    /// If that cannot be done.
    pub fn create(&self) -> Result<(), FolderError> {
        let path = self.path.join(PARTIAL);
        fs::create_dir_all(&path).map_err(|source| FolderError { action: "create", path, source })
    }

    /// Reads a file of the folder.
    ///
    /// # Errors
    /// If it is not there or cannot be read.
    pub fn read(&self, name: &str) -> Result<Vec<u8>, FolderError> {
        let path = self.path.join(name);
        fs::read(&path).map_err(|source| FolderError { action: "read", path, source })
    }

    /// Writes a file of the folder so that it appears whole or not at all.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), FolderError> {
        let target = self.path.join(name);
        let failed = |action| {
            let path = target.clone();
            move |source| FolderError { action, path, source }
        };
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent).map_err(failed("create the folder of"))?;
        }
        let draft = self.path.join(PARTIAL).join(format!("draft-{}", std::process::id()));
        fs::create_dir_all(self.path.join(PARTIAL)).map_err(failed("write"))?;
        fs::write(&draft, bytes).map_err(failed("write"))?;
        fs::rename(&draft, &target).map_err(failed("write"))
    }

    /// Removes what lies unfinished.
    ///
    /// # Errors
    /// If that cannot be done.
    pub fn discard_partial(&self) -> Result<(), FolderError> {
        let path = self.path.join(PARTIAL);
        match fs::remove_dir_all(&path) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => {
                Err(FolderError { action: "remove", path, source })
            }
            _ => Ok(()),
        }
    }

    /// Removes the folder for unfinished work if nothing is in it.
    pub fn tidy(&self) {
        // It is not empty while something unfinished lies in it, which is why it stays then.
        let _ = fs::remove_dir(self.path.join(PARTIAL));
    }

    /// The manifest, if there is one.
    ///
    /// # Errors
    /// If it is there and cannot be read as one.
    pub fn manifest(&self) -> Result<Option<Manifest>, FolderError> {
        let path = self.path.join(MANIFEST);
        let failed = |source| FolderError { action: "read", path: path.clone(), source };
        match fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map(Some).map_err(|error| failed(error.into())),
            // What stands in the way of the folder shows when it is made.
            Err(source) if [io::ErrorKind::NotFound, io::ErrorKind::NotADirectory].contains(&source.kind()) => Ok(None),
            Err(source) => Err(failed(source)),
        }
    }

    /// Removes the manifest and the results that it names.
    ///
    /// # Errors
    /// If a file is there and cannot be removed.
    pub fn discard_results(&self, manifest: &Manifest) -> Result<(), FolderError> {
        self.remove(std::iter::once(MANIFEST).chain(manifest.results.keys().map(String::as_str)))
    }

    /// Removes the charts that the manifest names.
    ///
    /// # Errors
    /// If a file is there and cannot be removed.
    pub fn discard_charts(&self, manifest: &Manifest) -> Result<(), FolderError> {
        self.remove(manifest.results.keys().map(String::as_str).filter(|name| name.starts_with("charts/")))
    }

    fn remove<'a>(&self, names: impl Iterator<Item = &'a str>) -> Result<(), FolderError> {
        for name in names.filter(|name| is_inside(name)) {
            let path = self.path.join(name);
            match fs::remove_file(&path) {
                Err(source) if source.kind() != io::ErrorKind::NotFound => {
                    return Err(FolderError { action: "remove", path, source });
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// The results that are missing or not what the manifest says.
    pub fn damaged(&self, manifest: &Manifest) -> Vec<String> {
        let differs = |(name, digest): &(&String, &String)| {
            !is_inside(name) || self.read(name).map_or(true, |bytes| sha256(&bytes) != **digest)
        };
        manifest.results.iter().filter(differs).map(|(name, _)| name.clone()).collect()
    }
}

/// Whether the name of a result stays inside the folder.
fn is_inside(name: &str) -> bool {
    Path::new(name).components().all(|part| matches!(part, std::path::Component::Normal(_)))
}
