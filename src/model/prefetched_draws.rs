//! Prefetched draws: a processor computes several logarithms at once if it gets several.

use crate::model::ids::ClientNumber;
use crate::random::{Family, Geometric, Stream};

/// Most draws made at once.
const MOST: usize = 16;
/// Fewest draws made at once.
const FEWEST: usize = 4;

/// One draw for each request of a client, the next few of them made together.
#[derive(Clone, Debug)]
pub(crate) struct PrefetchedDraws<S> {
    sampler: S,
    family: Family,
    /// Whether requests of many clients alternate, so that prefetched draws would be lost.
    in_turns: bool,
    /// The client of the prefetched draws, and the request of the first one.
    client: ClientNumber,
    stream: Stream,
    first: u64,
    count: u64,
    values: [u64; MOST],
}

/// A distribution that turns 64 random bits into an integer.
pub(crate) trait Sampler {
    /// The value of these bits.
    fn value(&self, bits: u64) -> u64;
    /// Replaces the bits in each element by their value.
    fn replace_bits(&self, values: &mut [u64]) {
        for bits in values {
            *bits = self.value(*bits);
        }
    }
}

impl Sampler for Geometric {
    #[inline]
    fn value(&self, bits: u64) -> u64 {
        self.from_bits(bits)
    }

    #[inline]
    fn replace_bits(&self, values: &mut [u64]) {
        Geometric::replace_bits(self, values);
    }
}

impl<S: Sampler> PrefetchedDraws<S> {
    /// Draws of `family`. With `in_turns` the requests of many clients alternate, and one draw is made at a time.
    pub fn new(sampler: S, family: Family, in_turns: bool) -> PrefetchedDraws<S> {
        let stream = family.stream(0);
        PrefetchedDraws {
            sampler,
            family,
            in_turns,
            client: ClientNumber(0),
            stream,
            first: 0,
            count: 0,
            values: [0; MOST],
        }
    }

    /// The distribution of the draws.
    pub fn law(&self) -> &S {
        &self.sampler
    }

    /// The draw for this request of this client.
    #[inline]
    pub fn of(&mut self, client: ClientNumber, request: u64) -> u64 {
        if self.in_turns {
            return self.sampler.value(self.family.stream(u64::from(client.0)).at(request));
        }
        let index = request.wrapping_sub(self.first);
        if client != self.client || index >= self.count {
            return self.draw(client, request);
        }
        self.values[index as usize % MOST]
    }

    fn draw(&mut self, client: ClientNumber, request: u64) -> u64 {
        let is_next = client == self.client && self.count > 0;
        if !is_next {
            self.stream = self.family.stream(u64::from(client.0));
        }
        // As many as there were before, so that few are unused if a client sends few requests.
        let count = request.clamp(FEWEST as u64, MOST as u64) as usize;
        (self.client, self.first, self.count) = (client, request, count as u64);
        let values = &mut self.values[..count];
        for (value, number) in values.iter_mut().zip(request..) {
            *value = self.stream.at(number);
        }
        self.sampler.replace_bits(values);
        self.values[0]
    }
}
