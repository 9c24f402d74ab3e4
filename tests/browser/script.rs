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
        ("timeText(0)", "0 s"),
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
        ("titleOf({ name: 'mean latency', unit: 's' })", "mean latency (s)"),
        ("titleOf({ name: 'cost (each day)', unit: '' })", "cost (each day)"),
        ("wholeText(604799.995)", "604799.995"),
        ("wholeText(12345)", "12345"),
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
    assert_eq!(tab.value("linearTicks(5, 5, 4)"), json!([5]));
    // As many as there is room for, even where numbers end.
    assert_eq!(tab.value("linearTicks(1e6, 1e6 + 1e-10, 8).length <= 10"), json!(true));
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
fn a_horizontal_axis_marks_swept_values_that_have_room() {
    let Some(browser) = Browser::start() else { return };
    let mut tab = with_script(&browser, &["numbers", "scales", "dom", "marks"]);
    let ticks = |stops: &str| {
        format!(
            "(() => {{ const axis = {{ kind: 'linear', low: 2, high: 4.2, stops: {stops} }}; \
             return xTicks(axis, scaleOf(axis), 400).map(([, text]) => text).join(); }})()"
        )
    };
    assert_eq!(tab.value(&ticks("[2, 3, 4, 5]")), json!("2,3,4"));
    assert_eq!(tab.value(&ticks("[2, 2.01, 4]")), json!("2,2.5,3,3.5,4"));
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

#[test]
fn up_and_down_stay_in_the_column_of_a_map_with_gaps() {
    let Some(browser) = Browser::start() else { return };
    let mut tab = with_script(&browser, &["pointer"]);
    let after = |stop: i32, key: &str| {
        format!(
            "placeAfter({{ stop: {stop}, drawn: {{ stops: [1, 0, 1, 2, 1].map((column) => ({{ column }})) }} }}, 'Arrow{key}', 1)"
        )
    };
    for (stop, key, wanted) in
        [(0, "Down", 2), (2, "Down", 4), (4, "Down", 4), (4, "Up", 2), (0, "Up", 0), (1, "Down", 1)]
    {
        assert_eq!(tab.value(&after(stop, key)), json!(wanted), "{stop} {key}");
    }
    assert_eq!(tab.value(&after(-1, "Down")), json!(0));
    assert_eq!(tab.value(&after(4, "Right")), json!(4));
}

#[test]
fn the_words_of_a_chart_name_what_it_shows_and_no_more() {
    let Some(browser) = Browser::start() else { return };
    let mut tab = with_script(&browser, &["numbers", "scales", "dom", "marks", "chart", "map"]);
    let figure = "{ x: { name: 'key', unit: '', kind: 'names' }, remarks: [], legend: [{ label: '' }], panels: [{ y: \
                  { name: 'delay', unit: 's', kind: 'log' }, plot: '', curves: [], bars: [{ value: 1, arrived: '9 % arrive' }] }] }";
    let chart = format!("{{ data: {{ figures: [{figure}] }}, hidden: new Set() }}");
    let words = tab.value(&format!("summaryOf({chart}, {figure})"));
    assert_eq!(words, json!("delay (s). The table below has the values."));
    // On a logarithmic axis there are dots.
    let remarks = tab.value(&format!("remarksOf({chart}).join()"));
    assert!(remarks.as_str().unwrap().starts_with("Hollow: "), "{remarks}");
    tab.value("window.DATA = { colors: {} }; true");
    let axis = "{ name: '', unit: '', names: [] }";
    let empty = format!(
        "mapPicture({{ number: 0, data: {{}} }}, {{ x: {axis}, y: {axis}, panels: [{{ name: '', fields: [] }}], value: {{ \
         name: 'delay', unit: 's', kind: 'linear', low: 0, high: 1, colors: ['#000000', '#ffffff'] }} }}, 400, themeOf(false)).group.textContent"
    );
    assert_eq!(tab.value(&empty), json!("no data"));
}

#[test]
fn names_over_lines_do_not_cover_each_other() {
    let Some(browser) = Browser::start() else { return };
    let mut tab = with_script(&browser, &["numbers", "dom", "marks"]);
    let rows = "namesOver([['one name', 10], ['another', 20], ['far', 300], \
                ['a long name that needs several lines to be read as a whole by anyone', 100]], 0, 340)\
                .map(({ lines, start, row }) => [row, lines.length > 1, start >= 0])";
    assert_eq!(tab.value(rows), json!([[3, false, true], [2, false, true], [0, true, true], [3, false, true]]));
}

/// The picture of a time line on a logarithmic axis from `low`, and what this says of it.
fn of_time_line(tab: &mut Tab, low: f64, says: &str) -> serde_json::Value {
    let figure = format!(
        "{{ x: {{ name: 'time', unit: 's', kind: 'linear', low: 0, high: 10 }}, legend: [{{ label: '', color: '#000000', dash: [] }}], \
         spans: [['warm-up', 0, 1], ['crowd', 4, 4], ['restart', 4.2, 5], ['end', 10, 10]].map(([name, from, to]) => ({{ name, from, to }})), \
         panels: [{{ y: {{ name: 'rate', unit: '', kind: 'log', low: {low}, high: 100 }}, bars: [], lines: [{{ is_of_x: true, at: 3.9, label: 'limit' }}], curves: [{{ of: 0, style: 'trace', \
         half: 0.5, runs: [{{ x: [1.5, 2.5, 3.5], y: [0, 10, 0], isData: [false, true, false] }}] }}] }}] }}"
    );
    tab.value(&format!(
        "(() => {{ const figure = {figure}; const chart = {{ number: 0, data: {{ kind: 'timeline', figures: [figure] }}, \
         hidden: new Set() }}; const {{ group, frames: [{{ rect }}] }} = curvesPicture(chart, figure, 400, themeOf(false)); \
         const texts = [...group.querySelectorAll('text')].map((it) => ({{ text: it.textContent, x: Number(it.getAttribute('x')), \
         y: Number(it.getAttribute('y')), size: Number(it.getAttribute('font-size')) }})); {says} }})()"
    ))
}

#[test]
fn a_time_line_falls_below_the_plot_where_it_is_zero() {
    let Some(browser) = Browser::start() else { return };
    let mut tab = with_script(&browser, &["numbers", "scales", "dom", "marks", "chart", "pointer"]);
    for low in [1.0, 0.01] {
        let says = "const places = group.querySelector('g path').getAttribute('d').split(/[ML]/).slice(1).map((it) => it.split(' ').map(Number)); \
                    const across = places.map(([x]) => Math.round((x - rect.left) / rect.width * 10)); \
                    const isBelow = places.map(([, y]) => y >= rect.top + rect.height); return [across.join(), isBelow.join()];";
        let wanted = json!(["1,2,2,3,3,4", "true,true,false,false,true,true"]);
        assert_eq!(of_time_line(&mut tab, low, says), wanted, "{low}");
    }
}

#[test]
fn names_of_events_and_lines_stand_between_the_title_and_the_plot() {
    let Some(browser) = Browser::start() else { return };
    let mut tab = with_script(&browser, &["numbers", "scales", "dom", "marks", "chart", "pointer"]);
    let says = "const names = texts.filter(({ text }) => ['warm-up', 'crowd', 'restart', 'end', 'limit'].includes(text)); \
                const title = texts.find(({ text }) => text === 'rate'); \
                const boxes = names.map(({ text, x, y, size }) => [x, x + widthOf(text, size), y - size, y + 3]); \
                const isFree = (one, place) => boxes.slice(0, place).every((other) => one[0] >= other[1] || other[0] >= one[1] || one[2] >= other[3] || other[2] >= one[3]); \
                return [names.length, boxes.every(([left, right, top, foot]) => left > rect.left - 0.1 && right < rect.left + rect.width + 0.1 && \
                top > title.y && foot < rect.top), boxes.every(isFree)];";
    assert_eq!(of_time_line(&mut tab, 1.0, says), json!([5, true, true]));
}

#[test]
fn plots_that_share_an_axis_share_it_in_a_zoom() {
    let Some(browser) = Browser::start() else { return };
    let mut tab = with_script(&browser, &["scales", "chart"]);
    let ranges = "(() => { const panel = (name, y) => ({ y: { name, kind: 'linear', low: 0, high: 100 }, curves: [{ of: 0, half: 0.5, \
                  runs: [{ x: [1, 2, 3], y, isData: [true, true, true] }] }] }); \
                  const figure = { legend: [{}], panels: [panel('rate', [99, 2, 99]), panel('rate', [0, 40, 0]), panel('held', [0, 8, 0])] }; \
                  const other = { legend: [{}], panels: [panel('rate', [0, 60, 0])] }; \
                  const chart = { zoom: [1.8, 2.2], hidden: new Set(), data: { kind: 'timeline', figures: [figure, other] } }; \
                  return figure.panels.map((it) => yRange(chart, it)); })()";
    assert_eq!(tab.value(ranges), json!([[0, 63], [0, 63], [4, 12]]));
}

#[test]
fn a_zoom_ends_at_a_few_of_the_bins_that_are_there() {
    let Some(browser) = Browser::start() else { return };
    let mut tab = with_script(&browser, &["chart", "pointer"]);
    // Of 1,000 bins every 50th.
    let zoom = "(() => { const x = Array.from({ length: 20 }, (_, place) => 50 * place + 0.5); let zoom; \
                const figure = { x: { low: 0, high: 1000 }, panels: [{ curves: [{ half: 0.5, runs: [{ x }] }] }] }; \
                zoomTo({ data: { figures: [figure] }, setZoom: (it) => { zoom = it; } }, [500, 500.1]); \
                return x.filter((it) => it >= zoom[0] && it <= zoom[1]).length; })()";
    assert_eq!(tab.value(zoom), json!(5));
}

#[test]
fn a_legend_explains_the_marks_that_are_drawn() {
    let Some(browser) = Browser::start() else { return };
    let mut tab = with_script(&browser, &["numbers", "scales", "dom", "marks", "chart", "bars", "pointer"]);
    let mut marks = |curve: &str, bar: &str| {
        let axis = "{ name: 'key', unit: '', kind: 'linear', low: 0, high: 10 }";
        tab.value(&format!(
            "(() => {{ const figure = {{ x: {{ ...{axis}, names: ['place'] }}, of_few: ' of 2 replications', \
             legend: [{{ label: '', color: '#000000', dash: [], marker: 0 }}], panels: [{{ y: {axis}, \
             curves: [{{ of: 0, style: 'band', ...{curve}, runs: [{{ x: [1, 2, 3], y: [5, 5, 5], isData: [true, true, true], ...{curve} }}] }}], \
             bars: [{{ of: 0, place: 0, color: '#000000', value: 5, theory: null, ...{bar} }}] }}] }}; \
             const chart = {{ number: 0, data: {{ kind: 'line', figures: [figure] }}, hidden: new Set() }}; \
             const draw = (it) => marksIn(it(chart, figure, 400, themeOf(false)).group, figure); \
             return [draw(curvesPicture), draw(barsPicture)].map((all) => all.map(({{ label, marks }}) => `${{label}}: ${{marks}}`).join('; ')); }})()"
        ))
    };
    assert_eq!(marks("{}", "{}"), json!(["", ""]));
    let interval = "95 % confidence interval of 2 replications";
    let theory = "theory: [[[1, 5], [2, 5]]]";
    // A band is between neighbours that have intervals; what cannot be seen is not explained.
    assert_eq!(
        marks(&format!("{{ ey: [[1, 1], [1, 1], null], {theory} }}"), "{ theory: 6, error: [1, 1] }"),
        json!([
            format!("theory: theory-cross; {interval}: interval-band"),
            format!("theory: theory-tick; {interval}: interval-across")
        ])
    );
    assert_eq!(
        marks(&format!("{{ ey: [[1, 1], null, [1, 1]], has_theory_line: true, {theory} }}"), "{ error: [0.01, 0.01] }"),
        json!([format!("theory: theory-line; {interval}: interval-up"), ""])
    );
    assert_eq!(marks("{ ey: [[0.01, 0.01], [0.01, 0.01], null] }", "{}"), json!(["", ""]));
}
