//! Stops a run that outgrows the machine before the system kills it. On Linux only.

use std::fs;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::interrupt::end;
use super::machine::{MemoryLimits, field, gigabytes, what_helps};
use crate::runner::LargestUse;

/// Time between two samples.
const PAUSE: Duration = Duration::from_millis(20);
/// The fraction of a limit that may be used, because a run grows between two samples.
const PART: f64 = 0.9;
/// Address space beyond this multiple of the memory in use is reserved, not used.
const RESERVED: u64 = 3;
/// Below this fraction of free memory the system kills the largest process.
const LEAST_FREE: f64 = 1.0 / 64.0;

/// A thread that watches the memory of this process.
pub(super) struct Watch {
    mostly: Arc<Mutex<LargestUse>>,
}

impl Watch {
    /// Starts to watch. Ends the process with exit code 1, and with help, when its memory comes near `limits`. `kept`
    /// says what happens to finished runs.
    pub fn start(limits: MemoryLimits, kept: &'static str) -> Watch {
        let mostly = Arc::new(Mutex::new(LargestUse::Rows));
        let known = Arc::clone(&mostly);
        let look = move || {
            while let Some(used) = Used::now() {
                if let Some(problem) = used.problem(&limits, System::now()) {
                    let mostly = *known.lock().unwrap_or_else(PoisonError::into_inner);
                    end(&format!("stopped: {problem}: {}\n{kept}", what_helps(mostly, None)));
                }
                std::thread::sleep(PAUSE);
            }
        };
        // Without a thread the run is not watched, as on other systems.
        let _ = std::thread::Builder::new().name("memory".to_owned()).spawn(look);
        Watch { mostly }
    }

    /// The largest use of memory of the run that begins now.
    pub fn expect(&self, mostly: LargestUse) {
        *self.mostly.lock().unwrap_or_else(PoisonError::into_inner) = mostly;
    }
}

/// Memory of this process, in bytes.
#[derive(Clone, Copy, Debug)]
struct Used {
    memory: u64,
    address_space: u64,
}

/// Memory of the system, in bytes.
#[derive(Clone, Copy, Debug)]
struct System {
    total: u64,
    /// Memory that is available without killing a process.
    free: u64,
}

impl Used {
    /// `None` if unknown.
    fn now() -> Option<Used> {
        Used::of(&fs::read_to_string("/proc/self/status").ok()?)
    }

    fn of(status: &str) -> Option<Used> {
        let memory = field(status, "VmRSS:")? + field(status, "VmSwap:").unwrap_or(0);
        Some(Used { memory, address_space: field(status, "VmSize:")? })
    }

    /// The problem, in words; `None` without one.
    fn problem(self, limits: &MemoryLimits, system: Option<System>) -> Option<String> {
        let near = |used: u64, limit: u64| used as f64 > limit as f64 * PART;
        let (used, of) = (gigabytes(self.memory as f64), |bytes: u64| gigabytes(bytes as f64));
        if near(self.memory, limits.memory) {
            return Some(format!(
                "the run uses {used} of the {} of memory that {} has",
                of(limits.memory),
                limits.whose
            ));
        }
        // Threads reserve address space that they do not use, and can do without it.
        let is_used = RESERVED * self.memory > self.address_space;
        if let Some(limit) = limits.address_space.filter(|limit| is_used && near(self.address_space, *limit)) {
            let space = of(self.address_space);
            return Some(format!(
                "the run uses {space} of the {} of address space that this process may have",
                of(limit)
            ));
        }
        let System { total, free } = system?;
        let is_largest = 2 * self.memory > total.saturating_sub(free);
        if !is_largest || free as f64 >= total as f64 * LEAST_FREE {
            return None;
        }
        Some(format!("the run uses {used} of memory, and of the {} of this machine {} are left", of(total), of(free)))
    }
}

impl System {
    /// `None` if unknown.
    fn now() -> Option<System> {
        let text = fs::read_to_string("/proc/meminfo").ok()?;
        let free = field(&text, "MemAvailable:")? + field(&text, "SwapFree:").unwrap_or(0);
        Some(System { total: field(&text, "MemTotal:")?, free })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GB: u64 = 1_000_000_000;

    fn problem(used: Used, address_space: Option<u64>, free: u64) -> Option<String> {
        let limits = MemoryLimits { memory: 16 * GB, whose: "this machine", address_space };
        used.problem(&limits, Some(System { total: 16 * GB, free }))
    }

    #[test]
    fn a_run_is_stopped_where_its_memory_comes_near_a_limit() {
        let used = |memory, address_space| Used { memory, address_space };
        assert_eq!(problem(used(8 * GB, 40 * GB), None, 7 * GB), None);
        let machine = "the run uses 16 GB of the 16 GB of memory that this machine has";
        assert_eq!(problem(used(16 * GB - GB / 2, 40 * GB), None, GB).as_deref(), Some(machine));
        let space = "the run uses 1.9 GB of the 2.0 GB of address space that this process may have";
        assert_eq!(problem(used(GB, 1_920_000_000), Some(2 * GB), 9 * GB).as_deref(), Some(space));
    }

    #[test]
    fn a_run_is_stopped_where_nothing_is_left_for_it_but_not_for_the_memory_of_others() {
        let used = |memory| Used { memory, address_space: memory };
        let left = "the run uses 9.0 GB of memory, and of the 16 GB of this machine 100 MB are left";
        assert_eq!(problem(used(9 * GB), None, GB / 10).as_deref(), Some(left));
        assert_eq!(problem(used(GB), None, GB / 10), None);
    }

    #[test]
    fn memory_in_use_is_read() {
        let status = "Name:\tcometsim\nVmSize:\t  200 kB\nVmRSS:\t     100 kB\nVmSwap:\t       5 kB\n";
        let used = Used::of(status).unwrap();
        assert_eq!((used.memory, used.address_space), (105 * 1024, 200 * 1024));
        assert!(Used::of("Name:\tcometsim\n").is_none());
    }
}
