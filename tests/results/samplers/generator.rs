//! One battery for any family of streams: ours and `ChaCha` must pass it, plain counters and shifted streams must not.

use core::convert::Infallible;

use cometsim::random::{Family, Purpose};
use rand::{Rng, SeedableRng, TryRng};
use rand_chacha::ChaCha8Rng;

use super::statistics::{chi_square_p, two_sided, uniform_p};

/// Below this a p-value speaks against the generator. The battery has about 70 of them, so a good one fails it once in
/// 10^4 seeds.
const SIGNIFICANCE: f64 = 1e-6;

/// Chi-square of each of the 8 bytes, and of the 64 bits together.
fn draws_are_even(name: &str, draws: &[u64], found: &mut Vec<(String, f64)>) {
    let mut bytes = vec![[0_u64; 256]; 8];
    let mut ones = [0_u64; 64];
    for &draw in draws {
        draw.to_le_bytes().iter().zip(&mut bytes).for_each(|(&byte, counts)| counts[usize::from(byte)] += 1);
        ones.iter_mut().enumerate().for_each(|(bit, count)| *count += draw >> bit & 1);
    }
    for (place, counts) in bytes.iter().enumerate() {
        found.push((format!("{name}: byte {place}"), uniform_p(counts)));
    }
    let n = draws.len() as f64;
    let statistic = ones.iter().map(|&count| (2.0 * count as f64 - n).powi(2) / n).sum();
    found.push((format!("{name}: bits"), chi_square_p(statistic, 64)));
}

/// Chi-square of neighbours: high with high, low with low and high with low nibble; then serial correlation.
fn neighbours_are_independent(name: &str, draws: &[u64], found: &mut Vec<(String, f64)>) {
    for (kind, first, second) in [("high", 60, 60), ("low", 0, 0), ("mixed", 60, 0)] {
        let mut pairs = [0_u64; 256];
        for pair in draws.chunks_exact(2) {
            pairs[((pair[0] >> first & 15) << 4 | (pair[1] >> second & 15)) as usize] += 1;
        }
        found.push((format!("{name}: {kind} pairs"), uniform_p(&pairs)));
    }
    for lag in [1, 2, 3, 16] {
        let z = correlation(draws[lag..].iter().zip(draws));
        found.push((format!("{name}: correlation at lag {lag}"), two_sided(z)));
    }
}

/// The correlation of uniform pairs, as a standard normal statistic.
fn correlation<'a>(pairs: impl Iterator<Item = (&'a u64, &'a u64)>) -> f64 {
    let centred = |draw: u64| draw as f64 / 2.0_f64.powi(64) - 0.5;
    let (sum, n) = pairs.fold((0.0, 0_u32), |(sum, n), (&a, &b)| (sum + centred(a) * centred(b), n + 1));
    12.0 * sum / f64::from(n).sqrt()
}

/// Streams of neighbouring entities, also shifted against each other.
fn streams_are_independent(table: &[Vec<u64>], found: &mut Vec<(String, f64)>) {
    for distance in [1, 2, 7] {
        for lag in [0, 1, 2, 5] {
            let pairs = table[distance..].iter().zip(table).flat_map(|(a, b)| a.iter().zip(&b[lag..]));
            found.push((format!("entities {distance} apart, lag {lag}"), two_sided(correlation(pairs))));
            let pairs = table[distance..].iter().zip(table).flat_map(|(a, b)| a[lag..].iter().zip(b));
            found.push((format!("entities {distance} apart, lag -{lag}"), two_sided(correlation(pairs))));
        }
    }
}

/// Equal high halves among n draws: a Poisson number with mean n^2 / 2^33.
fn repeats_are_as_rare_as_chance(draws: &[u64], found: &mut Vec<(String, f64)>) {
    let mut halves: Vec<u64> = draws.iter().map(|draw| draw >> 32).collect();
    halves.sort_unstable();
    let repeats = halves.windows(2).filter(|pair| pair[0] == pair[1]).count() as f64;
    let expected = (draws.len() as f64).powi(2) / 2.0_f64.powi(33);
    found.push((format!("{repeats} repeats, {expected} expected"), two_sided((repeats - expected) / expected.sqrt())));
}

/// Every check, as named p-values.
fn battery<R: Rng>(streams: impl Fn(u64) -> R) -> Vec<(String, f64)> {
    let mut found = Vec::new();
    let first = |entity, n| {
        let mut rng = streams(entity);
        (0..n).map(|_| rng.next_u64()).collect::<Vec<u64>>()
    };
    let one = first(0, 1 << 19);
    draws_are_even("one stream", &one, &mut found);
    neighbours_are_independent("one stream", &one, &mut found);
    let across: Vec<u64> = (0..1 << 18).map(|entity| streams(entity).next_u64()).collect();
    draws_are_even("first draws", &across, &mut found);
    neighbours_are_independent("first draws", &across, &mut found);
    let table: Vec<Vec<u64>> = (0..256).map(|entity| first(entity, 1 << 10)).collect();
    streams_are_independent(&table, &mut found);
    let transposed: Vec<u64> = (0..1 << 10).flat_map(|i| table.iter().map(move |stream| stream[i])).collect();
    draws_are_even("counter by counter", &transposed, &mut found);
    neighbours_are_independent("counter by counter", &transposed, &mut found);
    let fresh: Vec<u64> = (1000..1256).flat_map(|entity| first(entity, 1 << 12)).collect();
    repeats_are_as_rare_as_chance(&fresh, &mut found);
    found
}

fn failures(found: &[(String, f64)]) -> Vec<&(String, f64)> {
    found.iter().filter(|(_, p)| *p < SIGNIFICANCE).collect()
}

#[test]
fn our_streams_pass() {
    for (seed, replication, purpose) in
        [(2010, 0, Purpose::Arrivals), (0, 0, Purpose::Start), (1, 19, Purpose::DownDelay)]
    {
        let family = Family::new(seed, replication, purpose);
        let found = battery(|entity| family.stream(entity).rng());
        assert!(failures(&found).is_empty(), "seed {seed}: {:?}", failures(&found));
    }
}

/// Names differ in all their parts at once here: one stream per (seed, replication, purpose).
#[test]
fn families_are_as_independent_as_streams() {
    let seeds = battery(|seed| Family::new(seed, 0, Purpose::UpDelay).stream(0).rng());
    let replications = battery(|replication| Family::new(2010, replication as u32, Purpose::UpDelay).stream(0).rng());
    let both = battery(|i| {
        let purpose = if i % 2 == 0 { Purpose::UpDelay } else { Purpose::DownDelay };
        Family::new(2010, (i / 2) as u32, purpose).stream(4).rng()
    });
    for found in [seeds, replications, both] {
        assert!(failures(&found).is_empty(), "{:?}", failures(&found));
    }
}

/// The second opinion: the battery accepts a generator that is known to be good.
#[test]
fn chacha_passes() {
    let found = battery(|entity| {
        let mut rng = ChaCha8Rng::seed_from_u64(2010);
        rng.set_stream(entity);
        rng
    });
    assert!(found.len() > 70 && failures(&found).is_empty(), "{:?}", failures(&found));
}

/// A generator that adds `step` and applies `output`.
struct Adding {
    state: u64,
    step: u64,
    output: fn(u64) -> u64,
}

impl TryRng for Adding {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.try_next_u64().map(|draw| (draw >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.state = self.state.wrapping_add(self.step);
        Ok((self.output)(self.state))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        bytes.fill(0);
        Ok(())
    }
}

#[test]
fn a_plain_counter_fails() {
    let counter = battery(|entity| Adding { state: entity << 32, step: 1, output: |x| x });
    assert!(failures(&counter).len() > 50);
    let weyl = battery(|entity| Adding { state: entity << 32, step: 0x9E37_79B9_7F4A_7C15, output: |x| x });
    assert!(failures(&weyl).len() > 20);
}

/// Each of these streams is good for itself, but stream n + 1 is stream n, one draw later.
#[test]
fn shifted_streams_fail() {
    const STEP: u64 = 0x9E37_79B9_7F4A_7C15;
    let hash = |mut z: u64| {
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    };
    let found = battery(|entity| Adding { state: entity.wrapping_mul(STEP), step: STEP, output: hash });
    let caught = failures(&found);
    assert!(caught.iter().any(|(name, _)| name == "entities 1 apart, lag 1"), "{caught:?}");
    assert!(!caught.iter().any(|(name, _)| name.starts_with("one stream")), "{caught:?}");
}

/// A change of one bit anywhere in the name flips each bit of the draw with probability 1/2.
#[test]
fn one_bit_of_the_name_flips_half_of_the_draw() {
    const NAMES: u64 = 1 << 11;
    let draw = |[seed, replication, entity, counter]: [u64; 4]| {
        Family::new(seed, replication as u32, Purpose::Hit).stream(entity).at(counter)
    };
    let (mut worst, mut total) = (1.0_f64, 0_u64);
    for (part, bits) in [(0, 64), (1, 32), (2, 64), (3, 64)] {
        for bit in 0..bits {
            let mut flips = [0_u64; 64];
            for i in 0..NAMES {
                // Small numbers, as in real use: the rest of the name has nothing random in it.
                let mut name = [2010 + i / 64, i % 20, i, i / 3];
                let before = draw(name);
                name[part] ^= 1 << bit;
                let change = before ^ draw(name);
                flips.iter_mut().enumerate().for_each(|(place, count)| *count += change >> place & 1);
                total += u64::from(change.count_ones());
            }
            let statistic = flips.iter().map(|&count| (2.0 * count as f64 - NAMES as f64).powi(2) / NAMES as f64).sum();
            let p = chi_square_p(statistic, 64);
            assert!(p > SIGNIFICANCE, "part {part}, bit {bit}: p = {p:e}");
            worst = worst.min(p);
        }
    }
    let mean = total as f64 / (224 * NAMES) as f64;
    assert!((mean - 32.0).abs() < 0.05, "{mean} bits flip on average (smallest p-value {worst})");
}
