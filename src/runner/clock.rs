//! The only clock that a prediction reads: processor time of this thread, which does not depend on what else is
//! running.

#[cfg(not(any(unix, windows)))]
use std::time::Instant as Clock;

#[cfg(any(unix, windows))]
use cpu_time::ThreadTime as Clock;

/// Measures the processor time of this thread; on systems other than Unix and Windows, the elapsed time.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Clock);

impl Stopwatch {
    /// Starts from zero.
    #[must_use]
    pub fn start() -> Stopwatch {
        Stopwatch(Clock::now())
    }

    /// Time since the start, in seconds.
    pub fn seconds(&self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }
}

#[cfg(all(test, any(unix, windows)))]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn time_in_which_others_work_does_not_count() {
        let clock = Stopwatch::start();
        std::thread::sleep(Duration::from_millis(200));
        assert!(clock.seconds() < 0.1);
    }
}
