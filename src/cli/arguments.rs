//! Options of several commands.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

/// Overrides of keys of the file.
#[derive(Debug, Args)]
pub(super) struct Overrides {
    /// Override a key by its dotted path; VALUE is TOML, a bare word is a string
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Override the seed
    #[arg(long, value_name = "N", value_parser = whole_number::<0, { i64::MAX as u64 }>)]
    seed: Option<u64>,
    /// Override the number of replications
    #[arg(long, value_name = "N", value_parser = whole_number::<1, 1_000_000>)]
    replications: Option<u64>,
    /// Make it a smoke run: few replications, a short window; every output says so
    #[arg(long)]
    quick: bool,
}

impl Overrides {
    /// All of them as `KEY=VALUE`; options for single keys come last, and win.
    pub fn all(&self) -> Vec<String> {
        let mut all = self.set.clone();
        all.extend(self.seed.map(|seed| format!("experiment.seed={seed}")));
        all.extend(self.replications.map(|count| format!("experiment.replications={count}")));
        if self.quick {
            all.push("experiment.quick=true".to_owned());
        }
        all
    }
}

/// The values of a list option that may be repeated, as one list.
pub(super) fn joined(list: &[String]) -> Option<String> {
    if list.is_empty() { None } else { Some(list.join(",")) }
}

/// The number of threads.
#[derive(Debug, Args)]
pub(super) struct Threads {
    /// Threads to use, 1 to 1024 [default: one per core]
    #[arg(long = "threads", value_name = "N", value_parser = whole_number::<1, 1024>)]
    asked: Option<u64>,
}

impl Threads {
    /// The requested number, or 0 for one per core.
    pub fn asked(&self) -> u16 {
        self.asked.and_then(|asked| u16::try_from(asked).ok()).unwrap_or_default()
    }
}

/// A whole number in a range, or an error with the allowed range.
pub(super) fn whole_number<const LOW: u64, const HIGH: u64>(text: &str) -> Result<u64, String> {
    let number = text.replace('_', "").parse().ok();
    number
        .filter(|number| (LOW..=HIGH).contains(number))
        .ok_or_else(|| format!("write a whole number from {LOW} to {HIGH}, or leave the option out"))
}

/// One of these words.
pub(super) fn words<T: Clone + Send + Sync + 'static>(
    words: &'static [&'static str],
    read: fn(&str) -> Option<T>,
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(words).try_map(move |word| read(&word).ok_or("it is none of the words"))
}
