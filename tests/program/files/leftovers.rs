//! What a run leaves behind: nothing, or a word about it.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::program::{SMALL, Scratch, differing_files, run_to, small};

/// Unfinished work in a folder that is finished, as a run leaves it that is killed at its very end.
fn leave(folder: &Path) {
    fs::create_dir(folder.join(".partial")).unwrap();
    let header = [b"cometsim-jobs-6\n".as_slice(), &[7; 300]].concat();
    fs::write(folder.join(".partial/jobs"), header).unwrap();
    fs::write(folder.join(".partial/draft-abcdefABC012"), "half").unwrap();
}

#[test]
fn what_a_finished_run_could_not_remove_the_next_command_removes() {
    let scratch = Scratch::new();
    let (file, folder) = small(&scratch);
    leave(&folder);
    let output = super::run(&scratch, &file, &[]);
    assert_eq!((output.code, output.stderr.as_str()), (0, ""));
    assert!(output.stdout.contains("nothing to do"), "{}", output.stdout);
    assert!(!folder.join(".partial").exists());
    leave(&folder);
    let output = scratch.cometsim(&["chart", folder.to_str().unwrap()]);
    assert_eq!((output.code, output.stderr.as_str()), (0, ""));
    assert!(!folder.join(".partial").exists());
}

#[test]
fn complete_results_are_a_success_although_something_cannot_be_removed() {
    let scratch = Scratch::new();
    let file = scratch.file("small.toml", SMALL);
    let folder = Path::new(&scratch.path("out/small")).to_owned();
    fs::create_dir_all(folder.join(".partial")).unwrap();
    fs::write(folder.join(".partial/other"), "mine").unwrap();
    let output = super::run(&scratch, &file, &[]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    assert!(
        output.stderr.starts_with("warning: cannot remove ") && output.stderr.contains(".partial"),
        "{}",
        output.stderr
    );
    assert!(output.stderr.contains("the results are complete"), "{}", output.stderr);
    assert_eq!(fs::read_to_string(folder.join(".partial/other")).unwrap(), "mine");
    fs::remove_file(folder.join(".partial/other")).unwrap();
    assert_eq!(super::run(&scratch, &file, &[]).stderr, "");
    assert!(!folder.join(".partial").exists());
}

#[test]
fn a_disk_that_is_full_ends_a_run_with_exit_1_and_the_next_one_goes_on() {
    let scratch = Scratch::new();
    let file = scratch.file("small.toml", SMALL);
    let whole = run_to(&scratch, &file, "whole", &[]);
    let mut failures = 0;
    for kilobytes in [0, 1, 2, 4, 8, 16, 32] {
        let out = scratch.path(&format!("limited-{kilobytes}"));
        // Units of 512 bytes.
        let script = format!("ulimit -f {}; exec \"$0\" \"$@\"", 2 * kilobytes);
        let output = Command::new("sh")
            .args(["-c", &script, env!("CARGO_BIN_EXE_cometsim"), "run", &file, "--out", &out, "--quiet"])
            .output()
            .unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        match output.status.code() {
            Some(0) => {}
            Some(1) => {
                assert!(stderr.starts_with("error: cannot ") && stderr.contains("File too large"), "{stderr}");
                assert!(!Path::new(&out).join("small/manifest.json").exists());
                failures += 1;
            }
            code => panic!("{kilobytes}: {code:?} {stderr}"),
        }
        let folder = run_to(&scratch, &file, &format!("limited-{kilobytes}"), &[]);
        assert_eq!(differing_files(&whole, &folder), Vec::<String>::new());
    }
    assert!(failures >= 3, "{failures}");
}

#[test]
fn a_folder_that_cannot_be_made_is_exit_1_with_its_name() {
    let scratch = Scratch::new();
    let file = scratch.file("small.toml", SMALL);
    let output = scratch.cometsim(&["run", &file, "--out", "/proc/cometsim"]);
    assert_eq!(output.code, 1, "{}", output.stderr);
    assert!(output.stderr.starts_with("error: cannot create /proc/cometsim/small: "), "{}", output.stderr);
}

#[test]
fn an_interrupted_verification_leaves_nothing_and_says_so() {
    let scratch = Scratch::new();
    let slow = SMALL.replace("count = 5", "count = 50000").replace("replications = 2", "replications = 40");
    let file = scratch.file("slow.toml", &SMALL.replace("Small", "Slow"));
    let folder = run_to(&scratch, &file, "out", &[]);
    // A long run that lies about its results: nobody waits for them.
    fs::write(folder.join("resolved.toml"), slow).unwrap();
    for signal in ["INT", "TERM", "HUP"] {
        let temporary = scratch.path(&format!("temporary-{signal}"));
        fs::create_dir(&temporary).unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_cometsim"))
            .args(["verify", "--quiet", folder.to_str().unwrap()])
            .env("TMPDIR", &temporary)
            .stderr(std::process::Stdio::piped())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let is_at_work = || {
            let inside = fs::read_dir(&temporary).unwrap().next();
            inside.is_some_and(|inside| inside.unwrap().path().join("again/.partial/jobs").exists())
        };
        while !is_at_work() {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        let kill = Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status().unwrap();
        assert!(kill.success());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{signal}");
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(stderr.ends_with("interrupted: nothing was verified, and the folder is as it was\n"), "{stderr}");
        assert!(!stderr.contains("kept"), "{stderr}");
        assert_eq!(fs::read_dir(&temporary).unwrap().count(), 0, "{signal}");
    }
}
