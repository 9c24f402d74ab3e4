//! Links in the README and the guide lead somewhere: in a checkout, and in the documentation of the crate.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The texts that people read in a checkout.
fn documents() -> Vec<PathBuf> {
    let guide = fs::read_dir(Path::new(ROOT).join("src/guide")).expect("the guide");
    let mut paths: Vec<PathBuf> = guide.map(|entry| entry.expect("a page").path()).collect();
    paths.sort();
    paths.extend(
        ["README.md", "CONTRIBUTING.md", "benches/peers/README.md", "benches/plan/README.md"]
            .map(|name| Path::new(ROOT).join(name)),
    );
    paths
}

/// The lines outside blocks of code.
fn prose(text: &str) -> String {
    let mut is_code = false;
    let lines = text.lines().filter(|line| {
        let is_fence = line.trim_start().starts_with("```");
        is_code ^= is_fence;
        !is_code && !is_fence
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Inline targets: `](target)`.
fn inline_targets(text: &str) -> Vec<&str> {
    text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target).collect()
}

/// Names of targets that the text uses, `][name]`, and the targets that it defines, `[name]: target`.
fn references(text: &str) -> (BTreeSet<&str>, Vec<(&str, &str)>) {
    let used = text.split("][").skip(1).filter_map(|rest| rest.split_once(']')).map(|(name, _)| name).collect();
    let defined = text.lines().filter_map(|line| line.strip_prefix('[')?.split_once("]: ")).collect();
    (used, defined)
}

/// The anchors that a Markdown file has on a web page: its headings in small letters with dashes.
fn anchors(text: &str) -> Vec<String> {
    let prose = prose(text);
    let headings = prose.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
    let anchor = |heading: &str| -> String {
        let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        kept.map(|c| if c == ' ' { '-' } else { c }).flat_map(char::to_lowercase).collect()
    };
    headings.map(anchor).collect()
}

/// What is wrong with a target in the document at `path`, if anything.
fn wrong(path: &Path, target: &str) -> Option<String> {
    if target.starts_with("http://") || target.starts_with("https://") {
        return None;
    }
    let (file, anchor) = target.split_once('#').map_or((target, None), |(file, anchor)| (file, Some(anchor)));
    let there = if file.is_empty() { path.to_owned() } else { path.parent().expect("a folder").join(file) };
    if !there.exists() {
        return Some(format!("{}: `{target}` is not there", path.display()));
    }
    let anchor = anchor?;
    let is_found = anchors(&read(&there)).iter().any(|known| known == anchor);
    if is_found { None } else { Some(format!("{}: `{target}` has no such heading", path.display())) }
}

#[test]
fn every_link_leads_somewhere_in_a_checkout() {
    let mut found = Vec::new();
    let mut count = 0;
    for path in documents() {
        let text = prose(&read(&path));
        let (used, defined) = references(&text);
        let targets = inline_targets(&text).into_iter().chain(defined.iter().map(|(_, target)| *target));
        for target in targets {
            count += 1;
            found.extend(wrong(&path, target));
        }
        let names: BTreeSet<&str> = defined.iter().map(|(name, _)| *name).collect();
        for name in used.symmetric_difference(&names) {
            found.push(format!("{}: `{name}` is not both a link and a target", path.display()));
        }
    }
    assert!(count > 100, "only {count} links");
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// The first target of a name holds, and `src/guide.rs` puts its own first: without one, the documentation of the crate
/// would link to a file that it does not have. That these targets exist is checked by rustdoc.
#[test]
fn every_target_of_the_guide_has_one_in_the_documentation_of_the_crate() {
    let modules = read(&Path::new(ROOT).join("src/guide.rs"));
    for path in documents().iter().filter(|path| path.parent().is_some_and(|folder| folder.ends_with("src/guide"))) {
        let text = prose(&read(path));
        for (name, target) in references(&text).1 {
            let of_crate = if name.starts_with("crate::") { name.to_owned() } else { format!("crate::guide::{name}") };
            assert!(modules.contains(&format!("\"[{name}]: {of_crate}\\n\"")), "{}: {name}", path.display());
            let page = name.split('#').next().unwrap_or_default();
            let is_its_own = name.starts_with("crate::") || target == name.replacen(page, &format!("{page}.md"), 1);
            assert!(is_its_own, "{}: {name} is {target}", path.display());
        }
        let of_file =
            inline_targets(&text).into_iter().find(|target| !target.starts_with('#') && !target.contains("://"));
        assert_eq!(of_file, None, "{}: write [words][page]", path.display());
    }
}

#[test]
fn a_link_to_nothing_is_found() {
    let path = Path::new(ROOT).join("README.md");
    assert!(wrong(&path, "src/guide/nothing.md").is_some());
    assert!(wrong(&path, "src/guide/experiment_file.md#nothing").is_some());
    assert_eq!(wrong(&path, "src/guide/experiment_file.md#search"), None);
    assert_eq!(references("[a][b] and [c]\n\n[b]: b.md\n"), (BTreeSet::from(["b"]), vec![("b", "b.md")]));
}
