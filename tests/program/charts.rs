//! Charts drawn from small made-up tables: what they say, where it lies, and that equal tables give equal bytes.
//!
//! `COMETSIM_CHART_DIR=some/folder cargo test --test program charts::` also writes every case there, to look at.

// Sizes are whole numbers of pixels.
#![allow(clippy::float_cmp)]

mod axes;
mod cases;
mod formats;
mod tables;

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use cases::{Case, case_named, cases};
use cometsim::experiment::chart::{Ground, Print, PrintSize};
use cometsim::model::scenario::TransportKind;
use cometsim::report::chart::{Drawing, DrawnMark, Looks, PictureFormat, Rect, UNITS, UnitPoint, draw};

fn drawn(case: &Case) -> Drawing {
    draw(&case.chart, &case.data.tables(), &case.context())
        .unwrap_or_else(|error| panic!("{}: {error}", case.chart.name))
}

/// Every case and its drawing, drawn once.
fn drawings() -> &'static [(&'static Case, Drawing)] {
    static DRAWINGS: LazyLock<Vec<(&'static Case, Drawing)>> =
        LazyLock::new(|| cases().iter().map(|case| (case, drawn(case))).collect());
    &DRAWINGS
}

/// Every case in every size, with its name.
fn sized_drawings() -> &'static [(String, Drawing)] {
    static SIZED: LazyLock<Vec<(String, Drawing)>> = LazyLock::new(|| {
        let usual = drawings().iter().map(|(case, drawing)| (case.chart.name.clone(), drawing.clone()));
        usual.chain(PrintSize::ALL.into_iter().flat_map(of_size)).collect()
    });
    &SIZED
}

/// Every case in this size.
fn of_size(size: PrintSize) -> impl Iterator<Item = (String, Drawing)> {
    cases().iter().cloned().map(move |mut case| {
        case.chart.print = Print { size: Some(size), ..Print::default() };
        (format!("{}-{}", case.chart.name, size.word()), drawn(&case))
    })
}

/// Where `COMETSIM_CHART_DIR` names a folder, every chart is written there, too.
#[test]
fn every_chart_is_an_svg_within_its_size() {
    let folder = std::env::var_os("COMETSIM_CHART_DIR").map(PathBuf::from);
    for (name, drawing) in sized_drawings() {
        let svg = drawing.svg();
        let document = roxmltree::Document::parse(&svg).unwrap_or_else(|error| panic!("{name}: {error}"));
        let root = document.root_element();
        let places: Vec<f64> =
            root.attribute("viewBox").unwrap().split(' ').map(|number| number.parse().unwrap()).collect();
        let size = drawing.geometry.size;
        assert!((places[2] - size.0).abs() < 0.006 && (places[3] - size.1).abs() < 0.006, "{name}: {places:?}");
        assert!(svg.len() < 300_000, "{name}: {} bytes", svg.len());
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{name}");
        if let Some(folder) = &folder {
            fs::create_dir_all(folder).unwrap();
            for format in PictureFormat::ALL {
                let file = folder.join(format!("{name}.{}", format.ending()));
                fs::write(file, drawing.bytes(format).unwrap()).unwrap();
            }
        }
    }
}

#[test]
fn every_chart_says_what_it_should() {
    let mut missing = Vec::new();
    for (case, drawing) in drawings() {
        let said: Vec<&str> = drawing.geometry.texts.iter().map(|(text, _)| text.as_str()).collect();
        // A long name is broken into lines.
        let said = said.join(" ");
        let labels = case.labels.iter().filter(|label| !said.contains(**label));
        missing.extend(labels.map(|label| format!("{}: no `{label}` in {said}", case.chart.name)));
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn no_text_leaves_the_sheet_or_covers_another() {
    let mut faults = Vec::new();
    for (name, Drawing { geometry, .. }) in sized_drawings() {
        for (number, (text, bounds)) in geometry.texts.iter().enumerate() {
            let inside = bounds.left >= 0.0
                && bounds.top >= 0.0
                && bounds.right <= geometry.size.0
                && bounds.bottom <= geometry.size.1;
            if !inside {
                faults.push(format!("{name}: `{text}` at {bounds:?} leaves {:?}", geometry.size));
            }
            for (other, other_bounds) in &geometry.texts[..number] {
                let apart = !bounds.grown(-1.5).overlaps(&other_bounds.grown(-1.5));
                if !apart {
                    faults.push(format!("{name}: `{text}` covers `{other}`"));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{} in all:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn legends_hide_no_data() {
    for (name, Drawing { geometry, .. }) in sized_drawings() {
        assert!(!geometry.plots.is_empty());
        if let Some(legend) = geometry.legend {
            assert!(geometry.plots.iter().all(|plot| !plot.overlaps(&legend)), "{name}");
        }
    }
}

/// The colours of the bars in the rows of these names, if they have one.
fn bar_colors(drawing: &Drawing, names: &[&str]) -> Vec<Option<(u8, u8, u8)>> {
    let plot = drawing.geometry.plots[0];
    let color = |name: &&str| {
        let text = drawing.geometry.texts.iter().find(|(text, _)| text == name);
        let bounds = text.unwrap_or_else(|| panic!("no {name}")).1;
        let row = Rect::new(plot.left - 1.0, bounds.top - 4.0, plot.right, bounds.bottom + 4.0);
        drawing.list.marks.iter().find_map(|mark| match mark {
            DrawnMark::Area { corners, paint } if corners.iter().all(|corner| is_inside(&row, *corner)) => {
                Some(paint.rgb)
            }
            _ => None,
        })
    };
    names.iter().map(color).collect()
}

/// The colour of a transport in a case.
fn color_of(case: &Case, name: &str) -> (u8, u8, u8) {
    let color = case.looks.get(name).color;
    (color.0, color.1, color.2)
}

fn is_inside(rect: &Rect, place: UnitPoint) -> bool {
    let (x, y) = pixels(place);
    rect.left <= x && x <= rect.right && rect.top <= y && y <= rect.bottom
}

fn pixels(place: UnitPoint) -> (f64, f64) {
    (f64::from(place.0) / UNITS, f64::from(place.1) / UNITS)
}

/// Of the first transport nothing is known at the first place: colours and order stay those of the transports.
#[test]
fn an_empty_cell_changes_no_colour_of_bars() {
    let table = |cell: &str| {
        let text = format!(
            "point,transport,network.server_link,replications,goodput_per_s,latency_mean_s\n\
             0,A polls,1,2,5,{cell}\n0,B long poll,1,2,6,0.5\n1,A polls,10,2,7,0.4\n1,B long poll,10,2,8,0.3\n"
        );
        cometsim::report::CsvTable::parse(&text).unwrap()
    };
    let mut case = case_named("bar-grouped-log");
    case.chart.y_axis = cometsim::experiment::chart::AxisScale::Linear;
    case.swept[0].path = "network.server_link".to_owned();
    case.swept[0].column = case.swept[0].path.clone();
    let names = ["A polls", "B long poll"];
    let kinds = [TransportKind::ShortPoll, TransportKind::LongPoll];
    case.looks = Looks::new(names.iter().zip(kinds).map(|(name, kind)| ((*name).to_owned(), (Some(kind), 0))));
    let mut colors = Vec::new();
    for (metric, cell) in [("goodput_per_s", ""), ("latency_mean_s", "0.2"), ("latency_mean_s", "")] {
        case.data.summary = table(cell);
        case.chart.y = vec![metric.to_owned()];
        let drawing = drawn(&case);
        let place = |name: &str| drawing.geometry.texts.iter().position(|(text, _)| text == name).unwrap();
        assert!(place(names[0]) < place(names[1]), "{metric}");
        colors.push(bar_colors(&drawing, &names));
    }
    let wanted = names.map(|name| Some(color_of(&case, name)));
    assert_ne!(wanted[0], wanted[1]);
    assert_eq!(colors[1], wanted);
    assert!(colors.iter().all(|colors| colors[1] == wanted[1]), "{colors:?}");
}

/// The same in a distribution, whose table has no rows for a transport that delivered nothing.
#[test]
fn a_transport_without_deliveries_changes_no_colour_of_a_distribution() {
    let find = || case_named("cdf-three");
    let (whole, mut missing) = (find(), find());
    let first = missing.data.summary.rows[0][1].clone();
    missing.data.latency_cdf.rows.retain(|row| row[1] != first);
    let has_line = |case: &Case| {
        let drawing = drawn(case);
        let line_of = |color: (u8, u8, u8)| {
            drawing.list.marks.iter().any(|mark| matches!(mark, DrawnMark::Lines { paint, .. } if paint.rgb == color))
        };
        cases::THREE.map(|name| line_of(color_of(case, name)))
    };
    assert_eq!(has_line(&whole), [true, true, true]);
    assert_eq!(has_line(&missing), [false, true, true]);
}

/// Of 1,000 messages 60 % arrive: the curve of their distribution ends at 0.6 of the height, not at the top.
#[test]
fn a_distribution_ends_at_the_share_that_arrived() {
    let case = case_named("partial-cdf");
    let drawing = drawn(&case);
    let plot = drawing.geometry.plots[0];
    let highest = |color: (u8, u8, u8)| {
        let of_color = drawing.list.marks.iter().filter_map(|mark| match mark {
            DrawnMark::Lines { parts, paint, .. } if paint.rgb == color => Some(parts.iter().flatten()),
            _ => None,
        });
        let ys = of_color.flatten().map(|place| pixels(*place).1);
        ys.filter(|y| *y <= plot.bottom).fold(f64::INFINITY, f64::min)
    };
    let colors = cases::THREE.map(|name| color_of(&case, name));
    // The axis ends at 1.02.
    let up = |share: f64| plot.bottom - share / 1.02 * plot.height();
    assert!((highest(colors[0]) - up(1.0)).abs() < 0.5, "{} {}", highest(colors[0]), up(1.0));
    assert!((highest(colors[1]) - up(0.6)).abs() < 0.5, "{} {}", highest(colors[1]), up(0.6));
    assert!((highest(colors[2]) - up(0.0)).abs() < 0.5, "{} {}", highest(colors[2]), up(0.0));
}

/// A table of an older version does not tell what arrived, and the requests that are held need no mark.
#[test]
fn without_the_column_and_for_other_metrics_nothing_is_marked() {
    let is_marked = |case: &Case| {
        let texts = drawn(case).geometry.texts;
        texts.iter().any(|(text, _)| text.contains("arrive"))
    };
    for mut case in cases().iter().filter(|case| case.chart.name.starts_with("partial-")).cloned() {
        assert!(is_marked(&case), "{}", case.chart.name);
        let fraction = case.data.summary.column("arrived_fraction").unwrap();
        case.data.summary.header[fraction] = "some_other".to_owned();
        assert!(!is_marked(&case), "{}", case.chart.name);
    }
    let mut held = case_named("partial-line");
    held.chart.y = vec!["held_requests_mean".to_owned()];
    assert!(!is_marked(&held));
}

/// The share beside a mark says so of that point: 18 % at the last of the second curve, which has a ring.
#[test]
fn the_share_stands_at_its_point() {
    let case = case_named("partial-line");
    let drawing = drawn(&case);
    let plot = drawing.geometry.plots[0];
    let bounds = drawing.geometry.texts.iter().find(|(text, _)| text == "18 %").unwrap().1;
    assert!(plot.contains(&bounds) && bounds.right > plot.right - 120.0, "{bounds:?} {plot:?}");
    let none = drawing.geometry.texts.iter().find(|(text, _)| text == "none arrives").unwrap().1;
    assert!(none.left < plot.left + 120.0 && none.top < plot.top + 60.0, "{none:?} {plot:?}");
}

#[test]
fn a_column_that_is_not_there_is_named() {
    let mut case = cases()[0].clone();
    case.chart.y = vec!["no_such_metric".to_owned()];
    let error = draw(&case.chart, &case.data.tables(), &case.context()).unwrap_err().to_string();
    assert!(error.contains("no_such_metric") && error.contains(&case.chart.name), "{error}");
}
