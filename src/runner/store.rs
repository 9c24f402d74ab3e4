//! The store: the exact totals of every replication of a finished run, from which its tables are made. With it, more
//! replications or points need no simulation of what is there, and results can be compared replication by replication.

use super::record::{self, RecordName, RecordPlaces};
use crate::model::{RESULTS_VERSION, Totals};

/// The first bytes. The number rises with every change of the fields of [`Totals`].
const MAGIC: &[u8; 16] = b"cometsim-totals1";

/// The records of a folder of results.
#[derive(Clone, Debug, Default)]
pub struct Store {
    bytes: Vec<u8>,
    places: RecordPlaces,
    /// The end of the last record.
    end: usize,
}

impl Store {
    /// Reads a store. One of another version is empty, and one that was cut off or altered ends there.
    pub fn of(bytes: Vec<u8>) -> Store {
        let read = match bytes.strip_prefix(Store::head().as_slice()) {
            Some(rest) => record::places(&mut &*rest, (bytes.len() - rest.len()) as u64, bytes.len() as u64),
            None => Ok(Default::default()),
        };
        // Bytes in memory can be read.
        let (places, end) = read.unwrap_or_default();
        Store { bytes, places, end: end as usize }
    }

    /// Whether it is a store of this version of the program.
    pub fn is_of_this_version(&self) -> bool {
        self.bytes.starts_with(&Store::head())
    }

    /// How many bytes follow the last record.
    pub fn bytes_left(&self) -> usize {
        self.bytes.len() - self.end
    }

    /// The bytes before the first record.
    pub(super) fn head() -> Vec<u8> {
        [MAGIC.as_slice(), &RESULTS_VERSION.to_le_bytes()].concat()
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The totals of a replication; `None` if they are not there.
    pub fn totals(&self, name: &RecordName) -> Option<Totals> {
        record::totals(self.record(name)?)
    }

    /// The names of all records.
    pub fn names(&self) -> impl Iterator<Item = &RecordName> {
        self.places.keys()
    }

    /// A record as it is stored.
    pub(super) fn record(&self, name: &RecordName) -> Option<&[u8]> {
        let (start, length) = *self.places.get(name)?;
        self.bytes.get(start as usize..)?.get(..length)
    }
}
