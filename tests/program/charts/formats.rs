//! Charts as SVG, PNG and PDF: sizes, words, pixels, and equal bytes.

use std::process::Command;
use std::{env, fs};

use super::*;

/// A PNG: its width and height, its pixels in a metre, and its pixels as red, green, blue and, if it has it, alpha.
struct Pixels {
    size: (u32, u32),
    per_metre: u32,
    parts: usize,
    bytes: Vec<u8>,
}

impl Pixels {
    fn of(drawing: &Drawing) -> Pixels {
        let png = drawing.png().unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
        let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
        let frame = reader.next_frame(&mut bytes).unwrap();
        let density = reader.info().pixel_dims.unwrap();
        assert_eq!((density.xppu, density.unit), (density.yppu, png::Unit::Meter));
        let parts = frame.color_type.samples();
        Pixels { size: (frame.width, frame.height), per_metre: density.xppu, parts, bytes }
    }

    fn pixels(&self) -> impl Iterator<Item = &[u8]> {
        self.bytes.chunks(self.parts)
    }
}

fn with_print(name: &str, size: Option<PrintSize>, ground: Ground) -> Drawing {
    let mut case = case_named(name);
    case.chart.print = Print { size, ground };
    drawn(&case)
}

#[test]
fn equal_tables_give_equal_bytes() {
    for (case, drawing) in drawings() {
        assert_eq!(drawing.list, drawn(case).list, "{}", case.chart.name);
    }
    let (case, drawing) = &drawings()[0];
    for format in PictureFormat::ALL {
        assert_eq!(drawing.bytes(format).unwrap(), drawn(case).bytes(format).unwrap(), "{format:?}");
    }
}

#[test]
fn the_png_is_twice_the_size_and_not_blank() {
    let (_, drawing) = &drawings()[0];
    let pixels = Pixels::of(drawing);
    assert_eq!(f64::from(pixels.size.0), drawing.geometry.size.0 * 2.0);
    assert_eq!(pixels.per_metre, 7559, "192 dots in an inch");
    let title = drawing.geometry.texts[0].1;
    let row = pixels.size.0 as usize;
    let from = (title.top * 2.0) as usize * row;
    let count = (title.height() * 2.0) as usize * row;
    let ink = pixels.pixels().skip(from).take(count).filter(|pixel| pixel[0] < 100).count();
    assert!(ink > 300, "the title has {ink} dark pixels");
}

/// Inches across and, where it is given, upwards.
#[test]
fn printed_charts_have_their_size_in_every_format() {
    for (size, wide, high) in
        [(PrintSize::Column, 3.5, None), (PrintSize::Wide, 7.2, None), (PrintSize::Slide, 13.333_333, Some(7.5))]
    {
        for name in ["line-eight", "bar", "cdf-three", "timeline", "tradeoff", "heatmap"] {
            let drawing = with_print(name, Some(size), Ground::White);
            let svg = drawing.svg();
            let document = roxmltree::Document::parse(&svg).unwrap();
            let points = |name: &str| -> f64 {
                document.root_element().attribute(name).unwrap().strip_suffix("pt").unwrap().parse().unwrap()
            };
            assert!((points("width") / 72.0 - wide).abs() < 1e-3, "{name} {size:?}");
            assert!(high.is_none_or(|high| (points("height") / 72.0 - high).abs() < 1e-3), "{name} {size:?}");
            let pixels = Pixels::of(&drawing);
            let per_inch = f64::from(pixels.per_metre) * 0.0254;
            assert!(per_inch > 299.9, "{per_inch}");
            assert!((f64::from(pixels.size.0) / per_inch - wide).abs() < 0.01, "{name} {size:?}: {:?}", pixels.size);
            let pdf = drawing.pdf().unwrap();
            let text = without_streams(&pdf);
            let page = text.split_once("/MediaBox [0 0 ").unwrap().1.split_once(']').unwrap().0;
            let sides: Vec<f64> = page.split(' ').map(|side| side.parse().unwrap()).collect();
            assert!((sides[0] - points("width")).abs() < 0.002, "{name} {size:?}: {page}");
            assert!((sides[1] - points("height")).abs() < 0.002, "{name} {size:?}: {page}");
        }
    }
}

/// In a paper the caption has the title; machines read it in the files all the same.
#[test]
fn a_column_has_no_title_but_its_words() {
    let title = "Short polling versus long polling";
    for (size, is_drawn) in
        [(None, true), (Some(PrintSize::Column), false), (Some(PrintSize::Wide), false), (Some(PrintSize::Slide), true)]
    {
        let drawing = with_print("line-log", size, Ground::White);
        assert_eq!(drawing.geometry.texts.iter().any(|(text, _)| text == title), is_drawn, "{size:?}");
        assert!(drawing.svg().contains(&format!("<title>{title}</title>")));
        assert!(String::from_utf8_lossy(&drawing.pdf().unwrap()).contains(&format!("/Title ({title})")));
        // A warning is drawn in every size.
        assert!(drawing.geometry.texts.iter().any(|(text, _)| text.starts_with("quick run")));
    }
}

#[test]
fn an_svg_says_what_it_shows_and_every_text() {
    for (case, drawing) in drawings() {
        let svg = drawing.svg();
        let document = roxmltree::Document::parse(&svg).unwrap();
        let root = document.root_element();
        assert_eq!(root.attribute("role"), Some("img"));
        let child = |name: &str| root.children().find(|node| node.has_tag_name(name)).and_then(|node| node.text());
        assert!(child("title").is_some_and(|title| !title.is_empty()), "{}", case.chart.name);
        assert!(child("desc").is_some_and(|text| text.ends_with('.') && text.contains(':')), "{:?}", child("desc"));
        let labels: Vec<&str> = document.descendants().filter_map(|node| node.attribute("aria-label")).collect();
        let texts: Vec<&str> = drawing.geometry.texts.iter().map(|(text, _)| text.as_str()).collect();
        assert_eq!(labels, texts, "{}", case.chart.name);
        // Each glyph that is used is there.
        let used =
            document.descendants().filter(|node| node.has_tag_name("use")).filter_map(|node| node.attribute("href"));
        let there: Vec<&str> = document.descendants().filter_map(|node| node.attribute("id")).collect();
        used.for_each(|glyph| assert!(there.contains(&glyph.trim_start_matches('#')), "{glyph}"));
        // A label without a role is none.
        let mut labelled = document.descendants().filter(|node| node.has_attribute("aria-label"));
        assert!(labelled.all(|node| node.attribute("role") == Some("img")), "{}", case.chart.name);
    }
}

/// Several pictures in one page must not take the glyphs of each other.
#[test]
fn no_name_is_in_two_pictures() {
    let mut seen = std::collections::BTreeMap::new();
    for (case, drawing) in drawings() {
        let svg = drawing.svg();
        assert_eq!(svg, drawing.svg());
        let document = roxmltree::Document::parse(&svg).unwrap();
        for id in document.descendants().filter_map(|node| node.attribute("id")) {
            let other = seen.insert(id.to_owned(), case.chart.name.as_str());
            assert!(other.is_none(), "{id} is in {} and {other:?}", case.chart.name);
        }
    }
}

#[test]
fn a_description_counts_what_is_drawn() {
    let of = |name: &str| with_print(name, None, Ground::White).list.page.description;
    let text = of("line-log");
    assert!(text.starts_with("Line chart: HTTP traffic (Mbit/s) by clients."), "{text}");
    assert!(text.contains("15 points."), "{text}");
    assert!(of("bar").contains("8 bars."), "{}", of("bar"));
    assert!(of("heatmap").contains("40 fields."), "{}", of("heatmap"));
    assert!(of("line-empty").contains("No data."), "{}", of("line-empty"));
}

#[test]
fn a_dark_chart_has_light_letters_and_the_same_places() {
    let (white, dark) = (with_print("line-eight", None, Ground::White), with_print("line-eight", None, Ground::Dark));
    assert_eq!(white.geometry, dark.geometry);
    let pixels = Pixels::of(&dark);
    let ground = pixels.pixels().filter(|pixel| *pixel == [22, 24, 29]).count();
    assert!(ground * 2 > pixels.bytes.len() / pixels.parts, "{ground}");
    assert!(!pixels.pixels().any(|pixel| pixel == [255, 255, 255]));
    let letters = |drawing: &Drawing| -> Vec<u8> {
        let texts = drawing.list.marks.iter().filter_map(|mark| match mark {
            DrawnMark::Text(run) => Some(run.paint.rgb.1),
            _ => None,
        });
        texts.collect()
    };
    assert!(letters(&dark).into_iter().all(|green| green > 100));
    // The colours of fields are those of the scale on every ground.
    let viridis = |ground| {
        let drawing = with_print("heatmap", None, ground);
        let areas = drawing
            .list
            .marks
            .into_iter()
            .filter(|mark| matches!(mark, DrawnMark::Area { corners, .. } if corners.len() == 4));
        areas
            .filter(|mark| matches!(mark, DrawnMark::Area { paint, .. } if paint.rgb.0 != paint.rgb.1))
            .collect::<Vec<_>>()
    };
    let fields = viridis(Ground::White);
    assert!(fields.len() > 40 && fields.iter().all(|field| viridis(Ground::Dark).contains(field)));
}

#[test]
fn a_transparent_chart_has_no_ground() {
    let drawing = with_print("line-log", None, Ground::Transparent);
    let pixels = Pixels::of(&drawing);
    assert_eq!(pixels.parts, 4);
    assert!(pixels.pixels().filter(|pixel| pixel[3] == 0).count() > 100_000);
    let white = with_print("line-log", None, Ground::White);
    assert_eq!(white.list.marks, drawing.list.marks);
    assert!(white.svg().len() > drawing.svg().len() && white.pdf().unwrap().len() > drawing.pdf().unwrap().len());
}

/// A program of the tools that read PDF, if this machine has it.
fn tool(name: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(name).args(arguments).output().ok()?;
    assert!(output.status.success(), "{name} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The objects of a PDF without their compressed streams, in which any letters may follow each other.
fn without_streams(pdf: &[u8]) -> String {
    let text = String::from_utf8_lossy(pdf);
    text.split("endstream").map(|part| part.split("stream\n").next().unwrap_or(part)).collect()
}

#[test]
fn a_pdf_has_its_font_and_its_text_and_no_date() {
    let folder = tempfile::tempdir_in(env::temp_dir()).unwrap();
    let file = folder.path().join("chart.pdf");
    let path = file.to_str().unwrap();
    for (name, drawing) in sized_drawings() {
        let pdf = drawing.pdf().unwrap();
        assert!(pdf.trim_ascii_end().ends_with(b"%%EOF"), "{name}");
        assert!(pdf.len() < 150_000, "{name}: {} bytes", pdf.len());
        let text = without_streams(&pdf);
        assert!(!text.contains("Date") && !text.contains("/ID "), "{name}");
        // pdfTeX warns of a newer file, and of several groups on a page of several charts.
        assert!(pdf.starts_with(b"%PDF-1.5"), "{name}");
        let is_transparent = text.split("/ca ").skip(1).any(|rest| !rest.starts_with('1'));
        assert_eq!(text.contains("/Transparency"), is_transparent, "{name}");
        assert!(text.contains("/FontFile3") && text.contains("/ToUnicode"), "{name}");
    }
    let (case, drawing) = drawings().iter().find(|(case, _)| case.chart.name == "line-eight").unwrap();
    fs::write(&file, drawing.pdf().unwrap()).unwrap();
    if let Some(found) = tool("qpdf", &["--check", path]) {
        assert!(found.contains("No syntax or stream encoding errors"), "{found}");
    }
    if let Some(fonts) = tool("pdffonts", &[path]) {
        let font = fonts.lines().find(|line| line.contains("NotoSansSC")).unwrap_or_else(|| panic!("{fonts}"));
        let flags: Vec<&str> = font.split_whitespace().rev().skip(2).take(3).collect();
        assert_eq!(flags, ["yes", "yes", "yes"], "embedded, subset, with Unicode: {fonts}");
    }
    let Some(said) = tool("pdftotext", &["-raw", path, "-"]) else { return };
    let said: String = said.split_whitespace().collect();
    for (text, _) in &drawing.geometry.texts {
        let text: String = text.split_whitespace().collect();
        assert!(said.contains(&text), "{}: no `{text}` in {said}", case.chart.name);
    }
}

/// Letters that the font lacks are boxes; the files still say which they are.
#[test]
fn letters_without_a_glyph_can_be_read_in_an_svg() {
    let mut case = case_named("line-log");
    case.chart.title = Some("emoji \u{1F600} and \u{1F680}, a \u{1} control".to_owned());
    let drawing = drawn(&case);
    assert!(drawing.svg().contains("aria-label=\"emoji \u{1F600} and \u{1F680}, a   control\""), "{}", drawing.svg());
}
