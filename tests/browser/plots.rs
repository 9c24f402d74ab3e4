//! Charts in several plots, exact values, zoom to its end, fingers, and files of one point.

use serde_json::json;

use crate::browser::Browser;
use crate::fixtures::{page_of_all_kinds, page_of_plots};
use crate::program::Scratch;
use crate::tab::Tab;

/// What a chart says of its place after this key.
fn said(tab: &mut Tab, kind: &str, key: &str) -> String {
    tab.value(&format!("document.querySelector('.chart.{kind} .plot').focus()"));
    tab.press(key);
    tab.text(&format!(".chart.{kind} p[role=status]"))
}

fn texts(tab: &mut Tab, kind: &str) -> String {
    let script =
        format!("[...document.querySelectorAll('.chart.{kind} .plot text')].map((it) => it.textContent).join('|')");
    tab.value(&script).as_str().unwrap().to_owned()
}

#[test]
fn values_name_their_plot_and_are_exact() {
    let Some(browser) = Browser::start() else { return };
    let scratch = Scratch::new();
    let mut tab = browser.tab();
    tab.open(&page_of_plots(&scratch));
    // Swept values that differ in their last digit, and words in brackets that are no unit.
    assert!(said(&mut tab, "line", "Home").starts_with("payload 0.9 kB: "));
    assert!(said(&mut tab, "line", "ArrowRight").starts_with("payload 12.345 kB: "));
    assert!(said(&mut tab, "line", "End").starts_with("payload 12.346 kB: "));
    assert!(texts(&mut tab, "line").contains("requests (each message)"));
    let within = said(&mut tab, "cdf", "End");
    assert!(within.contains("clients = 2: ") && within.contains("; clients = 4: "), "{within}");
    let tops = "(() => { const tops = [...document.querySelectorAll('.chart.cdf .plot g[pointer-events] circle')]\
                .map((it) => Number(it.getAttribute('cy'))); return Math.max(...tops) - Math.min(...tops) > 120; })()";
    assert_eq!(tab.value(tops), json!(true));
    let point = said(&mut tab, "tradeoff", "Home");
    assert!(point.contains("clients = ") && point.contains("payload = "), "{point}");
    assert!(said(&mut tab, "heatmap", "Home").starts_with("polls: "));
    let summary = tab.value("document.querySelector('.chart.cdf .plot svg').getAttribute('aria-label')");
    assert!(summary.as_str().unwrap().contains("clients = 2, clients = 4"), "{summary}");
    tab.click(".chart.cdf .tools button:nth-of-type(3)");
    assert!(tab.saved("cdf.csv").starts_with("plot,curve,"), "{}", tab.saved("cdf.csv"));
    // A line beyond the axis is no line at its end.
    let bars = texts(&mut tab, "bar");
    assert!(bars.contains("within") && !bars.contains("beyond"), "{bars}");
    tab.is_clean();
}

#[test]
fn the_place_of_the_sliders_is_marked_in_every_unit_and_plot() {
    let Some(browser) = Browser::start() else { return };
    let scratch = Scratch::new();
    let mut tab = browser.tab();
    tab.open(&page_of_plots(&scratch));
    let marks = |tab: &mut Tab, kind: &str, name: &str| {
        tab.value(&format!(
            "[...document.querySelectorAll('.chart.{kind} .place')].map((it) => it.getAttribute('{name}')).join()"
        ))
    };
    let mut seen = Vec::new();
    for place in [0.0, 1.0, 2.0] {
        tab.slide("#slider-0", place);
        assert_eq!(tab.value("document.querySelectorAll('.chart.line .place').length"), json!(1), "{place}");
        assert_eq!(tab.value("document.querySelectorAll('.chart.tradeoff .place').length"), json!(2), "{place}");
        assert_eq!(tab.value("document.querySelectorAll('.chart.heatmap .place').length"), json!(1), "{place}");
        seen.push(marks(&mut tab, "line", "d"));
    }
    assert!(seen[0] != seen[1] && seen[1] != seen[2], "{seen:?}");
    let above = marks(&mut tab, "tradeoff", "cy");
    tab.slide("#slider-1", 1.0);
    assert_ne!(marks(&mut tab, "tradeoff", "cy"), above);
    // A saved picture has no sliders.
    tab.click(".chart.line .tools button:nth-of-type(2)");
    assert!(!tab.saved("line.svg").contains("class=\"place\""));
    tab.is_clean();
}

#[test]
fn a_file_of_one_point_names_it() {
    let Some(browser) = Browser::start() else { return };
    let scratch = Scratch::new();
    let mut tab = browser.tab();
    tab.open(&page_of_plots(&scratch));
    for (place, point) in [(0.0, "900 B"), (1.0, "12.345 kB")] {
        tab.slide("#slider-0", place);
        tab.click(".chart.bar .tools button:nth-of-type(2)");
        tab.click(".chart.bar .tools button:nth-of-type(3)");
        let number = 2.0 * place;
        let words = format!("payload = {point}");
        let (picture, table) =
            (tab.saved(&format!("bar-point-{number}.svg")), tab.saved(&format!("bar-point-{number}.csv")));
        assert!(picture.contains(&words), "{words}");
        assert!(table.starts_with("point,") && table.lines().nth(1).unwrap().contains(&words), "{table}");
    }
    tab.is_clean();
}

#[test]
fn zoom_has_an_end_and_is_of_the_first_button_and_plain_keys_only() {
    let Some(browser) = Browser::start() else { return };
    let scratch = Scratch::new();
    let mut tab = browser.tab();
    tab.open(&page_of_plots(&scratch));
    let is_zoomed = "!document.querySelector('.chart.timeline .tools button').hidden";
    let [x, y, width, height] = tab.place(".chart.timeline .plot");
    for button in ["middle", "right"] {
        for kind in ["mousePressed", "mouseReleased"] {
            let event =
                json!({ "type": kind, "x": x + width * 0.6, "y": y + height * 0.3, "button": button, "clickCount": 1 });
            tab.call("Input.dispatchMouseEvent", event);
        }
        assert_eq!(tab.value(is_zoomed), json!(false), "{button}");
    }
    tab.value("document.querySelector('.chart.timeline .plot').focus()");
    let control = "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: '+', ctrlKey: true, cancelable: true }))";
    assert_eq!(tab.value(control), json!(true));
    assert_eq!(tab.value(is_zoomed), json!(false));
    for _ in 0..60 {
        tab.press("+");
    }
    let ends = tab.text(".chart.timeline p[role=status]");
    let numbers: Vec<f64> = ends.split(' ').filter_map(|word| word.parse().ok()).collect();
    assert!(numbers.len() == 2 && numbers[1] > numbers[0], "{ends}");
    tab.press("0");
    assert_eq!(tab.value(is_zoomed), json!(false));
    tab.is_clean();
}

#[test]
fn a_tap_shows_values_that_stay() {
    let Some(browser) = Browser::start() else { return };
    let scratch = Scratch::new();
    let mut tab = browser.tab();
    tab.open(&page_of_all_kinds(&scratch));
    tab.call("Emulation.setTouchEmulationEnabled", json!({ "enabled": true }));
    for kind in ["line", "cdf", "timeline", "heatmap"] {
        let [x, y, width, height] = tab.place(&format!(".chart.{kind} .plot"));
        let points = json!([{ "x": x + width * 0.5, "y": y + height * 0.4 }]);
        tab.call("Input.dispatchTouchEvent", json!({ "type": "touchStart", "touchPoints": points }));
        tab.call("Input.dispatchTouchEvent", json!({ "type": "touchEnd", "touchPoints": [] }));
        tab.wait_until(&format!("!document.querySelector('.chart.{kind} .tip').hidden"));
        tab.value("new Promise((done) => { setTimeout(done, 400); })");
        let shown = tab.value(&format!("!document.querySelector('.chart.{kind} .tip').hidden"));
        assert_eq!(shown, json!(true), "{kind}");
    }
    tab.is_clean();
}

#[test]
fn where_a_line_leaves_a_plot_there_is_no_value() {
    let Some(browser) = Browser::start() else { return };
    let scratch = Scratch::new();
    let mut tab = browser.tab();
    tab.open(&page_of_plots(&scratch));
    let chart = "[data-name=cut]";
    let paths =
        format!("[...document.querySelectorAll('{chart} .plot path')].map((it) => it.getAttribute('d')).join()");
    let drawn = tab.value(&paths);
    assert!(!drawn.as_str().unwrap().contains("NaN") && !drawn.as_str().unwrap().contains("Infinity"), "{drawn}");
    tab.click(&format!("{chart} .tools button:nth-of-type(3)"));
    let table = tab.saved("cut-point-0.csv");
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let values: Vec<f64> = reader.records().map(|row| row.unwrap()[4].parse().unwrap()).collect();
    assert!(!values.is_empty() && values.iter().all(|value| *value > 0.0), "{table}");
    tab.is_clean();
}

#[test]
fn each_of_two_curves_of_one_name_has_an_entry_that_hides_it_alone() {
    let Some(browser) = Browser::start() else { return };
    let scratch = Scratch::new();
    let mut tab = browser.tab();
    tab.open(&page_of_plots(&scratch));
    let colors = "[...document.querySelectorAll('[data-name=alike] .plot path')].map((it) => it.getAttribute('stroke'))\
                  .filter((it, place, all) => all.indexOf(it) === place).join()";
    let both = tab.value(colors);
    let both: Vec<&str> = both.as_str().unwrap().split(',').collect();
    assert_eq!(both.len(), 2, "{both:?}");
    for (place, other) in [(1, both[1]), (2, both[0])] {
        let button = format!("[data-name=alike] .legend li:nth-child({place}) button");
        assert_eq!(tab.text(&button), "any");
        tab.click(&button);
        tab.wait_until(&format!("document.querySelector('{button}').ariaPressed === 'false'"));
        assert_eq!(tab.value(colors), json!(other), "{place}");
        tab.click(&button);
        tab.wait_until(&format!("document.querySelector('{button}').ariaPressed === 'true'"));
    }
    tab.is_clean();
}
