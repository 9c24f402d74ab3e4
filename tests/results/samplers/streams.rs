//! The streams draw by draw: known answers, their names, and the generator over a stream.

use cometsim::random::{Family, Purpose};
use rand::Rng;

/// Known answers: a change here changes every result of every experiment.
#[test]
fn known_answers() {
    let draws = |seed, replication, purpose, entity| {
        let stream = Family::new(seed, replication, purpose).stream(entity);
        [stream.at(0), stream.at(1), stream.at(u64::MAX)]
    };
    assert_eq!(
        draws(0, 0, Purpose::Start, 0),
        [11_366_715_722_156_484_829, 15_748_126_779_947_126_830, 15_288_577_261_110_528_592]
    );
    assert_eq!(
        draws(2010, 0, Purpose::Arrivals, 0),
        [13_078_241_545_604_437_543, 7_554_446_563_958_324_029, 16_330_722_207_214_669_731]
    );
    assert_eq!(
        draws(2010, 1, Purpose::Arrivals, 0),
        [14_460_851_357_011_077_989, 8_260_817_952_488_407_323, 3_381_150_610_221_678_487]
    );
    assert_eq!(
        draws(2010, 1, Purpose::DownDelay, 0),
        [10_061_232_499_166_935_081, 1_656_889_957_703_153_471, 2_649_169_283_449_594_232]
    );
    assert_eq!(
        draws(2010, 1, Purpose::DownDelay, 999_999),
        [13_490_119_013_651_885_796, 7_488_443_498_188_569_317, 11_431_842_977_725_101_901]
    );
    assert_eq!(
        draws(u64::MAX, u32::MAX, Purpose::Hit, u64::MAX),
        [3_459_554_549_672_722_564, 5_259_696_165_338_939_796, 14_957_487_190_539_947_427]
    );
}

#[test]
fn the_discriminants_are_stable() {
    use Purpose::{Arrivals, ArrivalsPhase, Broadcast, BroadcastPhase, DownDelay, Hit, Start, UpDelay};
    let all = [Start, Arrivals, ArrivalsPhase, Broadcast, BroadcastPhase, Hit, UpDelay, DownDelay];
    assert!(all.into_iter().zip(0..).all(|(purpose, number)| purpose as u32 == number));
    let sources = [Purpose::Spread, Purpose::OnPeriod, Purpose::OffPeriod];
    assert_eq!(sources.map(|purpose| purpose as u32), [10, 11, 12]);
}

#[test]
fn the_rng_follows_the_stream() {
    let stream = Family::new(1, 2, Purpose::Hit).stream(3);
    let mut rng = stream.rng();
    assert_eq!(rng.next_u64(), stream.at(0));
    assert_eq!(u64::from(rng.next_u32()), stream.at(1) >> 32);
    let mut bytes = [0; 11];
    rng.fill_bytes(&mut bytes);
    assert_eq!(bytes[..8], stream.at(2).to_le_bytes());
    assert_eq!(bytes[8..], stream.at(3).to_le_bytes()[..3]);
    assert_eq!(rng.next_u64(), stream.at(4));
}

#[test]
fn every_part_of_the_name_counts() {
    let families = [
        Family::new(1, 0, Purpose::Start),
        Family::new(2, 0, Purpose::Start),
        Family::new(1, 1, Purpose::Start),
        Family::new(1, 0, Purpose::Arrivals),
    ];
    let mut draws: Vec<u64> = families.iter().flat_map(|f| (0..1000).map(|e| f.stream(e))).map(|s| s.at(7)).collect();
    draws.sort_unstable();
    assert!(draws.is_sorted_by(|a, b| a < b));
}
