//! One name in one directory, by a handle of the directory, so that a link put in its way is not followed.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use cap_fs_ext::{DirExt, FollowSymlinks, MetadataExt, OpenOptionsFollowExt};
use cap_std::fs::{Dir, File, Metadata, OpenOptions};

/// The start of the names of incomplete files.
const DRAFT: &str = "draft-";
/// The number of random letters and digits after it.
const RANDOM: usize = 12;

/// The wrong kind of file under a name, and what to do about it.
fn in_the_way(facts: &Metadata, wanted: &str) -> io::Error {
    let kind = facts.file_type();
    io::Error::other(if kind.is_symlink() {
        "it is a symbolic link, and none is followed in a folder of results: remove it".to_owned()
    } else {
        format!("it is a {}, and should be a {wanted}: move it away", kind_name(facts))
    })
}

/// A word for the kind of a file.
fn kind_name(facts: &Metadata) -> &'static str {
    let kind = facts.file_type();
    if kind.is_dir() {
        return "folder";
    }
    #[cfg(unix)]
    {
        use cap_std::fs::FileTypeExt;
        if kind.is_fifo() {
            return "FIFO";
        }
        if kind.is_socket() {
            return "socket";
        }
        if kind.is_block_device() || kind.is_char_device() {
            return "device";
        }
    }
    if kind.is_file() { "file" } else { "special file" }
}

/// Opens the directory `name`, never through a link.
///
/// # Errors
/// If it is missing, is not a directory, or cannot be opened.
pub(super) fn open_dir(dir: &Dir, name: &Path) -> io::Result<Dir> {
    dir.open_dir_nofollow(name).map_err(|error| match dir.symlink_metadata(name) {
        Ok(facts) if !facts.is_dir() => in_the_way(&facts, "folder"),
        _ => error,
    })
}

/// Opens the directory `name`, and makes it if it is missing.
///
/// # Errors
/// If something else is there, or it cannot be made or opened.
pub(super) fn make_dir(dir: &Dir, name: &Path) -> io::Result<Dir> {
    match dir.create_dir(name) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => open_dir(dir, name),
    }
}

/// Opens a regular file, never through a link, and never waiting for the other end of a pipe.
///
/// # Errors
/// If it is not there, is something else, or cannot be opened.
pub(super) fn open_file(dir: &Dir, name: &Path, mut options: OpenOptions) -> io::Result<File> {
    // Opening a device may already have an effect.
    if let Ok(facts) = dir.symlink_metadata(name)
        && !facts.is_file()
    {
        return Err(in_the_way(&facts, "file"));
    }
    options.follow(FollowSymlinks::No);
    #[cfg(unix)]
    {
        use cap_std::fs::OpenOptionsExt;
        let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
        options.custom_flags(flags.bits().cast_signed());
    }
    let file = dir.open_with(name, &options)?;
    let facts = file.metadata()?;
    if facts.is_file() { Ok(file) } else { Err(in_the_way(&facts, "file")) }
}

/// Reads a regular file up to its current length.
///
/// # Errors
/// As [`open_file`].
pub(super) fn read(dir: &Dir, name: &Path) -> io::Result<Vec<u8>> {
    let mut options = OpenOptions::new();
    options.read(true);
    let file = open_file(dir, name, options)?;
    let mut bytes = Vec::new();
    let size = file.metadata()?.len();
    file.take(size).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Whether the name still refers to `file`: another process may have removed it before it was locked.
///
/// # Errors
/// If the system gives an error.
pub(super) fn is_still_there(dir: &Dir, name: &Path, file: &File) -> io::Result<bool> {
    let here = file.metadata()?;
    match dir.symlink_metadata(name) {
        Ok(there) => Ok((there.dev(), there.ino()) == (here.dev(), here.ino())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Removes a file or a link, if it exists.
///
/// # Errors
/// If it is there and cannot be removed.
pub(super) fn remove_file(dir: &Dir, name: &Path) -> io::Result<()> {
    match dir.remove_file(name) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Whether a name is the name of a draft: [`DRAFT`] and random letters and digits.
fn is_draft_name(name: &str) -> bool {
    let rest = name.strip_prefix(DRAFT).unwrap_or_default();
    rest.len() == RANDOM && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Removes the drafts that an interrupted run left.
///
/// # Errors
/// If one cannot be removed.
pub(super) fn remove_drafts(dir: &Dir) -> io::Result<()> {
    for entry in dir.entries()? {
        let entry = entry?;
        let is_draft = entry.file_name().to_str().is_some_and(is_draft_name);
        let is_folder = match entry.file_type() {
            // Another process has just moved or removed it.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            kind => kind?.is_dir(),
        };
        if is_draft && !is_folder {
            remove_file(dir, Path::new(&entry.file_name()))?;
        }
    }
    Ok(())
}

/// Makes the entries of a directory durable, if the system can.
///
/// # Errors
/// If the disk fails.
#[cfg(unix)]
pub(super) fn sync_dir(dir: &Dir) -> io::Result<()> {
    match dir.open(".").and_then(|dir| dir.sync_all()) {
        // The file system cannot sync a directory, or the directory may not be read.
        Err(error) if is_not_offered(&error) || error.kind() == io::ErrorKind::PermissionDenied => Ok(()),
        outcome => outcome,
    }
}

/// Makes the entries of a directory durable, if the system can.
#[cfg(not(unix))]
pub(super) fn sync_dir(_: &Dir) -> io::Result<()> {
    Ok(())
}

/// Whether the error says that the file system lacks an operation.
fn is_not_offered(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported)
}

/// A complete file under a random name. It is removed unless it is moved.
pub(super) struct Draft<'a> {
    dir: &'a Dir,
    name: PathBuf,
    file: Option<File>,
    is_moved: bool,
}

impl<'a> Draft<'a> {
    /// Writes a new file in `dir`.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn new(dir: &'a Dir, bytes: &[u8]) -> io::Result<Draft<'a>> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        let mut name = PathBuf::new();
        let make = |path: &Path| {
            name = path.file_name().map(PathBuf::from).unwrap_or_default();
            dir.open_with(&name, &options)
        };
        // Only the name of its path is used, in this directory.
        let made =
            tempfile::Builder::new().prefix(DRAFT).rand_bytes(RANDOM).disable_cleanup(true).make_in("/", make)?;
        let mut file = made.into_file();
        let mut draft = Draft { dir, name, file: None, is_moved: false };
        file.write_all(bytes)?;
        draft.file = Some(file);
        Ok(draft)
    }

    /// Closes the file, and makes it durable if it `is_kept`. Writing several files first and closing them then takes
    /// half the time.
    ///
    /// # Errors
    /// If the disk fails.
    pub fn close(&mut self, is_kept: bool) -> io::Result<()> {
        let Some(file) = self.file.take() else { return Ok(()) };
        if !is_kept {
            return Ok(());
        }
        match file.sync_all() {
            Err(error) if !is_not_offered(&error) => Err(error),
            _ => Ok(()),
        }
    }

    /// Gives the file its name, and replaces the file with that name.
    ///
    /// # Errors
    /// If that cannot be done.
    pub fn place(mut self, dir: &Dir, name: &Path) -> io::Result<()> {
        self.dir.rename(&self.name, dir, name).map_err(|error| match dir.symlink_metadata(name) {
            Ok(facts) if facts.is_dir() => in_the_way(&facts, "file"),
            _ => error,
        })?;
        self.is_moved = true;
        Ok(())
    }

    /// Gives the file a second, unused name.
    ///
    /// # Errors
    /// If the name is used, or the file system has no hard links.
    pub fn link(&self, name: &Path) -> io::Result<()> {
        self.dir.hard_link(&self.name, self.dir, name)
    }
}

impl Drop for Draft<'_> {
    fn drop(&mut self) {
        if !self.is_moved {
            // If it cannot be removed here, it is removed with its folder.
            let _ = remove_file(self.dir, &self.name);
        }
    }
}
