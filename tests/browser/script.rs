//! The functions of the script that compute, with the values that the answer of the program has.

use serde_json::json;

use crate::browser::Browser;
use crate::tab::Tab;

/// A tab with files of the script.
fn with_script(browser: &Browser, files: &[&str]) -> Tab {
    let mut tab = browser.tab();
    for file in files {
        let path = format!("{}/src/report/page/script/{file}.js", env!("CARGO_MANIFEST_DIR"));
        tab.value(&format!("{}; true", std::fs::read_to_string(path).unwrap()));
    }
    tab
}

#[test]
fn numbers_have_the_digits_that_their_intervals_allow() {
    let Some(browser) = Browser::start() else { return };
    let mut tab = with_script(&browser, &["numbers"]);
    for (call, wanted) in [
        ("written(0.123456, [0.0042, 0.0042])", "0.123 ± 0.004"),
        ("written(0.123456, [0.0012, 0.0012])", "0.1235 ± 0.0012"),
        ("written(26689.4, [312, 312])", "26700 ± 300"),
        ("written(0.5, [0.0996, 0.0996])", "0.50 ± 0.10"),
        ("written(0.091234, null)", "0.0912"),
        ("written(9.996, null)", "10.0"),
        ("written(123456, null)", "123000"),
        ("written(0, null)", "0"),
        ("written(69900, [0, 0])", "69900"),
        ("written(652.333333333, [0, 0])", "652.333"),
        ("written(-0.0001, [0.05, 0.05])", "0.00 ± 0.05"),
        ("timeText(0.2)", "200 ms"),
        ("timeText(0.0456)", "46 ms"),
        ("timeText(2.5)", "2.5 s"),
        ("timeText(90)", "90 s"),
        ("timeText(600)", "10 min"),
        ("tickText(0)", "0"),
        ("tickText(0.25)", "0.25"),
        ("tickText(10000)", "10,000"),
        ("tickText(1e-4)", "10⁻⁴"),
        ("tickText(2e7)", "2·10⁷"),
        ("nameAndUnit('mean latency (s)').join()", "mean latency,s"),
        ("nameAndUnit('share').join()", "share,"),
        ("withUnit('0.1', '1/s')", "0.1 /s"),
        ("withUnit('0.1', '')", "0.1"),
        ("cellsOf(0.123456, [0.0042, 0.0042]).join()", "0.123,0.119,0.128"),
        ("cellsOf(0.123456, null).join()", "0.1235,,"),
        ("cellsOf(null, null).join()", ",,"),
    ] {
        assert_eq!(tab.value(call), json!(wanted), "{call}");
    }
}

#[test]
fn axes_have_round_marks_inside_their_ends() {
    let Some(browser) = Browser::start() else { return };
    let mut tab = with_script(&browser, &["numbers", "scales"]);
    assert_eq!(tab.value("linearTicks(0, 1, 5)"), json!([0, 0.2, 0.4, 0.6, 0.8, 1]));
    assert_eq!(tab.value("logTicks(0.9, 1100, 4)"), json!([1, 10, 100, 1000]));
    assert_eq!(tab.value("logTicks(2, 90, 8)"), json!([2, 5, 10, 20, 50]));
    let inside = "[[0.3, 0.31], [1e-9, 5], [3, 3.1], [1, 1e12], [58, 80]].every(([low, high]) => \
                  ['linear', 'log'].every((kind) => [2, 4, 9].every((count) => { \
                  const ticks = scaleOf({ kind, low, high }).ticks(count); \
                  const room = (high - low) * 1e-6; return ticks.every((tick) => tick >= low - room && tick <= high + room) && new Set(ticks).size === ticks.length; })))";
    assert_eq!(tab.value(inside), json!(true));
    let back = "['linear', 'log'].every((kind) => { const scale = scaleOf({ kind, low: 2, high: 50 }); \
                return [2, 7, 50].every((value) => Math.abs(scale.value(scale.share(value)) - value) < 1e-9); })";
    assert_eq!(tab.value(back), json!(true));
    assert_eq!(
        tab.value("around([3, 4], false)[0] < 3 && around([1, 4], false)[0] === 0 && around([], true) === null"),
        json!(true)
    );
}

#[test]
fn a_cell_that_begins_like_a_formula_is_text() {
    let Some(browser) = Browser::start() else { return };
    let mut tab = with_script(&browser, &["numbers", "dom", "save"]);
    assert_eq!(
        tab.value("csvFile([['=1+1', '-0.5', 'a,b', '\"q\"'], ['@x', '+1', '\\n', '长']])"),
        json!("'=1+1,-0.5,\"a,b\",\"\"\"q\"\"\"\n'@x,+1,\"'\n\",长\n")
    );
    assert_eq!(tab.value("contrast('#000000', '#ffffff')"), json!(21));
    assert_eq!(tab.value("visible('#000000', themeOf(false))"), json!("#000000"));
    assert_eq!(tab.value("contrast(visible('#000000', themeOf(true)), '#14171b') >= 3"), json!(true));
}
