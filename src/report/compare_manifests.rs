//! A manifest, compared with its folder and a new run.

use std::fmt::Display;

use super::compare_folders::Comparison;
use super::folder::Folder;
use super::inference::JudgedClaim;
use super::manifest::{Build, MANIFEST, Manifest, sha256};
use super::request::RESOLVED;
use crate::experiment::Experiment;
use crate::experiment::warning::Warning;

impl Comparison {
    /// Compares the manifest that is there with the experiment in its folder, except files and identity.
    pub fn manifest(&mut self, folder: &Folder, there: &Manifest, experiment: &Experiment) {
        self.unchecked.push("build, machine and time of the run".to_owned());
        self.value("title", there.title.as_str(), experiment.title());
        self.value("seed", &there.seed, &experiment.seed());
        self.value("quick", &there.quick, &experiment.quick());
        if !there.altered.is_empty() {
            let what = "its charts were drawn with --force from files that were not those of the run";
            self.mismatch(&format!("{what}: {}", there.altered.join(", ")));
        }
        self.command(there);
        self.inputs(there, experiment);
        self.overrides(folder, there, experiment);
        if there.redrawn_by.is_some() {
            self.unchecked.push("the build that drew the charts".to_owned());
        }
    }

    fn mismatch(&mut self, what: &str) {
        self.differ(format!("{MANIFEST}: {what}"));
    }

    fn value<T: PartialEq + Display + ?Sized>(&mut self, name: &str, there: &T, here: &T) {
        if there != here {
            self.mismatch(&format!("`{name}` is {there} there, {here} in {RESOLVED}"));
        }
    }

    /// The command repeats the overrides after the name of the file.
    fn command(&mut self, there: &Manifest) {
        let sets = there.overrides.iter().flat_map(|value| ["--set", value]);
        let is_right = match there.command.as_slice() {
            [program, verb, _, rest @ ..] => {
                program == "cometsim" && verb == "run" && rest.iter().map(String::as_str).eq(sets)
            }
            _ => false,
        };
        if !is_right {
            self.mismatch("`command` does not have the file and the values that `overrides` has");
        }
    }

    /// Copies of input files are in the folder; the experiment file is not.
    fn inputs(&mut self, there: &Manifest, experiment: &Experiment) {
        let file = there.command.get(2).map_or("", |file| file.rsplit(['/', '\\']).next().unwrap_or_default());
        for input in experiment.inputs().iter().filter(|input| input.name != file) {
            match there.inputs.get(&input.name) {
                Some(digest) if *digest == sha256(&input.bytes) => {}
                Some(_) => self.mismatch(&format!("`inputs` has another digest of {} than inputs/{0}", input.name)),
                None => self.mismatch(&format!("`inputs` lacks {}", input.name)),
            }
        }
        let is_known = |name: &str| name == file || experiment.inputs().iter().any(|input| input.name == name);
        for name in there.inputs.keys().filter(|name| !is_known(name)) {
            self.mismatch(&format!("`inputs` has {name}, which the experiment does not read"));
        }
        match there.inputs.contains_key(file) {
            true => self.unchecked.push(format!("the digest of {file}")),
            false => self.mismatch("`inputs` lacks the file that `command` names"),
        }
    }

    /// The experiment already contains the overrides: setting them again changes nothing.
    fn overrides(&mut self, folder: &Folder, there: &Manifest, experiment: &Experiment) {
        let again = |overrides: &[String]| {
            Experiment::from_text(RESOLVED, &experiment.resolved_toml(), folder.path(), overrides)
        };
        let changes = |overrides: &[String]| match again(overrides) {
            Ok(again) => !is_same(&again, experiment),
            Err(_) => true,
        };
        if there.overrides.is_empty() || !changes(&there.overrides) {
            return;
        }
        // The named files are here under other names.
        let (files, others): (Vec<_>, Vec<_>) = there.overrides.iter().cloned().partition(|value| names_a_file(value));
        self.unchecked.extend(files.into_iter().map(|value| format!("the override `{value}`")));
        if !changes(&others) {
            return;
        }
        for value in others.iter().filter(|value| changes(std::slice::from_ref(value))) {
            self.mismatch(&format!("the override `{value}` is not what {RESOLVED} has"));
        }
    }

    /// Compares the verdicts on the claims in both manifests.
    pub fn claims(&mut self, there: &Manifest, again: &Manifest) {
        // The numbers are those of claims.csv; another build may word its reasons differently.
        let told = |claim: &JudgedClaim| (claim.text.clone(), claim.verdict.clone());
        if !there.claims.iter().map(told).eq(again.claims.iter().map(told)) {
            self.mismatch("`claims` has other verdicts than a new run");
        }
    }

    /// Compares the chosen warm-ups.
    pub fn warmup(&mut self, there: &Manifest, again: &Manifest) {
        let written = |seconds: Option<f64>| seconds.map_or_else(|| "absent".to_owned(), |seconds| seconds.to_string());
        let (there, again) = (written(there.chosen_warmup_s), written(again.chosen_warmup_s));
        if there != again {
            self.mismatch(&format!("`chosen_warmup_s` is {there} there, and a new run has {again}"));
        }
    }

    /// Compares the warnings about results in both manifests, if the same build has written both. Warnings about the
    /// experiment depend on how the file was written.
    pub fn warnings(&mut self, there: &Manifest, again: &Manifest) {
        if Build::of(there) != Build::of(again) {
            self.unchecked.push("`warnings`, which another build words differently".to_owned());
            return;
        }
        let of_results = |manifest: &Manifest| -> Vec<Warning> {
            manifest.warnings.iter().filter(|warning| warning.is_of_results()).cloned().collect()
        };
        let (there, again) = (of_results(there), of_results(again));
        if there != again {
            self.mismatch(&format!(
                "`warnings` has {} about results, and a new run has {} or others",
                there.len(),
                again.len()
            ));
        }
    }
}

/// Whether two experiments give the same folder.
fn is_same(one: &Experiment, other: &Experiment) -> bool {
    one.identity().text() == other.identity().text()
        && one.replications_of_points() == other.replications_of_points()
        && (one.title(), one.quick(), one.accepted()) == (other.title(), other.quick(), other.accepted())
        && one.charts() == other.charts()
        && (one.baseline(), one.claims()) == (other.baseline(), other.claims())
}

/// Whether an override names an input file: by its key, or in a table.
fn names_a_file(value: &str) -> bool {
    let (key, value) = value.split_once('=').unwrap_or((value, ""));
    let is_table = value.trim_start().starts_with(['{', '[']);
    key.trim().rsplit('.').next() == Some("file") || (is_table && value.contains("file"))
}
