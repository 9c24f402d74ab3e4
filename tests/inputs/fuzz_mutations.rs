//! Damaged files: no panic, no hang, no flood of memory.
//!
//! Every experiment of the tests and of `experiments/`, with the data files that it reads, is changed byte by byte or word
//! by word. The seed is fixed: the same files in every run. `COMETSIM_FUZZ_SEED` and `COMETSIM_FUZZ_CASES` give others, and
//! more of them; `.ci/run` reads a hundred thousand.

#![allow(clippy::pedantic)]

use std::fs;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::fuzz::{ODD, ask, root, tokens};
use cometsim::experiment::Experiment;

/// No file may take longer, however busy the machine is.
const LONGEST: Duration = Duration::from_secs(60);
/// Memory of the whole program at most, in kB: two files at work at the same time.
const MOST_KILOBYTES: u64 = 500_000;
/// A file that takes so much more than all before it is remembered, in kB.
const MUCH_KILOBYTES: u64 = 50_000;

/// Bytes of a word that is repeated at most.
const LARGEST: usize = 300_000;

/// Cells of data files that readers have taken for something else.
const CELLS: &[&str] = &[
    "0",
    "-1",
    "1e400",
    "1e-400",
    "nan",
    "inf",
    "1.",
    ".5",
    "+1",
    "1 s",
    "14.29 ms",
    "14,29",
    "2026-01-01T00:00:00Z",
    "12:00:01",
    "1700000000",
    "1700000000000",
    "1.7e18",
    "99999999999999999999999999999999999999999",
    "4294967296",
    "time_s",
    "time_ms",
    "Time_s",
    "delay_ms",
    "delay_s",
    "client",
    "bytes",
    "\"",
    "\"\"",
    ";",
    "\t",
    "|",
    ",",
    ",,",
    "\r",
    "\n",
    "\r\n",
    "\u{feff}",
    "#",
    "{",
    "长",
    "\u{202e}",
    "\0",
];

/// SplitMix64.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, most: usize) -> usize {
        (self.next() % most.max(1) as u64) as usize
    }
}

/// An experiment file, and the names of the data files that it reads.
struct Seed {
    text: Vec<u8>,
    data: Vec<usize>,
}

struct Corpus {
    seeds: Vec<Seed>,
    /// All data files: names and contents.
    data: Vec<(String, Vec<u8>)>,
}

impl Corpus {
    fn read() -> Corpus {
        let experiments = root().parent().unwrap().join("experiments");
        let folders = [root().join("good"), root().join("bad"), root().join("warnings"), experiments];
        let mut paths: Vec<_> = folders
            .iter()
            .flat_map(|folder| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()))
            .collect();
        paths.sort();
        let of_kind = |kind: &str| {
            let is_kind = |path: &&std::path::PathBuf| path.extension().is_some_and(|extension| extension == kind);
            let named = |path: &std::path::PathBuf| {
                (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(path).unwrap())
            };
            paths.iter().filter(is_kind).map(named).collect::<Vec<_>>()
        };
        let data = of_kind("csv");
        // A million points are read in seconds.
        let experiments = of_kind("toml").into_iter().filter(|(name, _)| name != "million.toml");
        let seeds = experiments.map(|(_, text)| {
            let content = String::from_utf8_lossy(&text).into_owned();
            let uses = |(name, _): &(String, Vec<u8>)| content.contains(&format!("\"{name}\""));
            let data = (0..data.len()).filter(|place| uses(&data[*place])).collect();
            Seed { text, data }
        });
        Corpus { seeds: seeds.collect(), data }
    }

    /// The damaged experiment, and where that is damaged a data file.
    fn case(&self, dice: &mut Dice) -> (Vec<u8>, Option<(usize, Vec<u8>)>) {
        // Every second file reads data where it can: there are few of them.
        let with_data: Vec<&Seed> = self.seeds.iter().filter(|seed| !seed.data.is_empty()).collect();
        let seed = match dice.below(3) {
            0 => with_data[dice.below(with_data.len())],
            _ => &self.seeds[dice.below(self.seeds.len())],
        };
        let other = &self.seeds[dice.below(self.seeds.len())].text;
        if !seed.data.is_empty() && dice.below(4) > 0 {
            let which = seed.data[dice.below(seed.data.len())];
            let other = &self.data[dice.below(self.data.len())].1;
            let damaged = damaged(&self.data[which].1, other, CELLS, dice);
            return (seed.text.clone(), Some((which, damaged)));
        }
        (damaged(&seed.text, other, ODD, dice), None)
    }
}

fn damaged(text: &[u8], other: &[u8], odd: &[&str], dice: &mut Dice) -> Vec<u8> {
    let edits = 1 + dice.below(6);
    match std::str::from_utf8(text) {
        Ok(words) if dice.below(2) == 0 => by_words(words, odd, edits, dice).into_bytes(),
        _ => by_bytes(text, other, edits, dice),
    }
}

fn by_words(text: &str, odd: &[&str], edits: usize, dice: &mut Dice) -> String {
    let mut parts: Vec<String> = tokens(text).into_iter().map(str::to_owned).collect();
    for _ in 0..edits {
        if parts.is_empty() {
            break;
        }
        let (at, other) = (dice.below(parts.len()), dice.below(parts.len()));
        match dice.below(6) {
            0 => drop(parts.remove(at)),
            1 => parts.insert(at, parts[other].clone()),
            2 => odd[dice.below(odd.len())].clone_into(&mut parts[at]),
            3 => parts.insert(at, odd[dice.below(odd.len())].to_owned()),
            4 => parts.swap(at, other),
            _ => {
                let times = if dice.below(40) == 0 { 30_000 } else { [2, 10, 100, 1_000][dice.below(4)] };
                parts[at] = parts[at].repeat(times.min(LARGEST / parts[at].len().max(1)));
            }
        }
    }
    parts.concat()
}

fn by_bytes(text: &[u8], other: &[u8], edits: usize, dice: &mut Dice) -> Vec<u8> {
    const BYTES: &[u8] = b"\0\x1b\xff\x80\"'\n\r\t=[]{}.,;#\\0e-_ ";
    let mut bytes = text.to_vec();
    for _ in 0..edits {
        let at = dice.below(bytes.len() + 1);
        let end = (at + dice.below(40)).min(bytes.len());
        match dice.below(7) {
            0 => drop(bytes.drain(at..end)),
            1 => bytes.insert(at, BYTES[dice.below(BYTES.len())]),
            2 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
            3 => bytes.truncate(at),
            4 => {
                let from = dice.below(other.len() + 1);
                let piece = &other[from..(from + dice.below(400)).min(other.len())];
                bytes.splice(at..at, piece.iter().copied());
            }
            5 => {
                let piece = bytes[at..end].repeat(1 + dice.below(50));
                bytes.splice(at..at, piece);
            }
            _ if at < bytes.len() => bytes[at] = BYTES[dice.below(BYTES.len())],
            _ => {}
        }
    }
    bytes
}

/// Reads the experiment in `folder`, and if it is accepted everything that can be asked of it; else what is said about it.
fn read(path: &Path) {
    match Experiment::load(path, &[]) {
        Err(diagnostics) => {
            assert!(diagnostics.has_errors());
            assert!(diagnostics.render().contains("error"));
        }
        Ok(experiment) => ask(&experiment),
    }
}

/// What a thread is at: the number of the case and when it began.
#[derive(Default)]
struct Desk {
    at_work: Mutex<Option<(u64, Instant)>>,
    /// Cases in the course of which the program took much more memory than ever before, and how much more, in kB.
    large: Mutex<Vec<(u64, u64)>>,
}

/// A number from outside.
fn setting(name: &str, usual: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name}={text} is not a number")),
        Err(_) => usual,
    }
}

/// The most memory that this program has used, in kB, where the system tells.
fn peak_kilobytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}

/// Writes the files of a case where they stay, and says how to get it again.
fn report(corpus: &Corpus, seed: u64, case: u64, what: &str) -> String {
    let (text, data) = corpus.case(&mut dice_of(seed, case));
    let folder = std::env::temp_dir().join(format!("cometsim-fuzz-{seed}-{case}"));
    let mut written = fs::create_dir_all(&folder).and_then(|()| fs::write(folder.join("fuzz.toml"), text));
    for (place, (name, content)) in corpus.data.iter().enumerate() {
        let content = data.as_ref().filter(|(which, _)| *which == place).map_or(content, |(_, damaged)| damaged);
        written = written.and_then(|()| fs::write(folder.join(name), content));
    }
    let place = written.map_or_else(|error| error.to_string(), |()| folder.display().to_string());
    format!("COMETSIM_FUZZ_SEED={seed}, case {case}: {what}; its files are in {place}")
}

fn dice_of(seed: u64, case: u64) -> Dice {
    Dice(seed.wrapping_mul(0xd134_2543_de82_ef95) ^ case.wrapping_mul(0x2545_f491_4f6c_dd1d))
}

/// Looks on until all is done; ends the program at once where a file takes too long or too much memory, as a test cannot
/// stop a thread.
fn watch(corpus: &Corpus, seed: u64, desks: &[Desk], is_done: &AtomicBool) {
    while !is_done.load(Ordering::Relaxed) {
        std::thread::sleep(Duration::from_millis(50));
        let at_work: Vec<(u64, Instant)> = desks.iter().filter_map(|desk| *desk.at_work.lock().unwrap()).collect();
        let slow = at_work.iter().find(|(_, since)| since.elapsed() > LONGEST);
        let is_large = peak_kilobytes().is_some_and(|peak| peak > MOST_KILOBYTES);
        let guilty: Vec<(u64, String)> = match slow {
            Some((case, since)) => vec![(*case, format!("not done after {:?}", since.elapsed()))],
            None if is_large => {
                let large = desks.iter().flat_map(|desk| desk.large.lock().unwrap().clone());
                let large = large.map(|(case, kilobytes)| (case, format!("{kilobytes} kB more")));
                large.chain(at_work.iter().map(|(case, _)| (*case, "at work".to_owned()))).collect()
            }
            None => continue,
        };
        let mut said = String::new();
        for (case, what) in guilty {
            said.push_str(&format!("\n{}\n", report(corpus, seed, case, &what)));
        }
        // What is printed in a test is kept back until its end.
        let _ = std::io::stderr().write_all(said.as_bytes());
        std::process::exit(101);
    }
}

/// Set in the process of its own that reads the files.
const ALONE: &str = "COMETSIM_FUZZ_ALONE";

/// In a process of its own, as the memory of this one is that of other tests too.
#[test]
fn damaged_files_are_read_or_refused() {
    if std::env::var_os(ALONE).is_some() {
        return read_damaged_files();
    }
    let name = concat!(module_path!(), "::damaged_files_are_read_or_refused");
    let (_, name) = name.split_once("::").unwrap();
    let program = std::env::current_exe().unwrap();
    let output = Command::new(program).args(["--exact", name, "--nocapture"]).env(ALONE, "1").output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    println!("{said}");
    assert!(output.status.success() && said.contains("1 passed"), "the process that read the files failed, see above");
}

fn read_damaged_files() {
    let usual = if cfg!(debug_assertions) { 2_500 } else { 10_000 };
    let (seed, cases) = (setting("COMETSIM_FUZZ_SEED", 2010), setting("COMETSIM_FUZZ_CASES", usual));
    println!("COMETSIM_FUZZ_SEED={seed} COMETSIM_FUZZ_CASES={cases}");
    let corpus = Corpus::read();
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(cases.max(1) as usize);
    let desks: Vec<Desk> = (0..threads).map(|_| Desk::default()).collect();
    let (next, is_done, failures) = (AtomicU64::new(0), AtomicBool::new(false), Mutex::new(Vec::new()));
    let started = Instant::now();
    std::thread::scope(|scope| {
        let workers: Vec<_> = desks
            .iter()
            .map(|desk| {
                scope.spawn(|| {
                    let folder = tempfile::tempdir().expect("a temporary folder");
                    for (name, content) in &corpus.data {
                        fs::write(folder.path().join(name), content).expect("a copy");
                    }
                    let path = folder.path().join("fuzz.toml");
                    loop {
                        let case = next.fetch_add(1, Ordering::Relaxed);
                        if case >= cases {
                            break;
                        }
                        let (text, data) = corpus.case(&mut dice_of(seed, case));
                        fs::write(&path, text).expect("a file");
                        if let Some((which, content)) = &data {
                            fs::write(folder.path().join(&corpus.data[*which].0), content).expect("a file");
                        }
                        *desk.at_work.lock().unwrap() = Some((case, Instant::now()));
                        let before = peak_kilobytes();
                        let outcome = catch_unwind(AssertUnwindSafe(|| read(&path)));
                        let more = peak_kilobytes().unwrap_or(0).saturating_sub(before.unwrap_or(0));
                        if more > MUCH_KILOBYTES {
                            desk.large.lock().unwrap().push((case, more));
                        }
                        *desk.at_work.lock().unwrap() = None;
                        if outcome.is_err() {
                            failures.lock().unwrap().push(report(&corpus, seed, case, "a panic"));
                        }
                        if let Some((which, _)) = data {
                            let (name, content) = &corpus.data[which];
                            fs::write(folder.path().join(name), content).expect("a copy");
                        }
                    }
                })
            })
            .collect();
        scope.spawn(|| watch(&corpus, seed, &desks, &is_done));
        let ends: Vec<_> = workers.into_iter().map(|worker| worker.join()).collect();
        is_done.store(true, Ordering::Relaxed);
        assert!(ends.iter().all(Result::is_ok), "a thread ended early");
    });
    println!("{:.1} s, {:?} kB at most", started.elapsed().as_secs_f64(), peak_kilobytes());
    let failures = failures.into_inner().unwrap();
    assert!(failures.is_empty(), "{} of {cases} files:\n{}", failures.len(), failures.join("\n"));
    assert!(peak_kilobytes().is_none_or(|peak| peak <= MOST_KILOBYTES), "{:?} kB", peak_kilobytes());
}
