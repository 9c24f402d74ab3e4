//! The store: the exact totals of every replication of a finished run, from which its tables are made. With it, more
//! replications or points need no simulation of what is there, and results can be compared replication by replication.

use std::collections::BTreeMap;
use std::ops::Range;

use super::record::{self, RecordName};
use crate::model::{RESULTS_VERSION, Totals};

/// The first bytes. The number rises with every change of the fields of [`Totals`].
const MAGIC: &[u8; 16] = b"cometsim-totals1";

/// The records of a folder of results.
#[derive(Clone, Debug, Default)]
pub struct Store {
    bytes: Vec<u8>,
    places: BTreeMap<RecordName, Range<usize>>,
}

impl Store {
    /// Reads a store. One of another version is empty, and one that was cut off or altered ends there.
    pub fn of(bytes: Vec<u8>) -> Store {
        let head = Store::head();
        let mut places = BTreeMap::new();
        if bytes.starts_with(&head) {
            let mut start = head.len();
            while let Some(rest) = bytes.get(start..)
                && let Ok(Some(body)) = record::read_body(&mut &*rest, rest.len() as u64)
                && let Some(name) = record::name(&body)
            {
                let end = start + record::HEAD + body.len();
                places.insert(name, start..end);
                start = end;
            }
        }
        Store { bytes, places }
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
        let body = self.record(name)?.get(record::HEAD..)?;
        record::totals(body)
    }

    /// The names of all records.
    pub fn names(&self) -> impl Iterator<Item = &RecordName> {
        self.places.keys()
    }

    /// A record as it is stored.
    pub(super) fn record(&self, name: &RecordName) -> Option<&[u8]> {
        self.bytes.get(self.places.get(name)?.clone())
    }
}
