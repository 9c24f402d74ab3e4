//! Rules of accessibility, by axe-core.

use std::path::PathBuf;

use serde_json::Value;

use crate::browser::{Browser, left_out};
use crate::fixtures::{page_of, page_of_all_kinds};
use crate::program::Scratch;
use crate::tab::Tab;

/// The file of axe-core.
fn axe() -> Option<String> {
    let file = std::env::var_os("COMETSIM_AXE").map(PathBuf::from);
    let text = file.and_then(|file| std::fs::read_to_string(file).ok());
    if text.is_none() {
        left_out("COMETSIM_AXE names no file of axe-core");
    }
    text
}

/// What axe-core finds that is serious or critical.
fn findings(tab: &mut Tab, axe: &str) -> Vec<String> {
    tab.value(&format!("{axe}; true"));
    let script = "axe.run(document, { resultTypes: ['violations'] }).then((found) => found.violations\
                  .filter((it) => ['serious', 'critical'].includes(it.impact))\
                  .map((it) => `${it.id}: ${it.help}: ${it.nodes.slice(0, 3).map((node) => node.html + ' ' + node.failureSummary).join(' | ')}`))";
    let found = tab.value(script);
    found.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

#[test]
fn nothing_serious_is_found_in_the_light_in_the_dark_and_on_a_phone() {
    let Some(browser) = Browser::start() else { return };
    let Some(axe) = axe() else { return };
    let scratch = Scratch::new();
    let pages = [page_of_all_kinds(&scratch), page_of(&scratch, "interval"), page_of(&scratch, "comet")];
    for page in pages {
        for (scheme, width) in [("light", 1180), ("dark", 1180), ("light", 360)] {
            let mut tab = browser.tab();
            tab.size(width, 800);
            tab.media("screen", scheme);
            tab.open(&page);
            tab.value("document.querySelectorAll('details').forEach((it) => { it.open = true; })");
            // Tables come when the page hears that they are open.
            tab.wait_until("[...document.querySelectorAll('.chart details')].every((it) => it.querySelector('table'))");
            tab.value(
                "document.getElementById('limit') && (limit.value = 60, limit.dispatchEvent(new Event('input')))",
            );
            let found = findings(&mut tab, &axe);
            assert!(found.is_empty(), "{} {scheme} {width}: {found:#?}", page.display());
        }
    }
}
