//! A client's mailbox at the server, and every message of the client whose fate is open.
//!
//! Messages of one client are numbered 0, 1, 2, … in the order of their creation. A message stays on record from its
//! creation until it is delivered, lost or superseded, in the mailbox or in replies in transit. With redelivery it
//! stays until no request can ask for it again.

use std::collections::VecDeque;
use std::ops::Range;

use crate::model::footprint;
use crate::model::observer::Fate;
use crate::model::scenario::{Keep, OnLostReply};
use crate::units::Time;

/// One message on record.
#[derive(Clone, Copy, Debug)]
struct Record {
    created: Time,
    bytes: u32,
    /// Copies in replies in transit. Only counted if a message may be superseded and still be redelivered.
    copies: u32,
    overwritten: bool,
    settled: bool,
}

/// The rules of a mailbox.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    pub keep: Keep,
    pub on_lost_reply: OnLostReply,
}

impl Rules {
    fn redelivers(self) -> bool {
        self.on_lost_reply == OnLostReply::Redeliver
    }

    fn keeps_all(self) -> bool {
        self.keep == Keep::All
    }
}

/// The messages of one client.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mailbox {
    records: VecDeque<Record>,
    /// Number of the first message on record.
    first: u64,
    /// Number of the first message that no reply has taken.
    waiting: u64,
}

impl Mailbox {
    /// The number of the next message.
    #[inline]
    pub fn next(&self) -> u64 {
        self.first + self.records.len() as u64
    }

    /// Whether no message is on record.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Memory of the records, in bytes.
    pub fn bytes_in_use(&self) -> usize {
        footprint::of_list::<Record>(self.records.capacity())
    }

    /// Adds a message. Calls `settle` for a message that it supersedes. Returns the bytes of a superseded message that
    /// was waiting.
    #[inline]
    pub fn create(&mut self, rules: Rules, now: Time, bytes: u32, mut settle: impl FnMut(u64, Fate, Time)) -> u64 {
        let overwritten = if rules.keeps_all() { 0 } else { self.overwrite_newest(rules, &mut settle) };
        self.records.push_back(Record { created: now, bytes, copies: 0, overwritten: false, settled: false });
        overwritten
    }

    fn overwrite_newest(&mut self, rules: Rules, settle: &mut impl FnMut(u64, Fate, Time)) -> u64 {
        let number = self.next().wrapping_sub(1);
        let waits = self.waiting < self.next();
        let may_be_asked_for = rules.redelivers() || waits;
        let Some(newest) = self.records.back_mut().filter(|newest| may_be_asked_for && !newest.settled) else {
            return 0;
        };
        newest.overwritten = true;
        if newest.copies == 0 {
            newest.settled = true;
            settle(number, Fate::Superseded, newest.created);
        }
        if waits { newest.bytes.into() } else { 0 }
    }

    /// The total size of the messages that no reply has taken.
    #[inline]
    pub fn waiting_bytes(&self) -> u64 {
        let first = self.waiting.saturating_sub(self.first) as usize;
        let waiting = self.records.iter().skip(first).filter(|record| !record.overwritten);
        waiting.map(|record| u64::from(record.bytes)).sum()
    }

    /// Whether there is a message for a request that acknowledged `named` messages.
    pub fn has_news(&self, rules: Rules, named: u64) -> bool {
        self.next() > if rules.redelivers() { named } else { self.waiting }
    }

    /// Takes the messages for a reply to a request that acknowledged `named` messages: returns their numbers.
    #[inline]
    pub fn take(&mut self, rules: Rules, named: u64) -> Range<u64> {
        let end = self.next();
        let from = if rules.redelivers() { named } else { self.waiting };
        let taken = if rules.keeps_all() { from..end } else { from.max(end.saturating_sub(1))..end };
        self.waiting = end;
        if rules.redelivers() && !rules.keeps_all() {
            for number in taken.clone() {
                if let Some(record) = self.record(number) {
                    record.copies += 1;
                }
            }
        }
        taken
    }

    /// The total size of the messages `taken` that are not yet forgotten.
    #[inline]
    pub fn bytes(&self, taken: &Range<u64>) -> u64 {
        let index = |number: u64| number.saturating_sub(self.first) as usize;
        self.records.range(index(taken.start)..index(taken.end)).map(|record| u64::from(record.bytes)).sum()
    }

    #[inline]
    fn record(&mut self, number: u64) -> Option<&mut Record> {
        number.checked_sub(self.first).and_then(|index| self.records.get_mut(index as usize))
    }

    /// A reply with the messages `carried` has reached its client. Calls `settle` with the fate of each, and returns
    /// the number of copies that the client already had.
    #[inline]
    pub fn arrive(
        &mut self,
        rules: Rules,
        carried: Range<u64>,
        client_listens: bool,
        mut settle: impl FnMut(u64, Fate, Time),
    ) -> u64 {
        let mut duplicates = 0;
        for number in carried {
            let Some(record) = self.record(number) else {
                duplicates += u64::from(client_listens);
                continue;
            };
            record.copies = record.copies.saturating_sub(1);
            let fate = match (client_listens, rules.on_lost_reply) {
                (true, _) => Some(Fate::Delivered),
                (false, OnLostReply::Drop) => Some(Fate::Lost),
                (false, OnLostReply::Redeliver) if record.overwritten && record.copies == 0 => Some(Fate::Superseded),
                (false, OnLostReply::Redeliver) => None,
            };
            if record.settled {
                duplicates += u64::from(client_listens);
            } else if let Some(fate) = fate {
                record.settled = true;
                settle(number, fate, record.created);
            }
        }
        duplicates
    }

    /// Forgets messages whose fate is settled, up to number `known`: the lowest acknowledgement of any open or future
    /// request.
    #[inline]
    pub fn forget(&mut self, rules: Rules, known: u64) {
        let end = if rules.redelivers() { known } else { u64::MAX };
        while self.first < end && self.records.front().is_some_and(|record| record.settled) {
            self.records.pop_front();
            self.first += 1;
        }
    }

    /// The creation of message `number`, while it is on record.
    #[inline]
    pub fn created(&self, number: u64) -> Option<Time> {
        let index = number.checked_sub(self.first)?;
        self.records.get(index as usize).map(|record| record.created)
    }

    /// The creations of the messages whose fate is open.
    pub fn open(&self) -> impl Iterator<Item = Time> {
        self.records.iter().filter(|record| !record.settled).map(|record| record.created)
    }
}
