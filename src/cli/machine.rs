//! What the machine has: threads and memory.

use std::fs;
use std::path::Path;

use anyhow::anyhow;

use super::Failure;
use crate::experiment::shown;
use crate::runner::{Need, Taker};

/// The threads of a run: as many as asked for, or one per core for 0.
pub(super) fn threads_or_all(asked: u16) -> usize {
    match asked {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        asked => usize::from(asked),
    }
}

/// Refuses a run that needs more memory than there is, in bytes; `None` where that is not known.
pub(super) fn check_memory(file: &Path, need: Need, present: Option<u64>) -> Result<(), Failure> {
    let Some(present) = present.map(|bytes| bytes as f64).filter(|present| need.bytes > *present) else {
        return Ok(());
    };
    Err(Failure::Wrong(anyhow!(
        "{}: the run needs about {} of memory, this machine has {}: {}{}, or add --force to run it all the same",
        shown(file),
        gigabytes(need.bytes),
        gigabytes(present),
        if need.bytes_on_one_thread <= present { "use fewer --threads, or " } else { "" },
        match need.mostly {
            Taker::Bins => format!(
                "most of it is for time bins, make experiment.bin {} times as wide",
                (need.bytes / present * 1.1).ceil()
            ),
            Taker::Clients =>
                "most of it is for clients on one event queue, leave engine.path at \"auto\" or simulate fewer"
                    .to_owned(),
            Taker::Rows => "sweep fewer points or run fewer replications".to_owned(),
        },
    )))
}

/// Bytes for people, in units of 1000, with two digits or more.
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

/// Memory that this process may use at most, in bytes: what is built in, or the least limit of its control groups. Known
/// on Linux only.
pub(super) fn memory_of_machine() -> Option<u64> {
    let built_in = built_in(&fs::read_to_string("/proc/meminfo").ok()?)?;
    let groups = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    let limits = limit_files(&groups).into_iter().filter_map(|file| fs::read_to_string(file).ok()?.trim().parse().ok());
    Some(limits.fold(built_in, u64::min))
}

/// `MemTotal` of `/proc/meminfo`, in bytes.
fn built_in(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? * 1024)
}

/// The files that may hold a limit: those of the groups in `/proc/self/cgroup` and of all groups around them. Inside a
/// container the root stands for the group of the container.
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
        let check = |bytes, present| {
            let need = Need { bytes, mostly: Taker::Bins, bytes_on_one_thread: bytes };
            check_memory(Path::new("comet.toml"), need, present)
        };
        assert!(check(24e9, Some(24_000_000_000)).is_ok());
        assert!(check(1e18, None).is_ok());
        let Err(Failure::Wrong(error)) = check(41e9, Some(24_000_000_000)) else { panic!("not refused") };
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
        assert_eq!(built_in("MemTotal:       24684340 kB\nMemFree:         100 kB\n"), Some(24_684_340 * 1024));
        assert_eq!(built_in("MemFree: 100 kB\n"), None);
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
