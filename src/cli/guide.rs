//! `cometsim guide`: the pages of the guide.

use anyhow::anyhow;

use super::Failure;
use super::output::{print_bytes, print_line};
use crate::experiment::near::near_names;
use crate::guide::PAGES;

/// Words for pages.
const ALIASES: [(&str, &str); 30] = [
    ("start", "tutorial"),
    ("begin", "tutorial"),
    ("commands", "running"),
    ("options", "running"),
    ("run", "running"),
    ("file", "experiment_file"),
    ("files", "experiment_file"),
    ("experiment", "experiment_file"),
    ("experiments", "experiment_file"),
    ("sweep", "experiment_file"),
    ("key", "keys"),
    ("defaults", "keys"),
    ("model", "what_is_simulated"),
    ("simulated", "what_is_simulated"),
    ("metric", "metrics"),
    ("columns", "metrics"),
    ("intervals", "statistics"),
    ("results", "reading_results"),
    ("tables", "reading_results"),
    ("csv", "reading_results"),
    ("compare", "comparing"),
    ("claim", "comparing"),
    ("claims", "comparing"),
    ("client", "trace"),
    ("diagram", "trace"),
    ("fair", "fair_comparison"),
    ("today", "fair_comparison"),
    ("warning", "warnings"),
    ("terms", "glossary"),
    ("transport", "add_a_transport"),
];

/// Lists the pages, or prints one, or the section with this heading.
pub(super) fn guide(asked: Option<&str>) -> Result<(), Failure> {
    let Some(asked) = asked else { return list() };
    let text = page(asked).map(str::to_owned).or_else(|| section(asked)).ok_or_else(|| unknown(asked))?;
    Ok(print_bytes(with_commands(&text).as_bytes())?)
}

fn list() -> Result<(), Failure> {
    let widest = PAGES.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    for (name, text) in PAGES {
        print_line(format_args!("{name:widest$}  {}", title(text)))?;
    }
    print_line("")?;
    Ok(print_line(
        "cometsim guide PAGE prints a page, or the section with a heading, such as a warning: messages-lost",
    )?)
}

fn title(text: &str) -> &str {
    text.lines().find_map(|line| line.strip_prefix("# ")).unwrap_or_default()
}

/// A name in small letters, with one kind of gap.
fn folded(name: &str) -> String {
    let name = name.trim().trim_end_matches(".md").trim_matches(['`', '[', ']']);
    name.to_lowercase().replace([' ', '-'], "_")
}

/// The page of this name, title or alias, or whose name begins so and no other.
fn page(asked: &str) -> Option<&'static str> {
    let asked = folded(asked);
    let alias = ALIASES.iter().find(|(word, _)| *word == asked).map(|(_, name)| *name);
    let begins = |wanted: &str| {
        let found: Vec<&(&str, &str)> = PAGES.iter().filter(|(name, _)| name.starts_with(wanted)).collect();
        match found.as_slice() {
            [only] if !wanted.is_empty() => Some(*only),
            _ => None,
        }
    };
    let is_named = |(name, text): &&(&str, &str)| *name == alias.unwrap_or(&asked) || folded(title(text)) == asked;
    PAGES.iter().find(is_named).or_else(|| begins(&asked)).map(|(_, text)| *text)
}

/// Level and words of a heading.
fn heading(line: &str) -> Option<(usize, &str)> {
    let level = line.bytes().take_while(|byte| *byte == b'#').count();
    if level == 0 { None } else { line[level..].strip_prefix(' ').map(|words| (level, words)) }
}

/// The section under the heading with these words, in any page.
fn section(asked: &str) -> Option<String> {
    let asked = folded(asked);
    PAGES.iter().find_map(|(_, text)| {
        let mut lines = outside_of_code(text)
            .skip_while(|(is_code, line)| *is_code || heading(line).is_none_or(|(_, words)| folded(words) != asked));
        let first = lines.next()?.1;
        let (level, _) = heading(first)?;
        let rest = lines.take_while(|(is_code, line)| *is_code || heading(line).is_none_or(|(other, _)| other > level));
        Some([first].into_iter().chain(rest.map(|(_, line)| line)).map(|line| format!("{line}\n")).collect())
    })
}

/// The lines of a page, and whether each is in a block of code, where `#` begins a comment.
fn outside_of_code(text: &str) -> impl Iterator<Item = (bool, &str)> {
    text.lines().scan(false, |is_code, line| {
        let is_fence = line.trim_start().starts_with("```");
        *is_code ^= is_fence;
        Some((*is_code || is_fence, line))
    })
}

fn unknown(asked: &str) -> Failure {
    let words = PAGES.iter().map(|(name, _)| *name).chain(ALIASES.iter().map(|(word, _)| *word));
    let headings = PAGES.iter().flat_map(|(_, text)| outside_of_code(text));
    let headings = headings.filter(|(is_code, _)| !is_code).filter_map(|(_, line)| heading(line));
    let known: Vec<String> = words.chain(headings.map(|(_, words)| words)).map(folded).collect();
    let near = near_names(&folded(asked), known.iter().map(String::as_str)).into_iter().next().map(str::to_owned);
    let near = near.map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
    let names = PAGES.map(|(name, _)| name).join(", ");
    Failure::Wrong(anyhow!("the guide has no page `{asked}`: {near}its pages are {names}"))
}

/// The text with commands in place of links, and without the targets of these at its end.
fn with_commands(text: &str) -> String {
    let is_target = |line: &str| line.starts_with('[') && line.contains("]: ");
    let lines: Vec<&str> =
        outside_of_code(text).filter(|(is_code, line)| *is_code || !is_target(line)).map(|(_, line)| line).collect();
    let text = lines.join("\n");
    let mut said = String::new();
    let mut rest = text.trim_end();
    while let Some((before, target, after)) = first_link(rest) {
        let (opening, words) = before.rsplit_once('[').unwrap_or(("", before));
        said.extend([opening, words, " (`", &command(target), "`)"]);
        rest = after;
    }
    said + rest + "\n"
}

/// The first link to a page, to a section or into the documentation of the crate: what is before `]` and its target, the
/// target, and what is after it.
fn first_link(text: &str) -> Option<(&str, &str, &str)> {
    text.match_indices(']').find_map(|(place, _)| {
        let (before, after) = (&text[..place], &text[place + 1..]);
        let (target, after) = match after.strip_prefix('[') {
            Some(after) => after.split_once(']').filter(|(target, _)| is_linked(target))?,
            None => after.strip_prefix("(#")?.split_once(')')?,
        };
        Some((before, target, after))
    })
}

/// Whether this is the name of a page, of a section of one, or of an item of the crate.
fn is_linked(target: &str) -> bool {
    let page = target.split('#').next().unwrap_or_default();
    target.starts_with("crate::") || PAGES.iter().any(|(name, _)| *name == page)
}

/// What to type for the target of a link, or the name of an item of the crate.
fn command(target: &str) -> String {
    let page = target.split('#').next().unwrap_or_default();
    if page.starts_with("crate::") { page.replacen("crate", "cometsim", 1) } else { format!("cometsim guide {page}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_alias_names_a_page_and_is_none() {
        for (word, name) in ALIASES {
            assert!(PAGES.iter().any(|(page, _)| *page == name), "{name}");
            assert!(PAGES.iter().all(|(page, _)| *page != word), "{word}");
        }
    }

    #[test]
    fn pages_are_found_by_name_title_beginning_and_heading() {
        let of = |name: &str| PAGES.iter().find(|(page, _)| *page == name).map(|(_, text)| *text);
        for (asked, name) in [
            ("keys", "keys"),
            ("Warnings", "warnings"),
            ("warn", "warnings"),
            ("experiment-file", "experiment_file"),
            ("what is simulated", "what_is_simulated"),
            ("claims", "comparing"),
            ("metrics.md", "metrics"),
        ] {
            assert_eq!(page(asked), of(name), "{asked}");
        }
        assert_eq!(page("no such page"), None);
        let found = section("messages-pending").unwrap();
        assert!(found.starts_with("## `messages-pending`\n") && found.matches("\n## ").count() == 0, "{found}");
        assert_eq!(section(""), None);
    }

    #[test]
    fn links_become_commands() {
        let text = "see [the warnings][warnings#lost], [a](b.md), [a word][of another] and [`keys`][keys]\n\n\
                    ```text\n[keys]: code\n```\n[below](#what-clients-send), [`life`][crate::runner::life]\n\n\
                    [keys]: keys.md\n";
        let said = "see the warnings (`cometsim guide warnings`), [a](b.md), [a word][of another] and `keys` \
                    (`cometsim guide keys`)\n\n```text\n[keys]: code\n```\nbelow (`cometsim guide what-clients-send`), \
                    `life` (`cometsim::runner::life`)\n";
        assert_eq!(with_commands(text), said);
        for (name, page) in PAGES {
            let said = with_commands(page);
            let has_target = said.lines().any(|line| line.starts_with('[') && line.contains("]: "));
            assert!(first_link(&said).is_none() && !has_target, "{name}: {said}");
        }
    }

    #[test]
    fn the_sections_that_links_name_are_printed() {
        for (_, text) in PAGES {
            let mut rest = text;
            while let Some((_, target, after)) = first_link(rest) {
                let wanted = target.split('#').next_back().unwrap_or_default();
                assert!(target.contains("::") || page(wanted).or(section(wanted).as_deref()).is_some(), "{target}");
                rest = after;
            }
        }
    }
}
