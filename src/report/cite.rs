//! How to cite a run.

use super::manifest::{Build, Manifest};
use super::request::RESOLVED;
use super::tex::escaped;
use crate::terminal::without_controls;

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
    let again = [folder.to_owned(), format!("{folder}/{RESOLVED}")].map(|path| quoted(&path));
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
    manifest.command.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
}

/// A word of a command as a shell takes it.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./=:,+@%".contains(c);
    let word = without_controls(word, |_| false);
    if !word.is_empty() && word.chars().all(is_plain) { word } else { format!("'{}'", word.replace('\'', "'\\''")) }
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

    #[test]
    fn words_are_quoted_for_a_shell() {
        assert_eq!(quoted("source.payload=1"), "source.payload=1");
        assert_eq!(quoted("a b"), "'a b'");
        assert_eq!(quoted("it's"), "'it'\\''s'");
    }
}
