//! The chart of a comparison: made-up ones, in which no text is in the way, and that of `compare --chart`.
//!
//! `COMETSIM_CHART_DIR=some/folder cargo test --test program forest::` also writes the made-up ones there, to look at.

#![allow(clippy::pedantic)]

use std::fs;
use std::path::PathBuf;

use cometsim::report::chart::{Drawing, Forest, ForestMark, ForestPlot, PictureFormat, Rect, RowGroup};
use plotters::style::RGBColor;

use crate::program::{Output, Scratch, run_to};

/// A plot of marks that go up from `from` by a `factor`, with every third one without a ratio.
fn plot(title: &str, rows: usize, (from, factor): (f64, f64)) -> ForestPlot {
    let mark = |row: usize| {
        let value = from * factor.powi(row as i32);
        let is_defined = row % 3 != 2;
        Some(ForestMark {
            value: if is_defined { Some(value) } else { None },
            interval: if is_defined { Some((value * 0.5, value * 1.7)) } else { None },
            is_significant: [Some(true), Some(false), None][row % 2],
            text: if is_defined { format!("{value:.3} ± 0.021") } else { String::new() },
        })
    };
    let mut marks: Vec<_> = (0..rows).map(mark).collect();
    marks[rows / 2] = None;
    ForestPlot { title: title.to_owned(), unit: "s".to_owned(), is_ratio: from > 0.0, marks }
}

fn forest(names: &[&str], points: usize, plots: Vec<ForestPlot>) -> Forest {
    let group = |(number, name): (usize, &&str)| RowGroup {
        name: (*name).to_owned(),
        color: RGBColor((number as u8).wrapping_mul(40), 90, 160),
        rows: (0..if points > 1 { points } else { 0 }).map(|point| format!("{}", 10_usize.pow(point as u32))).collect(),
    };
    Forest {
        title: "Every transport against the one that is usual, with a title of more than one line of a figure of this width"
            .to_owned(),
        baseline: names[0].to_owned(),
        keys: if points > 1 { "polling interval of the transport that polls (s), clients".to_owned() } else { String::new() },
        groups: names.iter().enumerate().map(group).collect(),
        plots,
        ..Forest::default()
    }
}

fn made_up() -> Vec<Forest> {
    let long = [
        "short polling of the whole mailbox, every second, with a cookie",
        "长轮询，服务器每秒检查一次，一千个客户端",
        "=long, \"polling\"",
        "x",
        "websocket",
        "long polling of one message",
        "long polling of all messages, with a hold of a minute",
        "server-sent events",
        "polling_every_single_second_without_any_space_in_its_name",
        "push",
    ];
    vec![
        forest(&["long polling"], 1, vec![plot("mean data latency", 1, (2.0, 1.0))]),
        forest(&long, 1, vec![plot("mean data latency", 10, (0.01, 3.0)), plot("HTTP traffic", 10, (0.9, 1.02))]),
        forest(
            &long[..2],
            9,
            vec![
                plot("95th percentile of data latency", 18, (1.0, 1.3)),
                plot("share of messages that arrived", 18, (0.99, 1.001)),
                plot("HTTP traffic", 18, (-20.0, 1.1)),
                plot("requests per message", 18, (1e6, 4.0)),
                plot("requests", 18, (1e-9, 0.9)),
            ],
        ),
    ]
}

#[test]
fn no_text_of_a_forest_leaves_the_sheet_or_covers_another() {
    let folder = std::env::var_os("COMETSIM_CHART_DIR").map(PathBuf::from);
    for (number, forest) in made_up().into_iter().enumerate() {
        let drawing = forest.draw().unwrap();
        let (svg, Drawing { geometry, .. }) = (drawing.svg(), &drawing);
        if let Some(folder) = &folder {
            fs::create_dir_all(folder).unwrap();
            for format in PictureFormat::ALL {
                let file = folder.join(format!("forest-{number}.{}", format.ending()));
                fs::write(file, drawing.bytes(format).unwrap()).unwrap();
            }
        }
        let sheet = Rect::new(0.0, 0.0, geometry.size.0, geometry.size.1);
        assert!(!svg.contains("NaN") && !svg.contains("inf"));
        assert_eq!(geometry.plots.len(), forest.plots.len());
        for (place, (text, rect)) in geometry.texts.iter().enumerate() {
            assert!(sheet.contains(rect), "`{text}` leaves the sheet: {rect:?}");
            for (other, there) in &geometry.texts[..place] {
                assert!(!rect.overlaps(there), "`{text}` covers `{other}`");
            }
            let is_inside = |plot: &Rect| plot.overlaps(rect);
            assert!(text == "no ratio" || !geometry.plots.iter().any(is_inside), "`{text}` is in a plot");
        }
        assert_eq!(svg, forest.draw().unwrap().svg());
    }
}

#[test]
fn the_baseline_is_named_once_where_axes_have_no_room_for_it() {
    let texts = |forest: &Forest| -> Vec<String> {
        forest.draw().unwrap().geometry.texts.into_iter().map(|(text, _)| text).collect()
    };
    let all = made_up();
    let said = texts(&all[0]);
    assert!(said.iter().any(|text| text == "ratio to long polling"), "{said:?}");
    let said = texts(&all[2]);
    assert_eq!(said.iter().filter(|text| *text == "ratio to the baseline").count(), 4, "{said:?}");
    assert!(said.iter().any(|text| text == "difference from the baseline (s)"), "{said:?}");
    assert!(said.iter().any(|text| text.starts_with("baseline: short polling of the whole mailbox")), "{said:?}");
}

/// A transport that the sweep changes, one that it does not, and a baseline; bytes of the messages only where there is
/// one.
fn study(scratch: &Scratch, name: &str, rate: &str) -> String {
    let text = format!(
        "[experiment]\ntitle = \"Study\"\nreplications = 5\nduration = \"60 s\"\nwarmup = \"45 s\"\nbin = \"15 s\"\n\
         accept = [\"few-messages-expected\", \"too-few-messages\", \"imprecise\", \"messages-pending\"]\n\
         [clients]\ncount = 20\n[source]\npoisson = {{ rate = \"{rate}\" }}\n\
         [[transport]]\nname = \"=long, 长\"\nlong_poll = {{}}\n\
         [[transport]]\nname = \"short polling\"\nshort_poll = {{ interval = \"2 s\" }}\n\
         [[transport]]\nname = \"same\"\nlong_poll = {{}}\n\
         [sweep]\n'transport.\"short polling\".interval' = [\"1 s\", \"2 s\", \"4 s\"]\n"
    );
    scratch.file(&format!("{name}.toml"), &text)
}

fn compare(scratch: &Scratch, folders: &[&str], options: &[&str]) -> Output {
    scratch.cometsim(&[&["compare", "--quiet"], folders, options].concat())
}

#[test]
fn compare_draws_what_it_prints() {
    let scratch = Scratch::new();
    run_to(&scratch, &study(&scratch, "study", "0.1 /s"), "one", &[]);
    run_to(&scratch, &study(&scratch, "study", "0.2 /s"), "two", &[]);
    let svg = || fs::read_to_string(scratch.path("out.svg")).unwrap();
    let output = compare(&scratch, &["one/study"], &["--chart", "out.svg"]);
    assert_eq!((output.code, output.stderr.as_str()), (0, "chart: out.svg\n"), "{}", output.stdout);
    assert_eq!(output.stdout, compare(&scratch, &["one/study"], &[]).stdout);
    let first = svg();
    for text in
        ["Study", "ratio to =long, 长", "short polling", "same", "polling interval of", "significant difference"]
    {
        assert!(first.contains(&format!("=\"{text}")), "{text}");
    }
    // A row that is of all points has no value of the swept key: only the three of short polling are there.
    let values = first.matches("=\"1\"").count() + first.matches("=\"4\"").count();
    assert!(values >= 2, "{first}");
    compare(&scratch, &["one/study"], &["--chart", "out.svg"]);
    assert_eq!(svg(), first);

    let output = compare(&scratch, &["one/study"], &["--chart", "out.PNG", "--metrics", "latency_mean_s"]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    assert!(fs::read(scratch.path("out.PNG")).unwrap().starts_with(b"\x89PNG"));

    // Folders with one name are told apart by their paths.
    let output = compare(&scratch, &["one/study", "two/study"], &["--chart", "out.svg", "--metrics", "requests_per_s"]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    assert!(svg().contains("\"ratio to one/study\""));
}

#[test]
fn a_chart_that_cannot_be_written_is_refused_before_the_work() {
    let scratch = Scratch::new();
    run_to(&scratch, &study(&scratch, "study", "0.1 /s"), "out", &[]);
    fs::create_dir(scratch.path("folder.png")).unwrap();
    for (file, why) in [
        ("chart.gif", "a chart is a .png, an .svg or a .pdf: end its name with one of them"),
        ("chart", "a chart is a .png, an .svg or a .pdf: end its name with one of them"),
        ("folder.png", "cannot write the chart folder.png: it is a folder"),
        ("nowhere/chart.svg", "cannot write the chart nowhere/chart.svg: there is no folder nowhere"),
    ] {
        let output = compare(&scratch, &["out/study"], &["--chart", file]);
        assert_eq!((output.code, output.stdout.as_str()), (2, ""), "{file}: {}", output.stderr);
        assert!(output.stderr.contains(why), "{file}: {}", output.stderr);
    }
    let output = compare(&scratch, &["out/study"], &["--chart", "none.svg", "--metrics", "messages_lost_per_s"]);
    assert_eq!(output.code, 2, "{}", output.stderr);
    assert!(!PathBuf::from(scratch.path("none.svg")).exists());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_a_failure_of_the_system() {
    let scratch = Scratch::new();
    run_to(&scratch, &study(&scratch, "study", "0.1 /s"), "out", &[]);
    std::os::unix::fs::symlink("/dev/full", scratch.path("full.svg")).unwrap();
    let output = compare(&scratch, &["out/study"], &["--chart", "full.svg"]);
    assert_eq!(output.code, 1);
    assert!(output.stderr.contains("cannot write the chart full.svg"), "{}", output.stderr);
}
