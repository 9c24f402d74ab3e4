//! Axes, their marks and titles, parts of a time axis, and plots above each other.

use cometsim::experiment::chart::{AxisScale, SweptKey};
use cometsim::report::CsvTable;
use cometsim::report::chart::Period;

use super::*;

/// The texts of a drawing.
fn texts(drawing: &Drawing) -> Vec<&str> {
    drawing.geometry.texts.iter().map(|(text, _)| text.as_str()).collect()
}

/// The places of a text.
fn places(drawing: &Drawing, wanted: &str) -> Vec<Rect> {
    drawing.geometry.texts.iter().filter(|(text, _)| text == wanted).map(|(_, bounds)| *bounds).collect()
}

fn count_of(drawing: &Drawing, wanted: &str) -> usize {
    places(drawing, wanted).len()
}

/// The texts below the last plot that hold this word.
fn remarks<'a>(drawing: &'a Drawing, word: &str) -> Vec<&'a str> {
    texts(drawing).into_iter().filter(|text| text.contains(word)).collect()
}

fn swept(path: &str, unit: Option<&'static str>) -> SweptKey {
    SweptKey {
        path: path.to_owned(),
        column: path.to_owned(),
        unit,
        doc: "",
        known: path.to_owned(),
        owner: None,
        has_words: false,
    }
}

/// The case of this name with another summary.
fn with_summary(name: &str, keys: Vec<SweptKey>, y: &str, table: &str) -> Case {
    let mut case = case_named(name);
    case.data.summary = CsvTable::parse(table).unwrap();
    case.swept = keys;
    case.chart.y = vec![y.to_owned()];
    (case.chart.x_axis, case.chart.y_axis) = (AxisScale::Linear, AxisScale::Linear);
    case
}

fn period(name: &str, from: f64, to: f64) -> Period {
    Period { from, to, name: name.to_owned() }
}

#[test]
fn names_of_periods_stand_above_the_plot_where_no_curve_is() {
    for size in [None, Some(PrintSize::Column), Some(PrintSize::Wide), Some(PrintSize::Slide)] {
        for name in ["timeline-events", "timeline-panels"] {
            let mut case = case_named(name);
            case.chart.print.size = size;
            let drawing = drawn(&case);
            let plot = drawing.geometry.plots[0];
            for name in ["warm-up", "restart", "crowd"] {
                let at = places(&drawing, name);
                assert_eq!(at.len(), 1, "{size:?} {name}");
                assert!(at[0].bottom <= plot.top && at[0].top > plot.top - 60.0, "{size:?} {name}: {at:?} {plot:?}");
                assert!(at[0].left >= plot.left && at[0].right <= plot.right + 1.0, "{size:?} {name}: {at:?}");
            }
        }
    }
}

#[test]
fn a_period_outside_the_range_is_not_drawn() {
    let mut case = case_named("timeline-events");
    case.chart.view.x_range = Some([122.0, 200.0]);
    case.spans.push(period("second restart", 500.0, 510.0));
    let drawing = drawn(&case);
    assert_eq!([count_of(&drawing, "warm-up"), count_of(&drawing, "second restart")], [0, 0]);
    assert_eq!([count_of(&drawing, "restart"), count_of(&drawing, "crowd")], [1, 1]);
    // What is left of the restart is shaded from the left edge on: 3 of 78 seconds.
    let plot = drawing.geometry.plots[0];
    let shaded = drawing.list.marks.iter().find_map(|mark| match mark {
        DrawnMark::Area { corners, .. } if corners.iter().all(|corner| is_inside(&plot.grown(0.1), *corner)) => {
            let across = corners.iter().map(|corner| pixels(*corner).0);
            Some((across.clone().fold(f64::INFINITY, f64::min), across.fold(0.0, f64::max)))
        }
        _ => None,
    });
    let (left, right) = shaded.unwrap();
    assert!((left - plot.left).abs() < 0.1 && (right - plot.left - plot.width() * 3.0 / 78.0).abs() < 0.1);
}

#[test]
fn zeros_in_all_plots_are_one_remark_about_what_the_range_shows() {
    let mut case = case_named("timeline-panels");
    let column = case.data.timeline.column("messages_delivered_per_s").unwrap();
    let time = case.data.timeline.column("time_s").unwrap();
    // Two zeros at each of five points, one of them beyond the range.
    for row in case.data.timeline.rows.iter_mut().filter(|row| ["100", "400"].contains(&row[time].as_str())) {
        row[column] = "0".to_owned();
    }
    let left_out = |case: &Case| {
        remarks(&drawn(case), "logarithmic axis").iter().map(|text| (*text).to_owned()).collect::<Vec<_>>()
    };
    let zeros = case.data.timeline.rows.iter().filter(|row| row[column] == "0").count();
    assert!(left_out(&case)[0].starts_with(&format!("{zeros} zeros")), "{:?}", left_out(&case));
    assert_eq!(left_out(&case).len(), 1);
    case.chart.view.x_range = Some([200.0, 600.0]);
    assert!(left_out(&case)[0].starts_with("5 zeros"), "{:?}", left_out(&case));
    case.chart.view.x_range = Some([450.0, 600.0]);
    assert_eq!(left_out(&case), Vec::<String>::new());
}

#[test]
fn the_only_name_stands_once() {
    let drawing = drawn(&case_named("timeline-panels"));
    assert_eq!(drawing.geometry.plots.len(), 5);
    assert_eq!(remarks(&drawing, "short polling, 1 s"), ["All curves: short polling, 1 s."]);
    assert!(drawing.geometry.legend.is_none_or(|legend| legend.height() <= 0.0));
    // A plot for each transport is named above, and not again at its curve.
    let mut case = case_named("cdf-three");
    case.chart.view.panels = Some("transport".to_owned());
    let drawing = drawn(&case);
    for name in cases::THREE {
        assert_eq!(count_of(&drawing, name), 1, "{name}");
    }
}

/// Plots of one quantity below each other have one title, and others have titles of their own that do not touch.
#[test]
fn the_title_of_equal_axes_stands_once() {
    let drawing = drawn(&case_named("timeline-panels"));
    let title = places(&drawing, "messages delivered (1/s)");
    assert_eq!(title.len(), 1);
    let plots = &drawing.geometry.plots;
    let middle = f64::midpoint(plots[0].top, plots[4].bottom);
    assert!((title[0].center().1 - middle).abs() < 1.0, "{title:?} {middle}");
    let mut case = case_named("line-two-units");
    case.chart.view.series.clear();
    case.chart.y = ["latency_p95_s", "held_requests_mean", "messages_lost"].map(str::to_owned).to_vec();
    for size in [None, Some(PrintSize::Column), Some(PrintSize::Slide)] {
        case.chart.print.size = size;
        let drawing = drawn(&case);
        let plots = &drawing.geometry.plots;
        let left = plots[0].left;
        let titles: Vec<&Rect> = drawing
            .geometry
            .texts
            .iter()
            .map(|(_, bounds)| bounds)
            .filter(|bounds| bounds.right < left && bounds.height() > 3.0 * bounds.width())
            .collect();
        assert!(titles.len() >= 3, "{size:?}: {titles:?}");
        for title in titles {
            let is_beside = plots.iter().any(|plot| title.top >= plot.top - 0.5 && title.bottom <= plot.bottom + 0.5);
            assert!(is_beside, "{size:?}: {title:?} {plots:?}");
        }
    }
}

#[test]
fn few_swept_values_are_the_marks_of_an_axis() {
    let table = |values: &[u32]| {
        let rows: String =
            values.iter().zip(0..).map(|(value, point)| format!("{point},polls,{value},2,5\n")).collect();
        format!("point,transport,clients.count,replications,goodput_per_s\n{rows}")
    };
    let draw = |values: &[u32], size| {
        let mut case = with_summary("line-log", vec![swept("clients.count", None)], "goodput_per_s", &table(values));
        case.chart.x = Some("clients.count".to_owned());
        case.chart.print.size = size;
        drawn(&case)
    };
    for size in [None, Some(PrintSize::Column)] {
        let drawing = draw(&[50, 100, 200], size);
        let below = drawing.geometry.plots[0].bottom;
        let marks: Vec<&str> = drawing
            .geometry
            .texts
            .iter()
            .filter(|(_, bounds)| bounds.top > below && bounds.bottom < below + 25.0)
            .map(|(text, _)| text.as_str())
            .collect();
        assert_eq!(marks, ["50", "100", "200"], "{size:?}");
    }
    // Without room for all of them, and of many, the marks are round.
    let crowded = draw(&[1, 2, 1000, 10_000], None);
    assert!(texts(&crowded).contains(&"4,000"), "{:?}", texts(&crowded));
    let many: Vec<u32> = (1..=11).map(|step| step * 9).collect();
    assert!(texts(&draw(&many, None)).contains(&"50"));
}

/// The keys of a zip sweep step together: a plot has one value of each, and its name tells them.
#[test]
fn a_plot_of_a_zip_sweep_names_all_keys_that_vary() {
    let table = "point,transport,clients.count,source.payload,server.workers,replications,goodput_per_s\n\
                 0,polls,10,100,5,2,5\n1,polls,20,200,5,2,7\n";
    let keys = vec![swept("clients.count", None), swept("source.payload", Some("B")), swept("server.workers", None)];
    let mut case = with_summary("tradeoff", keys, "goodput_per_s", table);
    case.chart.x = Some("goodput_per_s".to_owned());
    case.chart.view.panels = Some("clients.count".to_owned());
    let drawing = drawn(&case);
    assert_eq!(drawing.geometry.plots.len(), 2);
    for name in ["clients = 10, payload = 100 B", "clients = 20, payload = 200 B"] {
        assert_eq!(count_of(&drawing, name), 1, "{:?}", texts(&drawing));
    }
}

/// One plot has seconds, the other milliseconds: they share an axis, so also its unit.
#[test]
fn plots_of_one_axis_have_one_unit() {
    let table = "point,transport,clients.count,server.workers,replications,latency_mean_s,latency_p95_s\n\
                 0,polls,10,1,2,0.1,0.2\n1,polls,20,1,2,0.2,0.3\n\
                 2,polls,10,2,2,10,20\n3,polls,20,2,2,20,30\n";
    let keys = vec![swept("clients.count", None), swept("server.workers", None)];
    let mut case = with_summary("tradeoff", keys, "latency_mean_s", table);
    case.chart.x = Some("latency_p95_s".to_owned());
    case.chart.view.panels = Some("server.workers".to_owned());
    let drawing = drawn(&case);
    assert_eq!(drawing.geometry.plots.len(), 2);
    assert_eq!(count_of(&drawing, "mean data latency (s)"), 1, "{:?}", texts(&drawing));
    assert_eq!(remarks(&drawing, "(ms)"), Vec::<&str>::new());
}

/// The steps of every curve reach the right edge of plots with one axis, at the height that they have.
#[test]
fn a_distribution_goes_on_to_the_right_edge() {
    let mut case = case_named("cdf-sweep");
    case.chart.view.panels = Some("clients.count".to_owned());
    for range in [None, Some([0.0, 30.0]), Some([0.0, 0.8])] {
        case.chart.view.x_range = range;
        let drawing = drawn(&case);
        let plots = &drawing.geometry.plots;
        assert_eq!(plots.len(), 5, "{range:?}");
        for plot in plots {
            let right_of = |color: (u8, u8, u8)| {
                let lines = drawing.list.marks.iter().filter_map(|mark| match mark {
                    DrawnMark::Lines { parts, paint, .. } if paint.rgb == color => Some(parts.iter().flatten()),
                    _ => None,
                });
                let inside = lines.flatten().filter(|place| is_inside(&plot.grown(0.1), **place));
                inside.map(|place| pixels(*place).0).fold(0.0, f64::max)
            };
            for name in cases::THREE {
                let right = right_of(color_of(&case, name));
                // The line may end in the gap of its dashes.
                assert!((right - plot.right).abs() < 6.0, "{range:?} {name}: {right} {plot:?}");
            }
        }
    }
}

#[test]
fn words_at_an_axis_keep_its_unit() {
    let mut case = case_named("cdf-three");
    case.chart.view.x_label = Some("how late (ms)".to_owned());
    assert_eq!(count_of(&drawn(&case), "how late (s)"), 1);
    let mut case = case_named("bar-grouped-log");
    case.chart.view.y_label = Some("all traffic".to_owned());
    case.chart.view.x_label = Some("people".to_owned());
    let drawing = drawn(&case);
    assert_eq!(count_of(&drawing, "all traffic (Mbit/s)"), 1);
    assert_eq!(count_of(&drawing, "people = 1,000"), 1);
    let mut case = case_named("heatmap");
    case.chart.view.y_label = Some("pause".to_owned());
    assert_eq!(count_of(&drawn(&case), "pause (s)"), 1);
}

/// Values behind bars have the unit of their axis, and the only transport is named once.
#[test]
fn bars_have_one_unit_and_no_needless_name() {
    let table = "point,transport,clients.count,replications,header_bytes_per_s,http_bytes_per_s\n\
                 0,polls,10,2,58000,88000\n1,polls,20,2,871000,1010000\n";
    let mut case = with_summary("bar-metrics", vec![swept("clients.count", None)], "", table);
    case.chart.x = Some("clients.count".to_owned());
    case.chart.y = ["header_bytes_per_s", "http_bytes_per_s"].map(str::to_owned).to_vec();
    let drawing = drawn(&case);
    for text in ["58 kB/s", "88 kB/s", "871 kB/s", "1,010 kB/s", "headers"] {
        assert!(count_of(&drawing, text) > 0, "{text}: {:?}", texts(&drawing));
    }
    assert_eq!(remarks(&drawing, "polls"), ["All bars: polls."]);
    assert_eq!(remarks(&drawing, "(kB/s)").len(), 1);
}
