//! One draw of every sampler, and one record of the histogram.

use cometsim::random::{
    Exponential, Family, Geometric, Lognormal, Pareto, Purpose, Stream, TruncatedNormal, Uniform, Weibull,
};
use cometsim::stats::Histogram;
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};

const DRAWS: u64 = 1_000;

fn main() {
    divan::main();
}

/// A sum over draws, so that none can be left out.
fn draws(bencher: Bencher, value: impl Fn(u64) -> u64) {
    let stream: Stream = Family::new(1, 0, Purpose::Start).stream(0);
    bencher
        .counter(ItemsCount::new(DRAWS))
        .bench_local(|| (0..DRAWS).fold(0u64, |sum, number| sum.wrapping_add(value(stream.at(black_box(number))))));
}

#[divan::bench]
fn bits(bencher: Bencher) {
    draws(bencher, |bits| bits);
}

#[divan::bench]
fn geometric(bencher: Bencher) {
    let law = Geometric::new(15.0 / 999.0);
    draws(bencher, |bits| law.from_bits(bits));
}

#[divan::bench]
fn exponential(bencher: Bencher) {
    let law = Exponential::new(5e7);
    draws(bencher, |bits| law.from_bits(bits));
}

#[divan::bench]
fn exponential_sixteen_at_once(bencher: Bencher) {
    let law = Exponential::new(5e7);
    let stream = Family::new(1, 0, Purpose::Start).stream(0);
    bencher.counter(ItemsCount::new(16u64)).bench_local(|| {
        let mut values = std::array::from_fn::<u64, 16, _>(|place| stream.at(black_box(place as u64)));
        law.replace_bits(&mut values);
        values
    });
}

#[divan::bench]
fn uniform(bencher: Bencher) {
    let law = Uniform::new(1_000_000, 50_000_000);
    draws(bencher, |bits| law.from_bits(bits));
}

#[divan::bench]
fn normal(bencher: Bencher) {
    let law = TruncatedNormal::new(5e7, 1e7);
    draws(bencher, |bits| law.from_bits(bits));
}

#[divan::bench]
fn lognormal(bencher: Bencher) {
    let law = Lognormal::new(5e7, 0.5);
    draws(bencher, |bits| law.from_bits(bits));
}

#[divan::bench]
fn pareto(bencher: Bencher) {
    let law = Pareto::new(1e7, 2.5);
    draws(bencher, |bits| law.from_bits(bits));
}

#[divan::bench]
fn weibull(bencher: Bencher) {
    let law = Weibull::new(5e7, 0.7);
    draws(bencher, |bits| law.from_bits(bits));
}

#[divan::bench]
fn histogram_record(bencher: Bencher) {
    let stream = Family::new(1, 0, Purpose::Start).stream(0);
    let mut histogram = Histogram::new();
    bencher.counter(ItemsCount::new(DRAWS)).bench_local(|| {
        for number in 0..DRAWS {
            histogram.record(black_box(stream.at(number) >> 34));
        }
    });
}
