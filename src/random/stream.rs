//! A counter-based generator: a draw is a hash of its name, so any draw takes one step.
//!
//! Construction. `mix` is the finaliser of `SplitMix64` in the constants of Stafford's variant 13, a bijection of 64
//! bits (Steele, Lea & Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014). `G` is the odd
//! constant 2^64 / golden ratio. All sums and products are modulo 2^64.
//!
//! ```text
//! root   = mix(seed + G)
//! family = mix(root ^ (replication * 2^32 + purpose))      a = mix(family + G)    b = mix(family + 2 G)
//! key    = mix(a + entity * G)
//! draw i = mix(key ^ (b + i * G))
//! ```
//!
//! This is the counter-based design of Salmon, Moraes, Dror & Shaw ("Parallel random numbers: as easy as 1, 2, 3",
//! SC 2011): the state is the counter, the key names the stream.
//!
//! * **Period**: 2^64 draws a stream, each 64-bit value once. So a stream lacks the repeated values that n
//!   independent draws would show about n^2 / 2^65 times; with 2^32 draws that is half a repeat.
//! * **Distinct streams**: with one seed, no two families share (a, b) and no two entities of a family share a key,
//!   because every step is a bijection of the part that differs. No birthday problem arises among the streams of
//!   one seed. Among different seeds two families coincide with probability 2^-64 a pair: 10^6 of them, about
//!   3 * 10^-8.
//! * **No overlap**: the key enters by XOR, not by addition, so one stream is not a shifted copy of another. Two
//!   streams may agree in one single draw, as independent ones would: n draws in all have about n^2 / 2^65 such
//!   pairs.
//!
//! It is not a cryptographic generator.

use core::convert::Infallible;

use rand::TryRng;

/// 2^64 divided by the golden ratio, made odd: its multiples are spread evenly.
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// The use of a stream.
///
/// The discriminant is part of every draw: a new purpose goes to the end and gets a new number, or all results change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Purpose {
    /// The instant at which a client starts.
    Start = 0,
    /// Arrivals at one client's own source.
    Arrivals = 1,
    /// The phase of one client's own source.
    ArrivalsPhase = 2,
    /// Arrivals at the source that all clients share.
    Broadcast = 3,
    /// The phase of the source that all clients share.
    BroadcastPhase = 4,
    /// The check of one request that finds something.
    Hit = 5,
    /// One-way delay from client to server.
    UpDelay = 6,
    /// One-way delay from server to client.
    DownDelay = 7,
    /// Work of the server on one request.
    Service = 8,
    /// The jitter of the wait after an error.
    Backoff = 9,
    /// How the rate of one client's own source differs from the mean.
    Spread = 10,
    /// The ON periods of a source.
    OnPeriod = 11,
    /// The OFF periods of a source.
    OffPeriod = 12,
    /// The drift of a sleep between checks.
    Drift = 13,
    /// From a reply to the client's next request.
    Turnaround = 14,
    /// How long a client stays.
    Session = 15,
    /// The gap before a poll with `pace = "poisson"`.
    PollGap = 16,
    /// One-way delay of a pushed message.
    PushDelay = 17,
    /// One-way delays of the packets that open a connection.
    Handshake = 18,
    /// Arrivals of a client's sends.
    Sends = 19,
    /// The phase, or the state at t = 0, of a client's sends.
    SendsPhase = 20,
    /// The ON periods of a client's sends.
    SendsOn = 21,
    /// The OFF periods of a client's sends.
    SendsOff = 22,
    /// The losses of a packet.
    Loss = 23,
    /// The gaps between clients that come during the run.
    Comers = 24,
    /// One-way delay of the end of an idle connection.
    Closing = 25,
}

/// All streams of one seed, replication and purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Family {
    entities: u64,
    offset: u64,
}

impl Family {
    /// The family of this seed, replication and purpose.
    pub fn new(seed: u64, replication: u32, purpose: Purpose) -> Family {
        let root = mix(seed.wrapping_add(GOLDEN));
        let family = mix(root ^ (u64::from(replication) << 32 | u64::from(purpose as u32)));
        Family { entities: mix(family.wrapping_add(GOLDEN)), offset: mix(family.wrapping_add(GOLDEN.wrapping_mul(2))) }
    }

    /// The stream of one entity, for example a client. Different entities have different keys.
    #[inline]
    pub fn stream(self, entity: u64) -> Stream {
        Stream { key: mix(self.entities.wrapping_add(entity.wrapping_mul(GOLDEN))), offset: self.offset }
    }
}

/// One stream of 2^64 draws with random access.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stream {
    key: u64,
    offset: u64,
}

impl Stream {
    /// Draw number `counter`: 64 uniform bits.
    #[inline]
    pub fn at(self, counter: u64) -> u64 {
        mix(self.key ^ self.offset.wrapping_add(counter.wrapping_mul(GOLDEN)))
    }

    /// The draws 0, 1, 2, … in turn, for code that wants a `rand::Rng`.
    #[inline]
    pub fn rng(self) -> StreamRng {
        StreamRng { stream: self, counter: 0 }
    }
}

/// The draws of a [`Stream`] in turn, as a `rand::Rng`.
///
/// `next_u64` takes one draw. `next_u32` takes one draw too and gives its high half. `fill_bytes` takes one draw for
/// every 8 bytes, little-endian; a shorter rest takes a whole draw and uses its low bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamRng {
    stream: Stream,
    counter: u64,
}

impl StreamRng {
    #[inline]
    fn draw(&mut self) -> u64 {
        let bits = self.stream.at(self.counter);
        self.counter = self.counter.wrapping_add(1);
        bits
    }
}

impl TryRng for StreamRng {
    type Error = Infallible;

    #[inline]
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.draw() >> 32) as u32)
    }

    #[inline]
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.draw())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            let draw = self.draw().to_le_bytes();
            chunk.copy_from_slice(&draw[..chunk.len()]);
        }
        Ok(())
    }
}

/// The finaliser of `SplitMix64` (Stafford's variant 13): a bijection in which every input bit reaches every output
/// bit.
#[inline]
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The finaliser with a golden-ratio counter is `SplitMix64`, whose first outputs for seed 1234567 are published
    /// (Rosetta Code, "Pseudo-random numbers/Splitmix64").
    #[test]
    fn the_finaliser_is_that_of_splitmix64() {
        let outputs: Vec<u64> = (1..=5).map(|i| mix(GOLDEN.wrapping_mul(i).wrapping_add(1_234_567))).collect();
        assert_eq!(
            outputs,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423,
                4_593_380_528_125_082_431,
                16_408_922_859_458_223_821
            ]
        );
    }
}
