//! The totals of a finished replication as bytes, the same in the journal and in the store.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use sha2::{Digest, Sha256};

use crate::experiment::RunKey;
use crate::model::Totals;

/// Length of the rest, and its SHA-256.
pub const HEAD: usize = 8 + 32;
/// The digest of the scenario and the number of the replication.
const NAME: usize = 16 + 4;

/// The scenario of a replication, and its number.
pub type RecordName = (RunKey, u32);

/// The first byte and the length of each record of a file.
pub type RecordPlaces = BTreeMap<RecordName, (u64, usize)>;

/// The record of a replication.
///
/// # Errors
/// If the totals cannot be encoded, which does not happen in memory.
pub fn record(name: RecordName, totals: &Totals) -> io::Result<Vec<u8>> {
    Ok(framed(&body(Vec::new(), name, totals)?))
}

/// The body of a record, after the bytes in `before`.
///
/// # Errors
/// As [`record`].
pub fn body(mut before: Vec<u8>, (run, replication): RecordName, totals: &Totals) -> io::Result<Vec<u8>> {
    before.extend(run.0);
    before.extend(replication.to_le_bytes());
    let mut encoder = DeflateEncoder::new(before, Compression::fast());
    encoder.write_all(&postcard::to_stdvec(totals).map_err(io::Error::other)?)?;
    encoder.finish()
}

/// A body with its head.
pub fn framed(body: &[u8]) -> Vec<u8> {
    let mut record = (body.len() as u64).to_le_bytes().to_vec();
    record.extend(Sha256::digest(body));
    record.extend(body);
    record
}

/// The records of a file of `whole` bytes, from byte `start` on, where `reader` is; and the end of the last one before
/// one that was cut off or altered.
///
/// # Errors
/// If reading fails.
pub fn places(reader: &mut impl Read, start: u64, whole: u64) -> io::Result<(RecordPlaces, u64)> {
    let (mut places, mut end) = (RecordPlaces::new(), start);
    while let Some(body) = read_body(reader, whole - end)?
        && let Some(name) = name(&body)
    {
        let length = HEAD + body.len();
        places.insert(name, (end, length));
        end += length as u64;
    }
    Ok((places, end))
}

/// The body of the next record, of which `left` bytes are left; `None` if it was cut off or altered.
///
/// # Errors
/// If reading fails.
pub fn read_body(reader: &mut impl Read, left: u64) -> io::Result<Option<Vec<u8>>> {
    if left < HEAD as u64 {
        return Ok(None);
    }
    let mut head = [0; HEAD];
    reader.read_exact(&mut head)?;
    let (length, digest) = head.split_at(8);
    let length = length.iter().rev().fold(0, |length, byte| length << 8 | u64::from(*byte));
    if length > left - HEAD as u64 {
        return Ok(None);
    }
    let mut body = vec![0; length as usize];
    reader.read_exact(&mut body)?;
    let is_whole = Sha256::digest(&body).as_slice() == digest;
    Ok(if is_whole { Some(body) } else { None })
}

/// The name in a body; `None` if it has none. The totals are inflated only where they are needed.
pub fn name(body: &[u8]) -> Option<RecordName> {
    let (run, replication) = body.get(..NAME)?.split_at(16);
    Some((RunKey(run.try_into().ok()?), u32::from_le_bytes(replication.try_into().ok()?)))
}

/// The totals in a record; `None` if they are of another version of the program.
pub fn totals(record: &[u8]) -> Option<Totals> {
    body_totals(record.get(HEAD..)?)
}

/// The totals in the body of a record; `None` if they are of another version of the program.
pub fn body_totals(body: &[u8]) -> Option<Totals> {
    let mut totals = Vec::new();
    DeflateDecoder::new(body.get(NAME..)?).read_to_end(&mut totals).ok()?;
    postcard::from_bytes(&totals).ok()
}
