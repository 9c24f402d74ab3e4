//! The fate of the messages: none created, lost, pending, a growing backlog.

use super::causes::{self, Reason};
use super::observed::{ResultView, percent};
use crate::experiment::warning::{Diagnosis, Gathering, WarningKind};
use crate::report::survivors::Backlog;
use crate::units::Time;

/// A larger fraction of the messages gets a warning.
const SHARE: f64 = 0.01;

/// Whether the backlog grows.
pub(super) fn check(view: &ResultView, found: &mut Gathering) -> bool {
    let totals = view.totals;
    if totals.created + totals.pending_start == 0 {
        view.add(found, nothing(view));
        return false;
    }
    let settled = totals.delivered + totals.lost + totals.superseded;
    if totals.lost as f64 > SHARE * settled as f64 {
        view.add(found, lost(view, totals.lost as f64 / settled as f64));
    }
    let Some(what) = waiting(view) else { return false };
    let grows = what.kind == WarningKind::BacklogGrows;
    view.add(found, what);
    grows
}

fn nothing(view: &ResultView) -> Diagnosis {
    Diagnosis {
        kind: WarningKind::NothingCreated,
        cause: String::new(),
        weight: 0.0,
        message: "no message was created in the window".to_owned(),
        details: vec![format!(
            "so there is no latency, and nothing per message, in a window of {}",
            view.scenario.window.duration
        )],
        help: "write a source that is less rare, a longer duration, or more replications".to_owned(),
    }
}

fn lost(view: &ResultView, share: f64) -> Diagnosis {
    let cause = causes::of_loss(view);
    let survivors = match view.totals.delivered {
        0 => "none arrived, so there is no latency",
        _ => "the latency is that of the others",
    };
    Diagnosis {
        kind: WarningKind::MessagesLost,
        cause: cause.name.to_owned(),
        weight: share,
        message: format!("{} of the messages were lost", percent(share)),
        details: vec![cause.text, survivors.to_owned()],
        help: cause.help,
    }
}

/// Messages that have not arrived when the window closes.
fn waiting(view: &ResultView) -> Option<Diagnosis> {
    let totals = view.totals;
    let created = totals.created.max(1) as f64;
    let share = totals.open as f64 / created;
    // A message to many clients waits and arrives as many copies.
    let copies = match view.group.pooled.shared {
        0 => 1.0,
        shared => totals.created as f64 / shared as f64,
    };
    let (before, after) = (totals.pending_start as f64, totals.pending_end as f64);
    let backlog = Backlog { before, after, created, copies };
    let grows = backlog.grows();
    if !grows && share <= SHARE {
        return None;
    }
    let cause = causes::of_waiting(view);
    if view.is_quick && cause.is_none() {
        return None;
    }
    let cause = cause.unwrap_or_else(|| on_its_way(view, share, &backlog));
    let mut details = vec![cause.text];
    let (kind, weight, message) = if grows {
        let rise = backlog.rise();
        details.push(format!(
            "{before} waited when the window opened, {after} when it closed: the mean latency depends on its length"
        ));
        let message = format!("the messages that wait rise by {} of those created", percent(rise));
        (WarningKind::BacklogGrows, rise, message)
    } else {
        let lost = match totals.lost as f64 / created {
            0.0 => String::new(),
            lost => format!(", and {} were lost", percent(lost)),
        };
        let message = format!("{} of the messages had not arrived when the window closed{lost}", percent(share));
        (WarningKind::MessagesPending, share, message)
    };
    Some(Diagnosis { kind, cause: cause.name.to_owned(), weight, message, details, help: cause.help })
}

/// Their latency is long for a window of this length.
fn on_its_way(view: &ResultView, share: f64, backlog: &Backlog) -> Reason {
    let latency = &view.totals.latency;
    let mean = latency.sum() as f64 / latency.count().max(1) as f64 / 1e9;
    let window = view.scenario.window;
    let decimals = match mean {
        10.0.. => 0,
        1.0.. => 1,
        _ => 3,
    };
    let text = format!("a message takes {mean:.decimals$} s on average, in a window of {}", window.duration);
    // Whole seconds to propose.
    let whole_seconds = |seconds: f64| Time::from_secs(seconds.ceil() as u64);
    let duration = whole_seconds(window.duration.as_secs_f64() * share / SHARE);
    let (text, help) = if backlog.grows() {
        let warmup = whole_seconds(5.0 * mean).max(window.warmup);
        (text, format!("write warmup = \"{warmup}\" and duration = \"{duration}\" or longer"))
    } else {
        let before = match backlog.is_steady() {
            true => "as many waited when it opened, so the latency is not that of survivors".to_owned(),
            false => {
                format!("{} waited when it opened: too few to tell whether there are more and more", backlog.before)
            }
        };
        (format!("{text}; {before}"), format!("write duration = \"{duration}\" or longer for 1 %"))
    };
    Reason { name: "on its way", text, help }
}
