//! The samplers run on `libm` and not on the platform's maths, although other crates of this build switch `rand_distr`
//! to the latter.

use std::fs;
use std::path::{Path, PathBuf};

use cometsim::random::{
    Exponential, Family, Geometric, LONGEST_NANOS, Lognormal, Pareto, Purpose, TruncatedNormal, Uniform, Weibull,
    below, inverse_normal_cdf, open_unit, unit,
};

const DRAWS: u64 = 1_000_000;

/// The elementary functions that samplers use, so that one formula can run on two libraries.
struct Maths {
    ln: fn(f64) -> f64,
    ln_1p: fn(f64) -> f64,
    exp: fn(f64) -> f64,
}

const PORTABLE: Maths = Maths { ln: libm::log, ln_1p: libm::log1p, exp: libm::exp };
const PLATFORM: Maths = Maths { ln: f64::ln, ln_1p: f64::ln_1p, exp: f64::exp };

fn nanos(x: f64) -> u64 {
    (x.round() as u64).min(LONGEST_NANOS)
}

type Sampler = Box<dyn Fn(u64) -> u64>;
type Formula = fn(&Maths, u64) -> u64;

/// Each sampler, its formula written out once more, and the hash of its draws. Times are years long, so that the
/// last bit of a logarithm shows in the nanoseconds.
fn samplers() -> Vec<(&'static str, Sampler, Formula, u64)> {
    let (geometric, exponential) = (Geometric::new(1e-12), Exponential::new(1e17));
    let (uniform, normal) = (Uniform::new(7, 1 << 60), TruncatedNormal::new(1e17, 1e17));
    let (lognormal, pareto, weibull) = (Lognormal::new(1e17, 0.5), Pareto::new(1e16, 2.5), Weibull::new(1e17, 1.7));
    vec![
        (
            "geometric",
            Box::new(move |b| geometric.from_bits(b)),
            |m, b| (((m.ln)(unit(b)) / (m.ln_1p)(-1e-12)).ceil() as u64).max(1),
            0x6F06_87DA_2392_69C0,
        ),
        (
            "exponential",
            Box::new(move |b| exponential.from_bits(b)),
            |m, b| nanos(-1e17 * (m.ln)(unit(b))),
            0x23AA_7D53_61BD_951A,
        ),
        ("uniform", Box::new(move |b| uniform.from_bits(b)), |_, b| 7 + below(b, (1 << 60) - 7), 0x28E3_EFB1_931F_CA87),
        (
            "normal",
            Box::new(move |b| normal.from_bits(b)),
            |_, b| nanos(1e17 - 1e17 * inverse_normal_cdf(open_unit(b) * kept())),
            0x2011_8713_6A35_FE75,
        ),
        (
            "lognormal",
            Box::new(move |b| lognormal.from_bits(b)),
            |m, b| nanos(1e17 * (m.exp)(-0.5 * inverse_normal_cdf(open_unit(b)))),
            0x9B68_7960_2E4A_6071,
        ),
        (
            "pareto",
            Box::new(move |b| pareto.from_bits(b)),
            |m, b| nanos(1e16 * (m.exp)(-1.0 / 2.5 * (m.ln)(unit(b)))),
            0x3DF7_399D_123A_7165,
        ),
        (
            "weibull",
            Box::new(move |b| weibull.from_bits(b)),
            |m, b| nanos(1e17 * (m.exp)(1.0 / 1.7 * (m.ln)(-(m.ln)(unit(b))))),
            0x8686_1B20_45B9_CB0C,
        ),
    ]
}

/// The share of a normal law with mean = sd that is above 0.
fn kept() -> f64 {
    0.5 * libm::erfc(-core::f64::consts::FRAC_1_SQRT_2)
}

fn draws() -> impl Iterator<Item = u64> {
    let stream = Family::new(2010, 0, Purpose::UpDelay).stream(0);
    (0..DRAWS).map(move |i| stream.at(i))
}

/// FNV-1a over 64-bit words.
fn hash(values: impl Iterator<Item = u64>) -> u64 {
    values.fold(0xCBF2_9CE4_8422_2325, |hash, value| (hash ^ value).wrapping_mul(0x0000_0100_0000_01B3))
}

#[test]
fn every_draw_equals_the_portable_formula() {
    for (name, sampler, formula, _) in samplers() {
        let different = draws().find(|&bits| sampler(bits) != formula(&PORTABLE, bits));
        assert_eq!(different, None, "{name}");
    }
}

/// Known answers for a million draws each. They must be the same on every platform and in every build.
#[test]
fn draws_are_pinned() {
    let found: Vec<_> = samplers().iter().map(|(name, sampler, ..)| (*name, hash(draws().map(sampler)))).collect();
    let pinned: Vec<_> = samplers().iter().map(|&(name, _, _, pin)| (name, pin)).collect();
    assert_eq!(found, pinned);
}

/// The pins can tell: with the platform's maths many draws would be others. That depends on the platform, so it is
/// asserted only where it was measured.
#[test]
fn the_platform_would_give_other_draws() {
    for (name, sampler, formula, pin) in samplers() {
        let others = draws().filter(|&bits| sampler(bits) != formula(&PLATFORM, bits)).count();
        println!("{name}: {others} of {DRAWS} draws differ with the platform's maths");
        let uses_maths = !["uniform", "normal"].contains(&name);
        if cfg!(all(target_os = "linux", target_arch = "x86_64", target_env = "gnu")) && uses_maths {
            assert!(others > 0, "{name}");
            assert_ne!(hash(draws().map(|bits| formula(&PLATFORM, bits))), pin, "{name}");
        }
    }
}

/// Methods of `f64` whose last bits depend on the platform; `sqrt`, `round`, `ceil`, `floor`, `abs` do not.
const PLATFORM_MATHS: [&str; 26] = [
    "ln", "ln_1p", "log", "log2", "log10", "exp", "exp2", "exp_m1", "powf", "powi", "cbrt", "hypot", "sin", "cos",
    "tan", "asin", "acos", "atan", "atan2", "sin_cos", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh",
];

/// The functions of platform maths that a source line calls, as a method or by path.
fn platform_maths(line: &str) -> Option<&'static str> {
    let code = line.split("//").next().unwrap_or("");
    PLATFORM_MATHS.into_iter().find(|name| {
        let calls = [format!(".{name}("), format!("f64::{name}"), format!("f32::{name}")];
        let whole = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        calls.iter().any(|call| {
            code.match_indices(call.as_str()).any(|(at, _)| call.ends_with('(') || whole(&code[at + call.len()..]))
        })
    })
}

fn rust_files(path: &Path, found: &mut Vec<PathBuf>) {
    if path.extension().is_some_and(|extension| extension == "rs") && path.is_file() {
        found.push(path.to_owned());
    }
    for entry in fs::read_dir(path).into_iter().flatten().flatten() {
        rust_files(&entry.path(), found);
    }
}

#[test]
fn no_result_depends_on_platform_maths() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    for module in ["random", "stats", "model", "engine", "theory"] {
        rust_files(&src.join(module), &mut files);
        rust_files(&src.join(module).with_extension("rs"), &mut files);
    }
    assert!(files.len() >= 8, "too few files found: {files:?}");
    // Modules of tests check results, they make none.
    let is_test =
        |file: &PathBuf| file.iter().any(|part| part == "tests" || part == "tests.rs" || part == "testing.rs");
    for file in files.into_iter().filter(|file| !is_test(file)) {
        let text = fs::read_to_string(&file).expect("a readable source file");
        for (number, line) in text.lines().enumerate() {
            let found = platform_maths(line);
            assert_eq!(found, None, "{}:{}: use libm instead: {line}", file.display(), number + 1);
        }
    }
}

#[test]
fn the_scan_finds_platform_maths() {
    for line in
        ["let y = x.ln();", "a.powi(2) + 1.0", "xs.map(f64::exp)", "z.exp_m1()", "2f64.powf(x)", "f64::log10(x)"]
    {
        assert!(platform_maths(line).is_some(), "{line}");
    }
    for line in ["libm::log(x)", "x.sqrt()", "// x.ln()", "f64::EPSILON", "n.ilog2()", "f64::sinister", "x.expect(1)"] {
        assert_eq!(platform_maths(line), None, "{line}");
    }
}
