//! Links, pipes, and files of somebody else where results are to go.

use std::fs;
use std::os::unix::fs::{FileTypeExt, symlink};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::program::{Output, SMALL, Scratch, differing_files, run_to, small};

/// Runs the program, which must end soon: it could wait for the other end of a pipe.
fn in_time(scratch: &Scratch, arguments: &[&str]) -> Output {
    let folder = scratch.path("streams");
    fs::create_dir_all(&folder).unwrap();
    let stream = |name: &str| fs::File::create(Path::new(&folder).join(name)).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_cometsim"))
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(stream("out"))
        .stderr(stream("err"))
        .spawn()
        .unwrap();
    let started = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if started.elapsed() > Duration::from_secs(60) {
            child.kill().unwrap();
            child.wait().unwrap();
            panic!("{arguments:?} does not end");
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let text = |name: &str| fs::read_to_string(Path::new(&folder).join(name)).unwrap();
    Output { code: status.code().unwrap_or(-1), stdout: text("out"), stderr: text("err") }
}

fn pipe(path: &str) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// Runs an experiment with something in the place of the journal: refused, with `words`, with `--fresh`, too.
fn refuses_journal(scratch: &Scratch, words: &str) {
    let file = scratch.file("small.toml", SMALL);
    for options in [&[][..], &["--fresh"]] {
        let run = ["run", &file, "--out", &scratch.path("out"), "--quiet"];
        let output = in_time(scratch, &[&run, options].concat());
        assert_eq!(output.code, 1, "{}", output.stderr);
        assert!(output.stderr.contains(".partial/jobs") && output.stderr.contains(words), "{}", output.stderr);
        assert!(!Path::new(&scratch.path("out/small/summary.csv")).exists());
    }
}

#[test]
fn a_link_in_the_place_of_the_journal_is_not_followed() {
    let scratch = Scratch::new();
    fs::create_dir_all(scratch.path("out/small/.partial")).unwrap();
    let victim = scratch.file("victim", "mine");
    symlink(&victim, scratch.path("out/small/.partial/jobs")).unwrap();
    refuses_journal(&scratch, "symbolic link");
    assert_eq!(fs::read_to_string(&victim).unwrap(), "mine");
    // Nor is a file made where a link leads nowhere.
    fs::remove_file(&victim).unwrap();
    refuses_journal(&scratch, "symbolic link");
    assert!(!Path::new(&victim).exists());
}

#[test]
fn what_is_no_journal_is_left_as_it_is() {
    let scratch = Scratch::new();
    let jobs = scratch.path("out/small/.partial/jobs");
    fs::create_dir_all(scratch.path("out/small/.partial")).unwrap();

    fs::write(&jobs, "a shopping list").unwrap();
    refuses_journal(&scratch, "no journal of cometsim");
    assert_eq!(fs::read_to_string(&jobs).unwrap(), "a shopping list");

    // A second name of a file that is somewhere else, too: what it holds must stay as it is.
    fs::hard_link(&jobs, scratch.path("other")).unwrap();
    fs::write(&jobs, "").unwrap();
    refuses_journal(&scratch, "hard links");
    fs::remove_file(&jobs).unwrap();

    pipe(&jobs);
    refuses_journal(&scratch, "FIFO");
    assert!(fs::symlink_metadata(&jobs).unwrap().file_type().is_fifo());
    fs::remove_file(&jobs).unwrap();

    let socket = std::os::unix::net::UnixListener::bind(&jobs).unwrap();
    refuses_journal(&scratch, "socket");
    drop(socket);
    fs::remove_file(&jobs).unwrap();

    fs::create_dir(&jobs).unwrap();
    refuses_journal(&scratch, "folder");
}

#[test]
fn no_link_is_followed_inside_a_folder_of_results() {
    for name in [".partial", "charts", ""] {
        let scratch = Scratch::new();
        let file = scratch.file("small.toml", SMALL);
        fs::create_dir_all(scratch.path("elsewhere")).unwrap();
        let link = scratch.path(&format!("out/small/{name}"));
        fs::create_dir_all(Path::new(link.trim_end_matches('/')).parent().unwrap()).unwrap();
        symlink(scratch.path("elsewhere"), link.trim_end_matches('/')).unwrap();
        let output = in_time(&scratch, &["run", &file, "--out", &scratch.path("out"), "--quiet"]);
        assert_eq!(output.code, 1, "{name}: {}", output.stderr);
        assert!(output.stderr.contains("link"), "{name}: {}", output.stderr);
        assert_eq!(fs::read_dir(scratch.path("elsewhere")).unwrap().count(), 0, "{name}");
    }
}

#[test]
fn what_a_user_names_may_be_a_link() {
    let scratch = Scratch::new();
    let file = scratch.file("small.toml", SMALL);
    fs::create_dir_all(scratch.path("elsewhere")).unwrap();
    symlink(scratch.path("elsewhere"), scratch.path("out")).unwrap();
    run_to(&scratch, &file, "out", &[]);
    symlink(scratch.path("elsewhere/small"), scratch.path("results")).unwrap();
    for command in ["verify", "chart"] {
        let output = scratch.cometsim(&[command, &scratch.path("results")]);
        assert_eq!(output.code, 0, "{}{}", output.stdout, output.stderr);
    }
}

#[test]
fn a_link_that_leads_nowhere_is_called_what_it_is() {
    let scratch = Scratch::new();
    let file = scratch.file("small.toml", SMALL);
    fs::create_dir(scratch.path("out")).unwrap();
    symlink("nowhere", scratch.path("out/small")).unwrap();
    symlink("nowhere", scratch.path("dangling")).unwrap();
    for (out, link) in [("out", "out/small"), ("dangling", "dangling"), ("dangling/deep", "dangling")] {
        let output = scratch.cometsim(&["run", &file, "--out", &scratch.path(out)]);
        assert_eq!(output.code, 1, "{}", output.stderr);
        let words = format!("{} is a link to nowhere, which is not there: remove it", scratch.path(link));
        assert!(output.stderr.contains(&words), "{}", output.stderr);
    }
}

#[test]
fn files_of_somebody_else_are_not_replaced() {
    let scratch = Scratch::new();
    let file = scratch.file("small.toml", SMALL);
    for name in ["summary.csv", "resolved.toml", "charts/bandwidth.png"] {
        let there = scratch.path(&format!("out/small/{name}"));
        fs::create_dir_all(Path::new(&there).parent().unwrap()).unwrap();
        fs::write(&there, "mine").unwrap();
        let output = super::run(&scratch, &file, &[]);
        assert_eq!(output.code, 2, "{}", output.stderr);
        assert!(output.stderr.contains(&format!("has a file {name}, and no manifest")), "{}", output.stderr);
        assert_eq!(fs::read_to_string(&there).unwrap(), "mine");
        assert!(!Path::new(&scratch.path("out/small/.partial")).exists());
        fs::remove_file(&there).unwrap();
    }
    // Asked for, a link is replaced, and not what it leads to.
    let victim = scratch.file("victim", "mine");
    symlink(&victim, scratch.path("out/small/summary.csv")).unwrap();
    assert_eq!(super::run(&scratch, &file, &[]).code, 2);
    assert_eq!(super::run(&scratch, &file, &["--fresh"]).code, 0);
    assert_eq!(fs::read_to_string(&victim).unwrap(), "mine");
    assert!(fs::symlink_metadata(scratch.path("out/small/summary.csv")).unwrap().is_file());
}

#[test]
fn a_pipe_or_a_device_in_the_place_of_a_result_is_a_difference_and_hangs_nothing() {
    let scratch = Scratch::new();
    let (file, folder) = small(&scratch);
    let whole = run_to(&scratch, &file, "whole", &[]);
    for name in ["summary.csv", "timeline.csv", "resolved.toml", "charts/bandwidth.svg"] {
        for kind in ["pipe", "device"] {
            let path = folder.join(name);
            fs::remove_file(&path).unwrap();
            match kind {
                "pipe" => pipe(path.to_str().unwrap()),
                _ => symlink("/dev/zero", &path).unwrap(),
            }
            let output = in_time(&scratch, &["verify", "--quiet", folder.to_str().unwrap()]);
            assert_eq!(output.code, 3, "{name}: {}", output.stderr);
            assert!(output.stdout.contains(&format!("{name}: the file is not what the manifest says")), "{name}");
            if !name.starts_with("charts/") {
                let output = in_time(&scratch, &["chart", folder.to_str().unwrap()]);
                let expected = if name == "resolved.toml" { 2 } else { 3 };
                assert_eq!(output.code, expected, "{name}: {}", output.stderr);
            }
            let fresh = ["run", &file, "--out", &scratch.path("out"), "--quiet", "--fresh"];
            let output = in_time(&scratch, &fresh);
            assert_eq!(output.code, 0, "{name}: {}", output.stderr);
            assert_eq!(differing_files(&whole, &folder), Vec::<String>::new());
        }
    }
    // The manifest itself.
    fs::remove_file(folder.join("manifest.json")).unwrap();
    symlink("/dev/zero", folder.join("manifest.json")).unwrap();
    let output = in_time(&scratch, &["verify", folder.to_str().unwrap()]);
    assert_eq!(output.code, 2, "{}", output.stderr);
    let output = in_time(&scratch, &["run", &file, "--out", &scratch.path("out")]);
    assert_eq!(output.code, 2);
    assert!(output.stderr.contains("it is a symbolic link"), "{}", output.stderr);
}

#[test]
fn an_owner_on_another_machine_keeps_others_out() {
    let scratch = Scratch::new();
    let file = scratch.file("small.toml", SMALL);
    fs::create_dir_all(scratch.path("out/small/.partial")).unwrap();
    let owner = scratch.path("out/small/.partial/owner");
    let text = r#"{"host":"node7\u001b[31m","space":"x","number":12,"started":"1","since":"2026-01-02T03:04:05Z"}"#;
    fs::write(&owner, text).unwrap();
    let output = super::run(&scratch, &file, &[]);
    assert_eq!(output.code, 1, "{}", output.stderr);
    assert!(
        output.stderr.contains("process 12 on node7\\u001B[31m, since 2026-01-02T03:04:05Z")
            && output.stderr.contains(&format!("remove {owner}")),
        "{}",
        output.stderr
    );
    assert_eq!(fs::read_to_string(&owner).unwrap(), text);
    fs::remove_file(&owner).unwrap();
    assert_eq!(super::run(&scratch, &file, &[]).code, 0);
    assert!(!Path::new(&scratch.path("out/small/.partial")).exists());
}
