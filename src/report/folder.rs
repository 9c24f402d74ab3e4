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
#[error("cannot {action} {}: {source}", path.display())]
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
        let draft = self.path.join(PARTIAL).join("draft");
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

    /// The manifest, if there is one that can be read.
    pub fn manifest(&self) -> Option<Manifest> {
        serde_json::from_slice(&self.read(MANIFEST).ok()?).ok()
    }

    /// Removes the manifest and the results that it names.
    ///
    /// # Errors
    /// If a file is there and cannot be removed.
    pub fn discard_results(&self, manifest: &Manifest) -> Result<(), FolderError> {
        for name in std::iter::once(MANIFEST).chain(manifest.results.keys().map(String::as_str)) {
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
        let differs = |(name, digest): &(&String, &String)| match self.read(name) {
            Ok(bytes) => sha256(&bytes) != **digest,
            Err(_) => true,
        };
        manifest.results.iter().filter(differs).map(|(name, _)| name.clone()).collect()
    }
}
