//! The page on a phone, in the dark and on paper.

use serde_json::json;

use crate::browser::Browser;
use crate::fixtures::{page_of, page_of_all_kinds, page_of_ten};
use crate::program::Scratch;

#[test]
fn nothing_is_wider_than_a_phone() {
    let Some(browser) = Browser::start() else { return };
    let scratch = Scratch::new();
    let names = ["instant-messenger", "herd", "lossy-mobile"];
    let pages = names.map(|name| page_of(&scratch, name));
    for page in pages.into_iter().chain([page_of_all_kinds(&scratch), page_of_ten(&scratch)]) {
        let mut tab = browser.tab();
        tab.size(360, 740);
        tab.open(&page);
        assert!(tab.number("document.scrollingElement.scrollWidth") <= 360.0, "{}", page.display());
        let script = "[...document.querySelectorAll('.plot svg text')].filter((it) => { const box = it.getBoundingClientRect(); \
                      return box.right > 361 || box.left < -1; }).map((it) => it.textContent)";
        assert_eq!(tab.value(script), json!([]), "{}", page.display());
        let cut = "(() => { const keys = document.querySelector('.keys'); return keys ? keys.parentElement.scrollWidth - keys.parentElement.clientWidth : 0; })()";
        assert_eq!(tab.value(cut), json!(0), "{}", page.display());
        let small = "[...document.querySelectorAll('button, input, summary')].filter((it) => it.offsetHeight > 0 && it.offsetHeight < 20)\
                     .map((it) => it.outerHTML)";
        assert_eq!(tab.value(small), json!([]), "too small for a finger");
        tab.is_clean();
    }
}

#[test]
fn the_table_of_a_study_fits_a_screen() {
    let Some(browser) = Browser::start() else { return };
    let scratch = Scratch::new();
    for name in ["instant-messenger", "lossy-mobile"] {
        let mut tab = browser.tab();
        tab.size(1100, 800);
        tab.open(&page_of(&scratch, name));
        let hidden = "(() => { const box = document.querySelector('#table').parentElement; return box.scrollWidth - box.clientWidth; })()";
        assert_eq!(tab.value(hidden), json!(0), "{name}");
        tab.is_clean();
    }
}

#[test]
fn in_the_dark_every_colour_of_a_chart_can_be_seen() {
    let Some(browser) = Browser::start() else { return };
    let scratch = Scratch::new();
    let mut tab = browser.tab();
    tab.open(&page_of_all_kinds(&scratch));
    let colors = "[...document.querySelectorAll('.plot path[stroke], .plot rect[fill], .plot text')]\
                  .map((it) => it.getAttribute('stroke') ?? it.getAttribute('fill'))";
    let light = tab.value(colors);
    tab.media("screen", "dark");
    tab.wait_until("getComputedStyle(document.body).backgroundColor === 'rgb(20, 23, 27)'");
    // The style changes at once, the charts when the page hears of it.
    tab.wait_until(&format!("JSON.stringify({colors}) !== JSON.stringify({light})"));
    let script = "(() => { const linear = (part) => (part /= 255) <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4; \
                  const light = (color) => [1, 3, 5].map((it) => linear(parseInt(color.slice(it, it + 2), 16))).reduce((sum, it, place) => sum + it * [0.2126, 0.7152, 0.0722][place], 0); \
                  const ground = light('#14171b'); \
                  return [...document.querySelectorAll('.plot path[stroke]:not([stroke-opacity])')].map((it) => it.getAttribute('stroke')) \
                  .filter((color) => !['#2b3138', '#14171b'].includes(color) && (light(color) + 0.05) / (ground + 0.05) < 3); })()";
    assert_eq!(tab.value(script), json!([]));
    tab.is_clean();
}

#[test]
fn on_paper_everything_is_there_and_no_controls() {
    let Some(browser) = Browser::start() else { return };
    let scratch = Scratch::new();
    let mut tab = browser.tab();
    tab.media("screen", "dark");
    tab.open(&page_of_all_kinds(&scratch));
    tab.media("print", "dark");
    tab.wait_until("getComputedStyle(document.body).backgroundColor === 'rgb(255, 255, 255)'");
    tab.value("window.dispatchEvent(new Event('beforeprint'))");
    let shown = "[...document.querySelectorAll('button, input, details, .limit')].filter((it) => it.offsetHeight > 0 && !it.closest('thead, .legend')).length";
    assert_eq!(tab.value(shown), json!(0));
    // Charts are redrawn for white paper.
    let pale = "[...document.querySelectorAll('.plot text')].some((it) => it.getAttribute('fill') === '#e6e9ec')";
    assert_eq!(tab.value(pale), json!(false));
    for part in ["#answer", "#table", ".chart.line svg", ".chart.timeline svg", "#assumed", "#again pre"] {
        assert!(
            tab.number(&format!("document.querySelector('{part}').getBoundingClientRect().height")) > 10.0,
            "{part}"
        );
    }
    let page = tab.call("Page.printToPDF", json!({ "printBackground": false }));
    assert!(page["data"].as_str().is_some_and(|data| data.len() > 10_000));
    tab.is_clean();
}

#[test]
fn the_whole_page_can_be_used_with_keys_alone() {
    let Some(browser) = Browser::start() else { return };
    let scratch = Scratch::new();
    let mut tab = browser.tab();
    tab.open(&page_of_all_kinds(&scratch));
    let mut seen = Vec::new();
    for _ in 0..120 {
        tab.press("Tab");
        let element = tab.value("document.activeElement === document.body ? null : [document.activeElement.tagName, \
                                 document.activeElement.id || document.activeElement.className || document.activeElement.textContent].join(' ')");
        let Some(element) = element.as_str().map(str::to_owned) else { break };
        let is_marked = "(() => { const style = getComputedStyle(document.activeElement); return style.outlineStyle !== 'none'; })()";
        assert_eq!(tab.value(is_marked), json!(true), "{element}");
        seen.push(element);
    }
    for wanted in
        ["A skip", "INPUT slider-0", "INPUT slider-1", "INPUT limit", "DIV plot", "BUTTON Save SVG", "SUMMARY"]
    {
        assert!(seen.iter().any(|element| element.starts_with(wanted)), "{wanted}: {seen:?}");
    }
    tab.is_clean();
}
