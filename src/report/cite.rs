//! How to cite a run.

use super::manifest::{Build, Manifest};
use super::request::RESOLVED;
use super::tex::escaped;
use crate::terminal::{shell_word, without_controls};

/// The authors, as `CITATION.cff` has them.
const AUTHOR: &str = "The cometsim maintainers";
/// The title, as `CITATION.cff` has it.
const TITLE: &str = "cometsim: a deterministic discrete-event simulator of web polling, long polling and push";
/// The day on which this version was released, as `CITATION.cff` has it.
const RELEASED: &str = "2026-11-23";

/// A sentence, an entry for BibTeX, and what identifies the numbers of a folder, in lines.
pub fn citation(folder: &str, manifest: &Manifest) -> Vec<String> {
    let build = Build::of(manifest);
    let (version, results) = (&manifest.cometsim_version, manifest.results_version);
    let mut lines = Vec::new();
    if manifest.quick {
        lines.extend(["This was a quick run: do not publish its numbers.".to_owned(), String::new()]);
    }
    lines.push(format!(
        "\"{}\" was simulated with cometsim {build}, results version {results}, seed {}, identity {}.",
        without_controls(&manifest.title, |_| false),
        manifest.seed,
        manifest.identity.get(..16).unwrap_or(&manifest.identity)
    ));
    lines.push(String::new());
    lines.extend(bibtex(manifest));
    lines.push(String::new());
    let facts = [
        ("version", version.clone()),
        ("results version", results.to_string()),
        ("commit", manifest.git_commit.clone()),
        ("seed", manifest.seed.to_string()),
        ("identity", manifest.identity.clone()),
        ("command", command(manifest)),
    ];
    lines.extend(facts.into_iter().map(|(name, value)| format!("{:<16} {value}", format!("{name}:"))));
    // The experiment file need not be there any more.
    let folder = folder.trim_end_matches('/');
    let again = [folder.to_owned(), format!("{folder}/{RESOLVED}")].map(|path| shell_word(&path));
    lines.push(String::new());
    lines.push("The folder is enough to get every number again:".to_owned());
    lines.extend([format!("cometsim verify {}", again[0]), format!("cometsim run {}", again[1])]);
    lines
}

/// The entry for BibTeX, in lines.
pub(super) fn bibtex(manifest: &Manifest) -> Vec<String> {
    let (build, results) = (Build::of(manifest), manifest.results_version);
    // Each experiment is an entry of its own.
    let key = manifest.identity.get(..8).unwrap_or(&manifest.identity);
    let mut lines = vec![format!("@software{{cometsim-{key},")];
    let note = format!(
        "{}: results version {results}, seed {}, identity {}",
        escaped(&without_controls(&manifest.title, |_| false)),
        manifest.seed,
        manifest.identity.get(..16).unwrap_or(&manifest.identity)
    );
    let mut fields = vec![("author", format!("{{{AUTHOR}}}")), ("title", format!("{{{TITLE}}}"))];
    fields.push(("version", escaped(&build.to_string())));
    // Of another version this program does not know the day.
    if manifest.cometsim_version == Build::this().cometsim_version {
        fields.push(("year", RELEASED.split('-').next().unwrap_or_default().to_owned()));
    }
    fields.push(("note", note));
    lines.extend(fields.into_iter().map(|(name, value)| format!("  {name:<7} = {{{value}}},")));
    lines.push("}".to_owned());
    lines
}

/// The command as a shell takes it.
pub(super) fn command(manifest: &Manifest) -> String {
    manifest.command.iter().map(shell_word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_citation_is_that_of_the_file() {
        let file = include_str!("../../CITATION.cff");
        for line in [
            format!("title: \"{TITLE}\""),
            format!("  - name: \"{AUTHOR}\""),
            format!("date-released: {RELEASED}"),
            format!("version: {}", Build::this().cometsim_version),
        ] {
            assert!(file.lines().any(|there| there == line), "{line}");
        }
    }
}
