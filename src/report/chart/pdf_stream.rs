//! The streams of a PDF.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;

/// In the form of the filter `FlateDecode`.
pub fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    // A vector takes all bytes.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}
