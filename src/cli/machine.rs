//! The resources of the machine: threads and memory.

use std::fs;
use std::path::Path;

use anyhow::anyhow;

use super::Failure;
use crate::runner::{LargestUse, MemoryEstimate};
use crate::terminal::shown;

/// The threads of a run: the requested number, or one per core for 0.
pub(super) fn threads_or_all(asked: u16) -> usize {
    match asked {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        asked => usize::from(asked),
    }
}

/// The limits of a process, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MemoryLimits {
    /// Memory: the installed memory, or the lowest limit of its control groups.
    pub memory: u64,
    /// The owner of that memory.
    pub whose: &'static str,
    /// Address space (`ulimit -v`); `None`: no limit.
    pub address_space: Option<u64>,
}

impl MemoryLimits {
    /// The limits of this process; `None` if unknown. Known on Linux only.
    pub fn of_this_process() -> Option<MemoryLimits> {
        let built_in = field(&fs::read_to_string("/proc/meminfo").ok()?, "MemTotal:")?;
        let groups = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
        let files = limit_files(&groups).into_iter();
        let least = files.filter_map(|file| fs::read_to_string(file).ok()?.trim().parse().ok()).min();
        let (memory, whose) = match least {
            Some(least) if least < built_in => (least, "its control group"),
            _ => (built_in, "this machine"),
        };
        let address_space = address_space(&fs::read_to_string("/proc/self/limits").unwrap_or_default());
        Some(MemoryLimits { memory, whose, address_space })
    }

    /// The least of them, in bytes.
    pub fn least(&self) -> u64 {
        self.address_space.map_or(self.memory, |space| space.min(self.memory))
    }

    /// The least of them, in words.
    fn in_words(&self) -> String {
        match self.address_space {
            Some(space) if space < self.memory => {
                format!("this process may have {} of address space (ulimit -v)", gigabytes(space as f64))
            }
            _ => format!("{} has {}", self.whose, gigabytes(self.memory as f64)),
        }
    }
}

/// Refuses a run that needs more memory than there is, if that is known.
pub(super) fn check_memory(file: &Path, need: MemoryEstimate, limits: Option<&MemoryLimits>) -> Result<(), Failure> {
    let Some(limits) = limits.filter(|limits| need.bytes > limits.least() as f64) else { return Ok(()) };
    let present = limits.least() as f64;
    Err(Failure::Wrong(anyhow!(
        "{}: the run needs about {} of memory, {}: {}{}, or add --force to run it all the same",
        shown(file),
        gigabytes(need.bytes),
        limits.in_words(),
        if need.bytes_on_one_thread <= present { "use fewer --threads, or " } else { "" },
        what_helps(need.mostly, Some(need.bytes / present)),
    )))
}

/// The largest use of memory, and what would help; `times`: needed memory / available memory.
pub(super) fn what_helps(mostly: LargestUse, times: Option<f64>) -> String {
    match (mostly, times) {
        (LargestUse::Bins, Some(times)) => {
            format!("most of it is for time bins, make experiment.bin {} times as wide", (times * 1.1).ceil())
        }
        (LargestUse::Bins, None) => "most of it is for time bins, make experiment.bin wider".to_owned(),
        (LargestUse::Clients, _) => {
            "most of it is for clients on one event queue, leave engine.path at \"auto\" or simulate fewer".to_owned()
        }
        (LargestUse::Waiting, _) => {
            "most of it is for requests and messages that wait, since something is overloaded or \
                                slow: give it more capacity, shorten the run or simulate fewer clients"
                .to_owned()
        }
        (LargestUse::Inputs, _) => "most of it is for input files, make them shorter".to_owned(),
        (LargestUse::Rows, _) => "sweep fewer points or run fewer replications".to_owned(),
    }
}

/// Bytes in units of 1000, with at least two digits.
pub(super) fn gigabytes(bytes: f64) -> String {
    let units = ["B", "kB", "MB", "GB", "TB", "PB"];
    let (mut value, mut place) = (bytes, 0);
    while value >= 999.5 && place + 1 < units.len() {
        value /= 1000.0;
        place += 1;
    }
    let decimals = usize::from(value < 9.95 && place > 0);
    format!("{value:.decimals$} {}", units[place])
}

/// A field of a file like `/proc/meminfo`, in bytes.
pub(super) fn field(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? * 1024)
}

/// The soft limit of the address space in `/proc/self/limits`, in bytes.
fn address_space(limits: &str) -> Option<u64> {
    let line = limits.lines().find_map(|line| line.strip_prefix("Max address space"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// The files that may contain a limit: of the groups in `/proc/self/cgroup` and of all their ancestors. Inside a
/// container the root is the group of the container.
fn limit_files(groups: &str) -> Vec<String> {
    let mut files = Vec::new();
    for line in groups.lines() {
        let mut fields = line.splitn(3, ':').skip(1);
        let (Some(controllers), Some(group)) = (fields.next(), fields.next()) else { continue };
        let (root, name) = match controllers {
            "" => ("/sys/fs/cgroup", "memory.max"),
            "memory" => ("/sys/fs/cgroup/memory", "memory.limit_in_bytes"),
            _ => continue,
        };
        for around in Path::new(group).ancestors() {
            let around = around.display().to_string();
            files.push(format!("{root}{}/{name}", around.trim_end_matches('/')));
        }
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_does_not_fit_is_refused_with_both_figures() {
        let machine = MemoryLimits { memory: 24_000_000_000, whose: "this machine", address_space: None };
        let check = |bytes, limits: Option<MemoryLimits>| {
            let need = MemoryEstimate { bytes, mostly: LargestUse::Bins, bytes_on_one_thread: bytes };
            check_memory(Path::new("comet.toml"), need, limits.as_ref())
        };
        assert!(check(24e9, Some(machine)).is_ok());
        assert!(check(1e18, None).is_ok());
        let limited = check(2e9, Some(MemoryLimits { address_space: Some(1_000_000_000), ..machine }));
        let Err(Failure::Wrong(error)) = limited else { panic!("not refused") };
        assert!(error.to_string().contains("this process may have 1.0 GB of address space (ulimit -v): "), "{error}");
        let Err(Failure::Wrong(error)) = check(41e9, Some(machine)) else { panic!("not refused") };
        assert_eq!(
            error.to_string(),
            "comet.toml: the run needs about 41 GB of memory, this machine has 24 GB: most of it is for time bins, make \
             experiment.bin 2 times as wide, or add --force to run it all the same"
        );
    }

    #[test]
    fn bytes_are_written_for_people() {
        let written =
            [0.0, 999.0, 1_000.0, 23_400_000.0, 9_960_000.0, 999_600_000.0, 4.1e10, 5.64e14, 3e18].map(gigabytes);
        assert_eq!(written, ["0 B", "999 B", "1.0 kB", "23 MB", "10 MB", "1.0 GB", "41 GB", "564 TB", "3000 PB"]);
    }

    #[test]
    fn the_memory_of_the_machine_is_read() {
        let meminfo = "MemTotal:       24684340 kB\nMemFree:         100 kB\n";
        assert_eq!(field(meminfo, "MemTotal:"), Some(24_684_340 * 1024));
        assert_eq!(field("MemFree: 100 kB\n", "MemTotal:"), None);
        let limits = "Max core file size        0     unlimited            bytes\n\
                      Max address space         409600000            unlimited            bytes\n";
        assert_eq!(address_space(limits), Some(409_600_000));
        assert_eq!(address_space(&limits.replace("409600000", "unlimited")), None);
        assert_eq!(
            limit_files("0::/user/work\n"),
            ["/sys/fs/cgroup/user/work/memory.max", "/sys/fs/cgroup/user/memory.max", "/sys/fs/cgroup/memory.max"]
        );
        assert_eq!(
            limit_files("4:cpu:/a\n3:memory:/b\n"),
            ["/sys/fs/cgroup/memory/b/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.limit_in_bytes"]
        );
    }
}
