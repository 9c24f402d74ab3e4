//! Results of every released version: each later program verifies them, as a reader of a paper would.

#![allow(clippy::pedantic)]

use std::fs;
use std::path::{Path, PathBuf};

use crate::program::{Scratch, files_below};

/// The frozen folders: version, experiment and place.
fn frozen() -> Vec<(String, String, PathBuf)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/frozen");
    let below = |folder: &Path| {
        let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths
    };
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    let versions = below(&root).into_iter().filter(|path| path.is_dir() && !path.ends_with("experiments"));
    let folders = versions.flat_map(|version| {
        let experiments = below(&version).into_iter();
        experiments.map(move |path| (name(&version), name(&path), path)).collect::<Vec<_>>()
    });
    folders.collect()
}

fn manifest(folder: &Path) -> serde_json::Value {
    serde_json::from_slice(&fs::read(folder.join("manifest.json")).unwrap()).unwrap()
}

/// Copies a folder.
fn copy(from: &Path, to: &Path) {
    for (name, bytes) in files_below(from) {
        let target = to.join(name);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::write(target, bytes).unwrap();
    }
}

#[test]
fn every_version_since_results_version_2_is_frozen() {
    let frozen = frozen();
    let version = env!("CARGO_PKG_VERSION");
    assert!(frozen.iter().any(|(frozen, ..)| frozen == version), "run .ci/freeze: nothing of {version} is frozen");
    let names: Vec<&str> =
        frozen.iter().filter(|(frozen, ..)| frozen == "0.2.0").map(|(_, experiment, _)| experiment.as_str()).collect();
    assert_eq!(names, ["limits", "mix", "ticks"]);
    for (version, experiment, folder) in &frozen {
        assert_eq!(manifest(folder)["cometsim_version"], **version, "{experiment}");
        let size: usize = files_below(folder).values().map(Vec::len).sum();
        assert!(size < 200_000, "{}: {size} bytes", folder.display());
    }
}

#[test]
fn every_frozen_folder_is_verified() {
    let scratch = Scratch::new();
    for (version, experiment, folder) in frozen() {
        let path = folder.to_str().unwrap();
        let output = scratch.cometsim(&["verify", "--quiet", path]);
        let results_version = manifest(&folder)["results_version"].as_u64().unwrap();
        if results_version == u64::from(cometsim::model::RESULTS_VERSION) {
            let verdict = format!("{path}: verified: ");
            assert!(output.stdout.starts_with(&verdict), "{version}/{experiment}: {}{}", output.stdout, output.stderr);
            assert_eq!(output.code, 0, "{}", output.stderr);
        } else {
            let verdict =
                format!("{path}: these are results of version {results_version}, written by cometsim {version}; ");
            assert!(output.stdout.starts_with(&verdict), "{}", output.stdout);
            assert_eq!(output.code, 3);
        }
    }
}

#[test]
fn there_is_nothing_to_do_for_a_frozen_folder() {
    let scratch = Scratch::new();
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/frozen/experiments");
    for (version, experiment, folder) in frozen() {
        if manifest(&folder)["results_version"].as_u64() != Some(u64::from(cometsim::model::RESULTS_VERSION)) {
            continue;
        }
        let out = scratch.path(&version);
        // The file of the user, and what the version wrote out.
        let there = Path::new(&out).join(&experiment);
        copy(&folder, &there);
        copy(&folder, &Path::new(&out).join("resolved"));
        let file = sources.join(format!("{experiment}.toml"));
        for file in [file, folder.join("resolved.toml")] {
            let output = scratch.cometsim(&["run", "--quiet", "--out", &out, file.to_str().unwrap()]);
            assert_eq!(output.code, 0, "{version}/{experiment}: {}{}", output.stdout, output.stderr);
            assert!(output.stdout.contains(": the results are there already"), "{}", output.stdout);
        }
        assert_eq!(files_below(&there), files_below(&folder), "{version}/{experiment}");
        fs::remove_dir_all(&out).unwrap();
    }
}
