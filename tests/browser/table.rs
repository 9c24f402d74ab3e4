//! The answer, the table and the limit.

use serde_json::json;

use crate::browser::Browser;
use crate::fixtures::{SHOWN_MARKUP, page_of, page_of_all_kinds, page_of_ten};
use crate::program::Scratch;
use crate::tab::Tab;

/// The names of the shown rows, from above.
fn rows(tab: &mut Tab) -> Vec<String> {
    let script = "[...document.querySelectorAll('#table tr[data-name]')].filter((row) => row.offsetHeight > 0)\
                  .map((row) => row.dataset.name)";
    tab.value(script).as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect()
}

#[test]
fn names_are_shown_as_they_are_and_run_nothing() {
    let Some(browser) = Browser::start() else { return };
    let scratch = Scratch::new();
    let mut tab = browser.tab();
    tab.open(&page_of_all_kinds(&scratch));
    assert_eq!(tab.text("h1"), format!("Which is <b>better</b>, {SHOWN_MARKUP}?"));
    assert!(tab.text(".kicker").contains(SHOWN_MARKUP));
    assert_eq!(tab.value("document.title"), json!(format!("{SHOWN_MARKUP} · cometsim")));
    assert!(rows(&mut tab).iter().any(|name| name == SHOWN_MARKUP), "{:?}", rows(&mut tab));
    assert_eq!(tab.text(".claims .holds .claim"), format!("{SHOWN_MARKUP} is late"));
    assert_eq!(tab.text(".claims .fails .claim"), "WebSocket is late");
    assert!(tab.text("#answer .count").contains("1 of 2 hold"));
    assert_eq!(tab.value("window.harmed === undefined && !document.querySelector('img, b.x')"), json!(true));
    assert!(tab.text("#again pre").starts_with("cometsim run"));
    tab.is_clean();
}

#[test]
fn columns_sort_both_ways_with_the_pointer_and_with_keys() {
    let Some(browser) = Browser::start() else { return };
    let scratch = Scratch::new();
    let mut tab = browser.tab();
    tab.open(&page_of(&scratch, "instant-messenger"));
    let traffic = "th[data-metric=http_bytes_per_s]";
    let values = "[...document.querySelectorAll('#table tr[data-name]')].map((row) => Number(row.cells[\
                  [...row.closest('table').tHead.rows[0].cells].findIndex((head) => head.dataset.metric === \
                  'http_bytes_per_s')].dataset.order))";
    let is_sorted = |tab: &mut Tab, sign: &str| {
        let script = format!("({values}).every((value, place, all) => !place || {sign}(value - all[place - 1]) >= 0)");
        tab.value(&script) == json!(true)
    };
    let before = rows(&mut tab);
    tab.click(&format!("{traffic} button"));
    assert!(is_sorted(&mut tab, "+"));
    assert_eq!(tab.value(&format!("document.querySelector('{traffic}').ariaSort")), json!("ascending"));
    assert_ne!(rows(&mut tab), before);
    tab.value(&format!("document.querySelector('{traffic} button').focus()"));
    tab.press("Enter");
    assert!(is_sorted(&mut tab, "-"));
    assert_eq!(tab.value(&format!("document.querySelector('{traffic}').ariaSort")), json!("descending"));
    assert_eq!(tab.value("document.querySelectorAll('[aria-sort]').length"), json!(1));
    tab.is_clean();
}

#[test]
fn a_limit_greys_what_is_too_late_and_names_the_cheapest() {
    let Some(browser) = Browser::start() else { return };
    let scratch = Scratch::new();
    let mut tab = browser.tab();
    tab.open(&page_of(&scratch, "instant-messenger"));
    assert!(tab.text("#limit-answer").contains("WebSocket is the cheapest"), "{}", tab.text("#limit-answer"));
    assert_eq!(tab.text("#limit-value"), "any delay");
    let shown = |tab: &mut Tab| {
        let script = "[...document.querySelectorAll('#table tr.late')].map((row) => Number(row.dataset.late || 1e9))";
        tab.value(script).as_array().unwrap().iter().map(|late| late.as_f64().unwrap()).collect::<Vec<f64>>()
    };
    let few = shown(&mut tab).len();
    tab.slide("#limit", 60.0);
    let late = shown(&mut tab);
    let kept = tab.number("Math.max(...[...document.querySelectorAll('#table tr[data-late]:not(.late)')].map((row) => Number(row.dataset.late)))");
    assert!(late.len() > few && late.iter().all(|late| *late > kept), "{late:?} {kept}");
    tab.slide("#limit", 0.0);
    assert!(tab.text("#limit-answer").contains("nothing does it"), "{}", tab.text("#limit-answer"));
    // With keys alone.
    tab.value("document.getElementById('limit').focus()");
    tab.press("End");
    assert!(tab.text("#limit-answer").contains("WebSocket is the cheapest"));
    assert_eq!(tab.value("document.getElementById('limit').getAttribute('aria-valuetext')"), json!("any delay"));
    tab.is_clean();
}

#[test]
fn without_intervals_the_cheapest_is_said_with_care() {
    let Some(browser) = Browser::start() else { return };
    let scratch = Scratch::new();
    let page = page_of_ten(&scratch);
    let mut tab = browser.tab();
    tab.open(&page);
    let said = tab.text("#limit-answer");
    assert!(said.contains("about ") && said.contains("without intervals the order may be chance"), "{said}");
    tab.is_clean();
}

#[test]
fn claims_name_their_place_in_words() {
    let Some(browser) = Browser::start() else { return };
    let scratch = Scratch::new();
    let mut tab = browser.tab();
    tab.open(&page_of_all_kinds(&scratch));
    let claims = tab.text(".claims");
    assert!(claims.contains(" at clients = ") && claims.contains("payload = "), "{claims}");
    assert!(!claims.contains("clients.count") && !claims.contains("source.payload"), "{claims}");
    tab.is_clean();
}

#[test]
fn the_table_shows_the_point_of_the_sliders_if_asked() {
    let Some(browser) = Browser::start() else { return };
    let scratch = Scratch::new();
    let mut tab = browser.tab();
    tab.open(&page_of_all_kinds(&scratch));
    // Of a long table one point is shown at first.
    assert_eq!(rows(&mut tab).len(), 3);
    tab.click("#only");
    assert_eq!(rows(&mut tab).len(), 18);
    tab.click("#only");
    tab.slide("#slider-1", 2.0);
    assert_eq!(tab.text("#slider-value-1"), "20 kB");
    let point = tab.value("document.querySelector('#table tbody:not([hidden]) tr[data-name]').dataset.point");
    assert_eq!(point, json!("2"));
    tab.is_clean();
}

#[test]
fn without_scripts_the_answer_and_the_table_are_there() {
    let Some(browser) = Browser::start() else { return };
    let scratch = Scratch::new();
    let page = page_of(&scratch, "interval");
    let mut tab = browser.tab();
    tab.call("Emulation.setScriptExecutionDisabled", json!({ "value": true }));
    tab.open(&page);
    let tree = tab.call("Accessibility.getFullAXTree", json!({})).to_string();
    for words in ["Which polling interval", "short polling", "mean latency", "Assumptions", "cometsim run"] {
        assert!(tree.contains(words), "{words}");
    }
    assert!(!tree.contains("How late may data be?"), "a slider that does nothing is shown");
    tab.is_clean();
}
