use super::*;
use crate::experiment::Experiment;
use crate::report::chart::Rect;
use crate::report::trace::{TraceSpan, TraceWish, trace_client};

/// A crowded server behind a proxy, a lossy network with TCP and pushes, and more messages than have room.
const FILES: [&str; 3] = [
    "[clients]\ncount = 8\ntimeout = \"4 s\"\n[server]\nworkers = 2\nbacklog = 2\n\
     check = { every = \"0.5 s\", count = 20 }\n[proxy]\nread_timeout = \"3 s\"\n[source]\n\
     poisson = { rate = \"0.3 /s\" }\n[network]\nup = { constant = \"40 ms\" }\n\
     down = { constant = \"40 ms\" }\n[[transport]]\nname = \"long\"\nlong_poll = {}\n[[transport]]\n\
     name = \"short\"\nshort_poll = { interval = \"2 s\" }\n",
    "[clients]\ncount = 2\n[source]\npoisson = { rate = \"0.5 /s\" }\n[network]\n\
     up = { constant = \"40 ms\" }\ndown = { constant = \"40 ms\" }\nloss = { rate = \"20 %\" }\n\
     wire = { tls = {} }\n[[transport]]\nname = \"long\"\nlong_poll = {}\n[[transport]]\n\
     name = \"sse\"\nsse = {}\n[[transport]]\nname = \"websocket\"\nwebsocket = {}\n",
    "[clients]\ncount = 1\n[source]\npoisson = { rate = \"20 /s\" }\n[[transport]]\nname = \"short\"\n\
     short_poll = { interval = \"1 s\" }\n",
];

fn layouts() -> Vec<Diagram> {
    let layout = |(file, text): (usize, &&str)| {
        let text = format!("[experiment]\nwarmup = \"20 s\"\nduration = \"5 min\"\n{text}");
        let experiment = Experiment::from_text("x.toml", &text, std::path::Path::new(""), &[]);
        let experiment = experiment.unwrap_or_else(|wrong| panic!("{file}: {}", wrong.render()));
        let transports = (0..experiment.transports().len()).collect();
        let wish = TraceWish { point: 0, transports, replication: 0, client: 0, span: TraceSpan::default() };
        Diagram::of(&trace_client(&experiment, &wish).unwrap())
    };
    FILES.iter().enumerate().map(layout).collect()
}

#[test]
fn labels_cover_nothing() {
    let mut labels = 0;
    for layout in layouts() {
        for column in layout.bands.iter().flat_map(|band| &band.columns) {
            let bounds: Vec<Rect> = column.labels.iter().map(DiagramLabel::bounds).collect();
            labels += bounds.len();
            for (place, one) in bounds.iter().enumerate() {
                let text = &column.labels[place].text;
                assert!(bounds[..place].iter().all(|other| !other.overlaps(one)), "{text} covers a label");
                assert!(column.bars.iter().all(|bar| !bar.rect.overlaps(one)), "{text} covers a bar");
                for arrow in &column.arrows {
                    let steps = (0..=400).map(|step| f64::from(step) / 400.0);
                    let on = |share: f64| {
                        let x = arrow.from.0 + (arrow.to.0 - arrow.from.0) * share;
                        Rect::around((x, arrow.y_at(x)), 0.1, 0.1)
                    };
                    assert!(steps.map(on).all(|dot| !dot.overlaps(one)), "{text} covers an arrow");
                }
                let inside = Rect::new(0.0, 0.0, layout.size.0, layout.size.1);
                assert!(inside.contains(one), "{text} leaves the sheet");
            }
        }
    }
    assert!(labels > 60, "{labels}");
}

#[test]
fn heads_and_legend_cover_nothing() {
    for layout in layouts() {
        let legend = layout.legend.iter().map(|entry| entry.label.bounds());
        let all: Vec<Rect> = layout.texts.iter().map(DiagramLabel::bounds).chain(legend).collect();
        for (place, one) in all.iter().enumerate() {
            assert!(all[..place].iter().all(|other| !other.overlaps(one)), "{one:?}");
        }
    }
}

#[test]
fn most_labels_have_room() {
    for layout in layouts() {
        let (shown, left_out) = layout
            .bands
            .iter()
            .flat_map(|band| &band.columns)
            .fold((0, 0), |(shown, left_out), column| (shown + column.labels.len(), left_out + column.left_out));
        assert!(left_out * 10 <= shown + left_out, "{left_out} of {}", shown + left_out);
        assert!(shown > 30, "{shown}");
    }
}
