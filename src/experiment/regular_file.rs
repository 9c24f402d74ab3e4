//! Reading of files that a user names: regular files of a bounded size, no pipes or devices.

use std::fs::{self, File, FileType, Metadata, OpenOptions};
use std::io::{ErrorKind, Read};
use std::path::Path;

/// The bytes of a regular file of at most `most` bytes.
///
/// # Errors
/// Why it cannot be read, in words that follow "cannot read x:".
pub(super) fn read(path: &Path, most: u64) -> Result<Vec<u8>, String> {
    let reason = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound => "there is no such file".to_owned(),
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        ErrorKind::InvalidInput => "no file can have this name".to_owned(),
        _ => error.to_string(),
    };
    // Opening a device may already have an effect.
    check(&fs::metadata(path).map_err(reason)?, most)?;
    let file = open(path).map_err(reason)?;
    // The file may have been replaced since the check.
    let metadata = file.metadata().map_err(reason)?;
    check(&metadata, most)?;
    let mut bytes = Vec::new();
    let size = usize::try_from(metadata.len()).unwrap_or(usize::MAX);
    bytes.try_reserve_exact(size).map_err(|_| "there is not enough memory for it".to_owned())?;
    // Some system files report a size of 0.
    file.take(most.saturating_add(1)).read_to_end(&mut bytes).map_err(reason)?;
    if bytes.len() as u64 > most {
        return Err(too_large(bytes.len() as u64, most));
    }
    Ok(bytes)
}

fn check(metadata: &Metadata, most: u64) -> Result<(), String> {
    if !metadata.is_file() {
        return Err(format!("it is {}, not a file", kind(metadata.file_type())));
    }
    if metadata.len() > most { Err(too_large(metadata.len(), most)) } else { Ok(()) }
}

fn too_large(size: u64, most: u64) -> String {
    let mebibytes = |bytes: u64| bytes.div_ceil(1 << 20);
    format!("it has {} MiB, and {} MiB are the most", mebibytes(size).max(mebibytes(most) + 1), mebibytes(most))
}

/// Opens without waiting for a writer, as a pipe would.
fn open(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        let flags = (OFlags::NONBLOCK | OFlags::NOCTTY).bits();
        std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, flags.cast_signed());
    }
    options.open(path)
}

fn kind(kind: FileType) -> &'static str {
    if kind.is_dir() {
        return "a folder";
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if kind.is_fifo() {
            return "a pipe";
        } else if kind.is_socket() {
            return "a socket";
        } else if kind.is_block_device() || kind.is_char_device() {
            return "a device";
        }
    }
    "something else"
}
