//! Charts drawn from small made-up tables: what they say, where it lies, and that equal tables give equal bytes.
//!
//! `COMETSIM_CHART_DIR=some/folder cargo test --test charts` also writes every case there, to look at.

// Sizes are whole numbers of pixels.
#![allow(clippy::float_cmp)]

#[path = "charts/cases.rs"]
mod cases;
#[path = "charts/tables.rs"]
mod tables;

use cases::{Case, cases};
use cometsim::report::chart::{Drawing, draw, png, svg};
use resvg::usvg;

fn drawn(case: &Case) -> Drawing {
    draw(&case.chart, &case.data.tables(), &case.context())
        .unwrap_or_else(|error| panic!("{}: {error}", case.chart.name))
}

#[test]
fn every_chart_is_an_svg_within_its_size() {
    for case in cases() {
        let drawing = drawn(&case);
        let tree = usvg::Tree::from_str(&drawing.svg, &usvg::Options::default()).expect(&case.chart.name);
        assert_eq!(f64::from(tree.size().width()), drawing.geometry.size.0, "{}", case.chart.name);
        assert_eq!(f64::from(tree.size().height()), drawing.geometry.size.1, "{}", case.chart.name);
        assert!(drawing.svg.len() < 300_000, "{}: {} bytes", case.chart.name, drawing.svg.len());
        assert!(!drawing.svg.contains("NaN") && !drawing.svg.contains("inf"), "{}", case.chart.name);
    }
}

#[test]
fn every_chart_says_what_it_should() {
    for case in cases() {
        let drawing = drawn(&case);
        let said: Vec<&str> = drawing.geometry.texts.iter().map(|(text, _)| text.as_str()).collect();
        for label in &case.labels {
            assert!(said.contains(label), "{}: no `{label}` in {said:?}", case.chart.name);
        }
    }
}

#[test]
fn no_text_leaves_the_sheet_or_covers_another() {
    for case in cases() {
        let geometry = drawn(&case).geometry;
        for (number, (text, bounds)) in geometry.texts.iter().enumerate() {
            let inside = bounds.left >= 0.0
                && bounds.top >= 0.0
                && bounds.right <= geometry.size.0
                && bounds.bottom <= geometry.size.1;
            assert!(inside, "{}: `{text}` at {bounds:?} leaves {:?}", case.chart.name, geometry.size);
            for (other, other_bounds) in &geometry.texts[..number] {
                let apart = !bounds.grown(-1.5).overlaps(&other_bounds.grown(-1.5));
                assert!(apart, "{}: `{text}` covers `{other}`", case.chart.name);
            }
        }
    }
}

#[test]
fn legends_hide_no_data() {
    for case in cases() {
        let geometry = drawn(&case).geometry;
        assert!(!geometry.plots.is_empty());
        if let Some(legend) = geometry.legend {
            assert!(geometry.plots.iter().all(|plot| !plot.overlaps(&legend)), "{}", case.chart.name);
        }
    }
}

#[test]
fn equal_tables_give_equal_bytes() {
    for (one, other) in cases().iter().zip(&cases()) {
        assert_eq!(drawn(one).svg, drawn(other).svg, "{}", one.chart.name);
    }
    let case = &cases()[0];
    assert_eq!(png(&drawn(case).svg).unwrap(), png(&drawn(case).svg).unwrap());
}

#[test]
fn the_png_is_twice_the_size_and_not_blank() {
    let case = &cases()[0];
    let drawing = drawn(case);
    let pixmap = resvg::tiny_skia::Pixmap::decode_png(&png(&drawing.svg).unwrap()).unwrap();
    assert_eq!(f64::from(pixmap.width()), drawing.geometry.size.0 * 2.0);
    let title = drawing.geometry.texts[0].1;
    let dark = |pixel: &resvg::tiny_skia::PremultipliedColorU8| pixel.red() < 100;
    let rows = (title.top * 2.0) as usize..(title.bottom * 2.0) as usize;
    let ink = pixmap
        .pixels()
        .chunks(pixmap.width() as usize)
        .skip(rows.start)
        .take(rows.len())
        .flatten()
        .filter(|p| dark(p))
        .count();
    assert!(ink > 300, "the title has {ink} dark pixels");
}

#[test]
fn a_column_that_is_not_there_is_named() {
    let mut case = cases().remove(0);
    case.chart.y = vec!["no_such_metric".to_owned()];
    let error = svg(&case.chart, &case.data.tables(), &case.context()).unwrap_err().to_string();
    assert!(error.contains("no_such_metric") && error.contains(&case.chart.name), "{error}");
}

#[test]
fn the_cases_can_be_looked_at() {
    let Some(folder) = std::env::var_os("COMETSIM_CHART_DIR") else { return };
    let folder = std::path::Path::new(&folder);
    std::fs::create_dir_all(folder).unwrap();
    for case in cases() {
        let drawing = drawn(&case);
        std::fs::write(folder.join(format!("{}.svg", case.chart.name)), &drawing.svg).unwrap();
        std::fs::write(folder.join(format!("{}.png", case.chart.name)), png(&drawing.svg).unwrap()).unwrap();
    }
}
