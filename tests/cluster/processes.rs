//! Processes that belong to a folder: they have its path in their environment or in their arguments.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// Time between two looks at something that is waited for.
const PAUSE: Duration = Duration::from_millis(50);

/// A process of the machine.
pub struct Process {
    pub id: i32,
    pub parent: i32,
    /// Its arguments and its environment, each followed by a zero byte.
    text: Vec<u8>,
}

impl Process {
    /// The processes with a text in their arguments or in their environment, without this one and without dead ones.
    pub fn with(text: &str) -> Vec<Process> {
        let ids = fs::read_dir("/proc").unwrap().filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
        let others = ids.filter(|id| *id != std::process::id() as i32);
        others.filter_map(Process::read).filter(|process| process.mentions(text)).collect()
    }

    /// A process, unless it has ended.
    fn read(id: i32) -> Option<Process> {
        let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
        let mut fields = stat.rsplit_once(") ")?.1.split(' ');
        if matches!(fields.next()?, "Z" | "X") {
            return None;
        }
        let parent = fields.next()?.parse().ok()?;
        let read = |file: &str| fs::read(format!("/proc/{id}/{file}")).unwrap_or_default();
        Some(Process { id, parent, text: [read("cmdline"), read("environ")].concat() })
    }

    /// Whether its arguments or its environment contain a text.
    pub fn mentions(&self, text: &str) -> bool {
        self.text.windows(text.len()).any(|window| window == text.as_bytes())
    }

    pub fn send(&self, signal: Signal) {
        send(self.id, signal);
    }

    /// The name of the process and its first arguments, for messages.
    pub fn shown(&self) -> String {
        let words: Vec<_> = self.text.split(|byte| *byte == 0).take(4).map(String::from_utf8_lossy).collect();
        format!("{} {}", self.id, words.join(" ").trim())
    }
}

/// Sends a signal to a process; one that has ended meanwhile is no failure.
fn send(id: i32, signal: Signal) {
    let _ = kill_process(Pid::from_raw(id).unwrap(), signal);
}

/// Whether something becomes true in time.
pub fn is_soon(limit: Duration, is_true: impl Fn() -> bool) -> bool {
    let start = Instant::now();
    while !is_true() {
        if start.elapsed() > limit {
            return false;
        }
        sleep(PAUSE);
    }
    true
}

/// Asks a process that this one started to end, and makes it.
pub fn end(child: &mut Child) {
    send(child.id() as i32, Signal::TERM);
    let start = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if start.elapsed() > Duration::from_secs(5) {
            child.kill().unwrap();
        }
        sleep(PAUSE);
    }
}

/// Kills all that belongs to a folder; gives what cannot be killed.
pub fn kill_all(folder: &Path) -> Vec<String> {
    let kill = || {
        let left = of_folder(folder);
        left.iter().for_each(|process| process.send(Signal::KILL));
        left.is_empty()
    };
    match is_soon(Duration::from_secs(10), kill) {
        true => Vec::new(),
        false => of_folder(folder).iter().map(Process::shown).collect(),
    }
}

/// The processes that belong to a folder.
pub fn of_folder(folder: &Path) -> Vec<Process> {
    Process::with(&format!("{}/", folder.display()))
}

/// Whether the machine has all of these programs. If not, says what is left out, or fails where nothing may be.
pub fn has(programs: &[&str]) -> bool {
    let is_there = |program: &&&str| {
        let look =
            Command::new("sh").args(["-c", "command -v \"$0\" >/dev/null", program]).env("PATH", path()).status();
        look.unwrap().success()
    };
    let missing: Vec<&&str> = programs.iter().filter(|program| !is_there(program)).collect();
    let is_root = rustix::process::getuid().is_root();
    if missing.is_empty() && is_root {
        return true;
    }
    let why = if missing.is_empty() { "this is not root".to_owned() } else { format!("there is no {missing:?}") };
    let name = std::thread::current().name().unwrap_or_default().to_owned();
    assert!(std::env::var_os("COMETSIM_REQUIRE_SLURM").is_none_or(|value| value != "1"), "{name}: {why}");
    // `eprintln!` shows nothing in a test that passes.
    let _ = std::io::stderr().write_all(format!("{name} is left out: {why}\n").as_bytes());
    false
}

/// The search path with this program, and with the folders of daemons.
pub fn path() -> String {
    let folder = Path::new(env!("CARGO_BIN_EXE_cometsim")).parent().unwrap().display();
    format!("{folder}:{}:/usr/sbin:/sbin:/usr/bin:/bin", std::env::var("PATH").unwrap_or_default())
}
