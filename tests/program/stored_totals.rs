//! `totals.bin` is compared by value, whatever build wrote it, and a difference is named.

#![allow(clippy::pedantic)]

use std::fs;
use std::path::Path;

use cometsim::model::Totals;
use cometsim::runner::{Journal, RecordName, Store};
use sha2::{Digest, Sha256};

use crate::program::{Scratch, edit_manifest, run_to, small, verify};

const OTHER_BUILD: &str = "0123456789abcdef0123456789abcdef01234567";

/// What becomes of the bytes of a store.
type Change = fn(Vec<u8>) -> Vec<u8>;

fn stored(folder: &Path) -> Vec<(RecordName, Totals)> {
    let store = Store::of(fs::read(folder.join("totals.bin")).unwrap());
    store.names().map(|name| (*name, store.totals(name).unwrap())).collect()
}

/// Replaces the totals, and their digest in the manifest, as if another build had written all.
fn store(scratch: &Scratch, folder: &Path, bytes: impl FnOnce(Vec<u8>) -> Vec<u8>, all: &[(RecordName, Totals)]) {
    let path = scratch.path("jobs");
    let file = fs::File::options().read(true).write(true).create(true).truncate(true).open(&path).unwrap();
    let mut journal = Journal::open(file, Path::new(&path), &[0; 32], false, true).unwrap();
    for (name, totals) in all {
        journal.save(*name, totals).unwrap();
    }
    let names = all.iter().map(|(name, _)| *name);
    let bytes = bytes(journal.store(names, usize::MAX).unwrap().unwrap());
    let digest: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    fs::write(folder.join("totals.bin"), bytes).unwrap();
    edit_manifest(folder, |manifest| {
        manifest["results"]["totals.bin"] = digest.into();
        manifest["git_commit"] = OTHER_BUILD.into();
    });
}

#[test]
fn a_counter_that_was_altered_is_named_with_its_replication() {
    let scratch = Scratch::new();
    let (_, folder) = small(&scratch);
    let good = stored(&folder);
    assert_eq!(good.len(), 4);

    // The same in another order is the same.
    let turned: Vec<_> = good.iter().rev().cloned().collect();
    store(&scratch, &folder, |bytes| bytes, &turned);
    let output = verify(&scratch, &folder, &[]);
    assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{}", output.stdout);
    assert!(output.stdout.contains(", the totals of 4 replications and "), "{}", output.stdout);
    assert!(output.stdout.contains("note: totals.bin: the same totals in other bytes\n"), "{}", output.stdout);
    let output = verify(&scratch, &folder, &["--bytes"]);
    assert!(output.stdout.contains("totals.bin: a new run gives other bytes"), "{}", output.stdout);

    let mut altered = good.clone();
    let (_, totals) = &mut altered[1];
    totals.requests += 1;
    totals.early_nanos += 1;
    store(&scratch, &folder, |bytes| bytes, &altered);
    let output = verify(&scratch, &folder, &[]);
    assert_eq!(output.code, 3);
    let number = altered[1].0.1;
    let said = output.stdout.lines().find(|line| line.starts_with("totals.bin")).unwrap();
    assert!(said.starts_with("totals.bin: point 0, transport "), "{said}");
    assert!(said.ends_with(&format!(" polling, replication {number}: other `requests`, `early_nanos`")), "{said}");

    // A replication is missing; one is cut off; there is one too many; something follows them.
    let cases: [(Change, &[_], &str); 4] = [
        (|bytes| bytes, &good[1..], "replication 0: missing or unreadable"),
        (|bytes| bytes[..bytes.len() - 1].to_vec(), &good, "replication 1: missing or unreadable"),
        (
            |bytes| bytes,
            &[good.clone(), vec![((good[0].0.0, 2), good[0].1.clone())]].concat(),
            "replication 2: a new run does not have it",
        ),
        (|bytes| [bytes, b"more".to_vec()].concat(), &good, "4 bytes at its end are not those of a replication"),
    ];
    for (bytes, all, what) in cases {
        store(&scratch, &folder, bytes, all);
        let output = verify(&scratch, &folder, &[]);
        assert_eq!(output.code, 3, "{what}");
        let said: Vec<&str> = output.stdout.lines().filter(|line| line.starts_with("totals.bin: ")).collect();
        assert!(said[0].ends_with(what), "{said:?}");
    }

    // Another build may store them in another way.
    store(&scratch, &folder, |bytes| [b"cometsim-totals9", &bytes[16..]].concat(), &good);
    let output = verify(&scratch, &folder, &[]);
    assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{}", output.stdout);
    assert!(
        output.stdout.contains("note: totals.bin is of another version, and is not compared\n"),
        "{}",
        output.stdout
    );
}

/// Replications until the mean latency is known to this percentage.
fn precise(scratch: &Scratch, half_width: &str) -> String {
    let text = format!(
        "[experiment]\nreplications = 3\nmax_replications = 100\nduration = \"2 min\"\nwarmup = \"90 s\"\nbin = \"15 s\"\n\
         precision = [{{ metric = \"latency_mean_s\", half_width = \"{half_width}\" }}]\n\
         accept = [\"few-messages-expected\", \"too-few-messages\", \"imprecise\"]\n\
         [clients]\ncount = 20\n[source]\npoisson = {{ rate = \"0.1 /s\" }}\n\
         [[transport]]\nname = \"short polling\"\nshort_poll = {{ interval = \"4 s\" }}\n\
         [[transport]]\nname = \"long polling\"\nlong_poll = {{}}\n"
    );
    scratch.file("precise.toml", &text)
}

#[test]
fn less_precision_keeps_the_replications_that_are_there() {
    let scratch = Scratch::new();
    let strict = run_to(&scratch, &precise(&scratch, "2 %"), "strict", &[]);
    let whole = fs::read(strict.join("totals.bin")).unwrap();
    let file = precise(&scratch, "20 %");
    let loose = run_to(&scratch, &file, "loose", &[]);
    let again = run_to(&scratch, &file, "strict", &[]);
    assert_eq!(crate::program::differing_files(&again, &loose), ["totals.bin"]);
    let (kept, fewer) = (stored(&again).len(), stored(&loose).len());
    assert!(kept > fewer, "{kept} {fewer}");
    assert_eq!(fs::read(again.join("totals.bin")).unwrap(), whole);

    let output = verify(&scratch, &again, &[]);
    assert_eq!(output.code, 0, "{}", output.stdout);
    let note = format!("note: totals.bin: {} replications that no table uses are not compared\n", kept - fewer);
    assert!(output.stdout.contains(&note), "{}", output.stdout);
    let second = scratch.cometsim(&["run", &file, "--out", &scratch.path("strict"), "--quiet"]);
    assert!(second.stdout.contains("nothing to do"), "{}", second.stdout);
    // A precision between the two needs none of those that it would have to simulate.
    let middle = precise(&scratch, "5 %");
    let between = run_to(&scratch, &middle, "strict", &[]);
    assert_eq!(crate::program::differing_files(&between, &run_to(&scratch, &middle, "middle", &[])), ["totals.bin"]);
    assert_eq!(fs::read(between.join("totals.bin")).unwrap(), whole);
}
