//! Charts: values by pointer and keys, curves that hide, sliders, zoom, saved files.

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::fixtures::{SHOWN_MARKUP, page_of, page_of_all_kinds};
use crate::program::Scratch;
use crate::tab::Tab;

fn plot(kind: &str) -> String {
    format!(".chart.{kind} .plot")
}

/// Moves the pointer to a part of the width of a plot, and gives what it tells.
fn told(tab: &mut Tab, kind: &str, part: f64) -> String {
    let [x, y, width, height] = tab.place(&plot(kind));
    tab.mouse("mouseMoved", x + width * part, y + height * 0.4);
    tab.wait_until(&format!("document.querySelector('.chart.{kind} .tip:not([hidden])') !== null"));
    tab.text(&format!(".chart.{kind} .tip:not([hidden])"))
}

fn paths(tab: &mut Tab, kind: &str) -> Value {
    tab.value(&format!(
        "[...document.querySelectorAll('.chart.{kind} .plot > svg path')].map((it) => it.getAttribute('d')).join()"
    ))
}

#[test]
fn every_chart_tells_its_values_to_the_pointer_and_to_keys() {
    let Some(browser) = Browser::start() else { return };
    let scratch = Scratch::new();
    let mut tab = browser.tab();
    tab.open(&page_of_all_kinds(&scratch));
    for (kind, words) in [
        ("line", "clients"),
        ("bar", "mean"),
        ("tradeoff", "traffic"),
        ("cdf", "within"),
        ("timeline", "time"),
        ("heatmap", "payload"),
    ] {
        let pointed = told(&mut tab, kind, 0.5);
        assert!(pointed.contains(words), "{kind}: {pointed}");
        assert!(pointed.chars().any(|c| c.is_ascii_digit()), "{kind}: {pointed}");
        assert!(!pointed.contains("00000") && !pointed.contains("99999"), "{kind}: {pointed}");
        tab.value(&format!("document.querySelector('{}').focus()", plot(kind)));
        tab.press("Home");
        let first = tab.text(&format!(".chart.{kind} p[role=status]"));
        tab.press("ArrowRight");
        let second = tab.text(&format!(".chart.{kind} p[role=status]"));
        assert!(!first.is_empty() && first != second, "{kind}: {first} {second}");
        tab.press("Escape");
        assert_eq!(tab.text(&format!(".chart.{kind} .tip:not([hidden])")), "(none)");
    }
    let within = told(&mut tab, "cdf", 0.95);
    assert!(within.contains('%') && within.contains("WebSocket"), "{within}");
    assert!(told(&mut tab, "bar", 0.1).contains(SHOWN_MARKUP) || told(&mut tab, "bar", 0.1).contains("=1+1"));
    tab.is_clean();
}

#[test]
fn an_entry_of_the_legend_hides_its_curve() {
    let Some(browser) = Browser::start() else { return };
    let scratch = Scratch::new();
    let mut tab = browser.tab();
    tab.open(&page_of_all_kinds(&scratch));
    for kind in ["line", "tradeoff", "cdf", "timeline"] {
        let (before, button) = (paths(&mut tab, kind), format!(".chart.{kind} .legend button"));
        let name = tab.text(&button);
        tab.click(&button);
        assert_eq!(tab.value(&format!("document.querySelector('{button}').ariaPressed")), json!("false"));
        assert_ne!(paths(&mut tab, kind), before, "{kind}");
        assert!(!told(&mut tab, kind, 0.6).contains(&name), "{kind}: {name}");
        // The button keeps the focus, so that keys can go on.
        assert_eq!(tab.value("document.activeElement.ariaPressed"), json!("false"), "{kind}");
        tab.press("Enter");
        assert_eq!(paths(&mut tab, kind), before, "{kind}");
    }
    tab.is_clean();
}

#[test]
fn sliders_drive_charts_of_one_point_and_mark_the_place_in_others() {
    let Some(browser) = Browser::start() else { return };
    let scratch = Scratch::new();
    let mut tab = browser.tab();
    tab.open(&page_of_all_kinds(&scratch));
    let shown =
        |tab: &mut Tab, kind: &str| tab.value(&format!("document.querySelector('.chart.{kind} .plot svg').outerHTML"));
    let kinds = ["line", "bar", "cdf", "timeline"];
    let before: Vec<Value> = kinds.iter().map(|kind| shown(&mut tab, kind)).collect();
    let marks = |tab: &mut Tab| {
        tab.value("[...document.querySelectorAll('.chart.line .place')].map((it) => it.getAttribute('d')).join()")
    };
    let mark = marks(&mut tab);
    assert_ne!(mark, json!(""));
    tab.value("document.getElementById('slider-0').focus()");
    tab.press("ArrowRight");
    assert_eq!(tab.text("#slider-value-0"), "20");
    for (kind, before) in kinds.iter().zip(before) {
        assert_ne!(shown(&mut tab, kind), before, "{kind}");
    }
    assert_ne!(marks(&mut tab), mark);
    assert!(tab.text(".chart.cdf .at").contains("clients = 20, payload = 20 B"), "{}", tab.text(".chart.cdf .at"));
    assert_eq!(tab.value("document.querySelectorAll('.chart.tradeoff .place').length"), json!(3));
    tab.is_clean();
}

#[test]
fn a_heat_map_has_a_field_for_each_point_and_marks_that_of_the_sliders() {
    let Some(browser) = Browser::start() else { return };
    let scratch = Scratch::new();
    let mut tab = browser.tab();
    tab.open(&page_of_all_kinds(&scratch));
    assert_eq!(tab.value("document.querySelectorAll('.chart.heatmap .field').length"), json!(18));
    tab.value("document.querySelector('.chart.heatmap summary').focus()");
    tab.press("Enter");
    tab.wait_until("document.querySelectorAll('.chart.heatmap details tbody tr').length === 18");
    let heads = tab.text(".chart.heatmap details thead");
    assert!(heads.contains("clients") && heads.contains("payload") && heads.contains("low95"), "{heads}");
    // Down goes to the row below, in the same column.
    tab.value(&format!("document.querySelector('{}').focus()", plot("heatmap")));
    tab.press("Home");
    let first = tab.text(".chart.heatmap p[role=status]");
    tab.press("ArrowDown");
    let below = tab.text(".chart.heatmap p[role=status]");
    assert!(first.contains("clients 5") && below.contains("clients 5") && first != below, "{first} {below}");
    assert!(first.contains(" ± "), "{first}");
    let marks = "[...document.querySelectorAll('.chart.heatmap .place')].map((it) => it.getAttribute('x')).join()";
    let before = tab.value(marks);
    assert_eq!(tab.value("document.querySelectorAll('.chart.heatmap .place').length"), json!(3));
    tab.slide("#slider-0", 1.0);
    assert_ne!(tab.value(marks), before);
    tab.click(".chart.heatmap .tools button:nth-of-type(2)");
    assert!(tab.saved("heat.svg").contains("rect"));
    tab.is_clean();
}

#[test]
fn what_the_legend_hides_leaves_nothing_behind() {
    let Some(browser) = Browser::start() else { return };
    let scratch = Scratch::new();
    let mut tab = browser.tab();
    tab.open(&page_of_all_kinds(&scratch));
    for kind in ["line", "bar", "tradeoff", "cdf", "timeline"] {
        let buttons = format!("document.querySelectorAll('.chart.{kind} .legend button')");
        tab.value(&format!("{buttons}.forEach((_, place) => {buttons}[place].click())"));
        let marks = "'polygon, circle, rect[rx], path[stroke-width=\"2\"], path[stroke-width=\"1.3\"]'";
        let script = format!(
            "[...document.querySelectorAll('.chart.{kind} .plot > svg')].flatMap((it) => [...it.querySelectorAll({marks})])\
             .filter((it) => !it.closest('clipPath') && it.getAttribute('fill') !== '#1c2127').map((it) => it.outerHTML)"
        );
        let count = tab.number(&format!("{buttons}.length"));
        assert!(kind == "bar" || count > 1.0, "{kind}: {count}");
        if count > 1.0 {
            assert_eq!(tab.value(&script), json!([]), "{kind}");
        }
    }
    let names = "[...document.querySelectorAll('.chart.tradeoff .plot text')].some((it) => it.textContent.includes('WebSocket'))";
    assert_eq!(tab.value(names), json!(false));
    tab.is_clean();
}

#[test]
fn a_chart_says_what_its_marks_mean_and_nothing_else() {
    let Some(browser) = Browser::start() else { return };
    let scratch = Scratch::new();
    let mut tab = browser.tab();
    tab.open(&page_of_all_kinds(&scratch));
    let remarks = tab.value("[...document.querySelectorAll('.remarks')].map((it) => it.textContent).join(' ')");
    assert!(!remarks.as_str().unwrap().contains("Numbers beside"), "{remarks}");
    let names = tab
        .value("[...document.querySelectorAll('.chart.tradeoff .plot text')].map((it) => it.textContent).join('; ')");
    assert!(names.as_str().unwrap().contains("clients = "), "{names}");
    // The place of the sweep is told with the values.
    let told = told(&mut tab, "tradeoff", 0.5);
    assert!(told.contains("clients = ") && told.contains("payload = "), "{told}");
    tab.is_clean();
}

#[test]
fn a_time_line_zooms_by_dragging_and_by_keys_and_back() {
    let Some(browser) = Browser::start() else { return };
    let scratch = Scratch::new();
    let mut tab = browser.tab();
    tab.open(&page_of(&scratch, "herd"));
    let whole = paths(&mut tab, "timeline");
    let [x, y, width, height] = tab.place(&plot("timeline"));
    tab.mouse("mousePressed", x + width * 0.4, y + height * 0.3);
    tab.mouse("mouseMoved", x + width * 0.5, y + height * 0.3);
    tab.mouse("mouseMoved", x + width * 0.6, y + height * 0.3);
    tab.wait_until("document.querySelectorAll('.chart.timeline .plot g[pointer-events] rect').length === 1");
    tab.mouse("mouseReleased", x + width * 0.6, y + height * 0.3);
    tab.wait_until("!document.querySelector('.chart.timeline .tools button').hidden");
    assert_ne!(paths(&mut tab, "timeline"), whole);
    tab.click(".chart.timeline .tools button");
    assert_eq!(paths(&mut tab, "timeline"), whole);
    tab.value(&format!("document.querySelector('{}').focus()", plot("timeline")));
    tab.press("+");
    let near = paths(&mut tab, "timeline");
    assert_ne!(near, whole);
    tab.press("+");
    assert_ne!(paths(&mut tab, "timeline"), near);
    tab.press("0");
    assert_eq!(paths(&mut tab, "timeline"), whole);
    tab.is_clean();
}

#[test]
fn pictures_values_and_the_experiment_can_be_saved() {
    let Some(browser) = Browser::start() else { return };
    let scratch = Scratch::new();
    let page = page_of_all_kinds(&scratch);
    let mut tab = browser.tab();
    tab.open(&page);
    tab.click(".chart.line .tools button:nth-of-type(2)");
    let picture = tab.saved("line.svg");
    assert!(picture.contains("WebSocket") && picture.contains("=1+1") && !picture.contains("<img"), "{picture}");
    tab.click(".chart.line .tools button:nth-of-type(3)");
    let table = tab.saved("line.csv");
    assert!(table.lines().count() >= 19 && table.contains("'=1+1"), "{table}");
    let fields = csv::Reader::from_reader(table.as_bytes()).into_records().next().unwrap().unwrap();
    assert!(fields[0].starts_with(SHOWN_MARKUP), "{fields:?}");
    let mut other = browser.tab();
    other.open(&browser.downloads().join("line.svg"));
    assert_eq!(other.value("document.documentElement.tagName"), json!("svg"));
    assert!(other.number("document.documentElement.getBoundingClientRect().width") > 700.0);
    assert!(other.number("document.querySelectorAll('path').length") > 5.0);
    other.is_clean();
    for (place, name) in [(1, "resolved.toml"), (2, "summary.csv")] {
        tab.click(&format!("#saves button:nth-of-type({place})"));
        let there = std::fs::read_to_string(page.with_file_name(name)).unwrap();
        assert_eq!(tab.saved(name), there, "{name}");
    }
    tab.is_clean();
}

#[test]
fn without_messages_charts_say_that_there_are_no_data() {
    let Some(browser) = Browser::start() else { return };
    let scratch = Scratch::new();
    let text = crate::fixtures::of_nothing();
    let page = crate::program::run_text(&scratch, &text).1.join("index.html");
    let mut tab = browser.tab();
    tab.open(&page);
    assert!(tab.text("#answer").contains("No message arrived"));
    for kind in ["tradeoff", "cdf"] {
        assert!(tab.text(&plot(kind)).contains("no data"), "{kind}: {}", tab.text(&plot(kind)));
        tab.value(&format!("document.querySelector('{}').focus()", plot(kind)));
        tab.press("Home");
    }
    assert_eq!(tab.value("document.getElementById('limit')"), Value::Null);
    assert!(tab.text("#saves").contains("Save summary.csv"));
    tab.is_clean();
}

#[test]
fn a_table_stands_behind_each_chart() {
    let Some(browser) = Browser::start() else { return };
    let scratch = Scratch::new();
    let mut tab = browser.tab();
    tab.open(&page_of_all_kinds(&scratch));
    for kind in ["line", "bar", "tradeoff", "cdf", "timeline", "heatmap"] {
        tab.value(&format!("document.querySelector('.chart.{kind} summary').focus()"));
        tab.press("Enter");
        tab.wait_until(&format!("document.querySelectorAll('.chart.{kind} details tbody tr').length > 2"));
        let raw = tab.value(&format!("[...document.querySelectorAll('.chart.{kind} details td')].some((it) => it.textContent.length > 24 && Number(it.textContent))"));
        assert_eq!(raw, json!(false), "{kind}");
    }
    tab.is_clean();
}
