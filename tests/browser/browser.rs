//! A Chromium without a window, that ends with the test.

use std::fs;
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

use crate::tab::Tab;

/// Names of the program, by system.
const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];
/// How long it may take to start: machines of tests are busy.
const START: Duration = Duration::from_secs(180);

/// A running Chromium.
pub struct Browser {
    child: Child,
    folder: tempfile::TempDir,
    address: String,
}

impl Browser {
    /// Starts it, or says what is left out where the machine has none.
    pub fn start() -> Option<Browser> {
        let Some(name) = NAMES.iter().find(|name| is_there(name)) else {
            left_out("there is no Chromium");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new(name);
        command.args([
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--remote-debugging-port=0",
            "--no-first-run",
        ]);
        command.args(["--disable-background-networking", "--disable-component-update", "--disable-sync"]);
        command.args(["--disable-dev-shm-usage", "--force-device-scale-factor=1", "--lang=en", "about:blank"]);
        command.arg(format!("--user-data-dir={}", folder.path().display()));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
        let mut browser = Browser { child: command.spawn().unwrap(), folder, address: String::new() };
        browser.address = browser.wait_for_address();
        Some(browser)
    }

    /// Where it listens.
    fn wait_for_address(&mut self) -> String {
        let file = self.folder.path().join("DevToolsActivePort");
        let start = Instant::now();
        loop {
            let text = fs::read_to_string(&file).unwrap_or_default();
            if let Some((port, path)) = text.trim().split_once('\n') {
                return format!("ws://127.0.0.1:{port}{path}");
            }
            assert!(self.child.try_wait().unwrap().is_none(), "Chromium has ended");
            assert!(start.elapsed() < START, "Chromium does not listen");
            sleep(Duration::from_millis(20));
        }
    }

    /// A new tab that shows nothing.
    pub fn tab(&self) -> Tab {
        Tab::new(&self.address, self.downloads())
    }

    /// The folder of saved files.
    pub fn downloads(&self) -> PathBuf {
        self.folder.path().join("saved")
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Its own processes are in its group.
        if let Some(group) = Pid::from_raw(self.child.id() as i32) {
            let _ = kill_process_group(group, Signal::KILL);
        }
        let _ = self.child.wait();
    }
}

fn is_there(name: &str) -> bool {
    Command::new(name)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|it| it.success())
}

/// Says why this test, or a part of it, is left out; fails where nothing may be.
pub fn left_out(why: &str) {
    let name = std::thread::current().name().unwrap_or_default().to_owned();
    assert!(std::env::var_os("COMETSIM_REQUIRE_BROWSER").is_none_or(|value| value != "1"), "{name}: {why}");
    // `eprintln!` shows nothing in a test that passes.
    let _ = std::io::stderr().write_all(format!("{name} is left out: {why}\n").as_bytes());
}
