//! A trace for a viewer such as <https://ui.perfetto.dev> or `chrome://tracing`, in the Trace Event Format.
//!
//! A process is a transport. Its threads are the requests of the client, the network, the server and the messages.
//! Slices of one thread must lie in or beside each other, so slices that overlap otherwise get threads of their own.
//! A flow leads from each request to its reply. Times are in microseconds, as the format wants it.

use serde::Serialize;
use serde_json::{Value, json};

use super::scene::{Arrow, Scene};
use super::story::Actor;
use super::words;
use super::{ClientTrace, TracedLife};
use crate::model::RequestId;
use crate::units::Time;

/// The document.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ViewerDocument {
    trace_events: Vec<ViewerEvent>,
    display_time_unit: &'static str,
    other_data: Value,
}

/// An event of the format.
#[derive(Debug, Serialize)]
struct ViewerEvent {
    name: String,
    cat: &'static str,
    ph: &'static str,
    ts: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    dur: Option<f64>,
    pid: usize,
    tid: usize,
    /// The scope of an instant: its thread.
    #[serde(skip_serializing_if = "Option::is_none")]
    s: Option<&'static str>,
    /// The number of a flow.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    /// A flow ends in the slice around it.
    #[serde(skip_serializing_if = "Option::is_none")]
    bp: Option<&'static str>,
    args: Value,
}

/// A slice before it has a thread.
struct Slice {
    group: usize,
    name: String,
    cat: &'static str,
    from: Time,
    to: Time,
    /// The flow that begins or ends in it, and whether it begins.
    flow: Option<(usize, bool)>,
    args: Value,
}

/// The groups of threads of a process.
const GROUPS: [&str; 4] = ["requests", "network", "server", "messages"];
/// Threads of a group, at most.
const THREADS: usize = 1000;

/// The document, as JSON.
///
/// # Errors
/// If it cannot be written, which does not happen in memory.
pub fn trace_json(trace: &ClientTrace) -> Result<String, serde_json::Error> {
    let mut flows = 0;
    let (mut names, mut events) = (Vec::new(), Vec::new());
    for (process, life) in (1..).zip(&trace.lives) {
        let scene = Scene::of(life).within(trace.from, trace.to);
        let slices = slices(life, &scene, trace.to, &mut flows);
        names.push(naming("process_name", (process, 0), &life.name()));
        names.push(ViewerEvent {
            args: json!({ "sort_index": process }),
            ..naming("process_sort_index", (process, 0), "")
        });
        let threads = threads(&slices);
        for (group, word) in GROUPS.iter().enumerate() {
            let most = slices.iter().zip(&threads).filter(|(slice, _)| slice.group == group).map(|(_, thread)| *thread);
            for thread in 0..=most.max().unwrap_or(0) {
                let name = if thread == 0 { (*word).to_owned() } else { format!("{word} ({})", thread + 1) };
                names.push(naming("thread_name", (process, tid(group, thread)), &name));
            }
        }
        for (slice, thread) in slices.into_iter().zip(threads) {
            events.extend(slice.events((process, tid(slice.group, thread))));
        }
        events.extend(instants(&scene, process));
    }
    events.sort_by(|one, other| one.ts.total_cmp(&other.ts));
    names.extend(events);
    let document = ViewerDocument {
        trace_events: names,
        display_time_unit: "ms",
        other_data: json!({
            "title": trace.title,
            "client": trace.client,
            "replication": trace.replication,
            "seed": trace.seed,
            "point": trace.point,
            "from_s": trace.from.as_secs_f64(),
            "to_s": trace.to.as_secs_f64(),
        }),
    };
    Ok(serde_json::to_string(&document)? + "\n")
}

fn tid(group: usize, thread: usize) -> usize {
    group * THREADS + thread + 1
}

/// The least number of which a reader gets the time back. Perfetto takes the whole nanoseconds of a number, so that one
/// below the time would be another nanosecond, and slices side by side would overlap: of these it shows one alone.
fn micros(time: Time) -> f64 {
    let micros = time.0 as f64 / 1e3;
    if ((micros * 1e3) as u64) < time.0 { micros.next_up() } else { micros }
}

/// An event that names a process or a thread.
fn naming(kind: &str, (pid, tid): (usize, usize), name: &str) -> ViewerEvent {
    ViewerEvent {
        name: kind.to_owned(),
        cat: "__metadata",
        ph: "M",
        ts: 0.0,
        dur: None,
        pid,
        tid,
        s: None,
        id: None,
        bp: None,
        args: json!({ "name": name }),
    }
}

impl Slice {
    /// The slice, and the end of a flow in it.
    fn events(&self, (pid, tid): (usize, usize)) -> Vec<ViewerEvent> {
        let ts = micros(self.from);
        // Viewers do not show a slice without a length, and bind no flow to it.
        let dur = micros(Time(self.to.since(self.from).0.max(1)));
        let plain = ViewerEvent {
            name: self.name.clone(),
            cat: self.cat,
            ph: "X",
            ts,
            dur: Some(dur),
            pid,
            tid,
            s: None,
            id: None,
            bp: None,
            args: self.args.clone(),
        };
        let flow = self.flow.map(|(id, begins)| ViewerEvent {
            name: "request and reply".to_owned(),
            cat: "flow",
            ph: if begins { "s" } else { "f" },
            ts,
            dur: None,
            pid,
            tid,
            s: None,
            id: Some(id),
            bp: if begins { None } else { Some("e") },
            args: json!({}),
        });
        std::iter::once(plain).chain(flow).collect()
    }
}

fn slices(life: &TracedLife, scene: &Scene, to: Time, flows: &mut usize) -> Vec<Slice> {
    let mut slices = Vec::new();
    for request in &scene.requests {
        let name = words::request(request.request, life.is_push());
        let args = json!({ "outcome": request.outcome });
        let end = request.end.unwrap_or(to);
        slices.push(Slice { group: 0, name, cat: "request", from: request.sent, to: end, flow: None, args });
    }
    let on_network: Vec<&Arrow> = scene.arrows.iter().filter(|arrow| arrow.from != Actor::Source).collect();
    let mut ends = vec![None; on_network.len()];
    for (place, arrow) in on_network.iter().enumerate() {
        let is_reply = |other: &Arrow| other.request == arrow.request && other.from == Actor::Server;
        let reply = || (place..on_network.len()).find(|other| is_reply(on_network[*other]));
        if arrow.from == Actor::Client
            && ends[place].is_none()
            && let Some(reply) = reply()
            && ends[reply].is_none()
        {
            *flows += 1;
            ends[place] = Some((*flows, true));
            ends[reply] = Some((*flows, false));
        }
    }
    for (arrow, flow) in on_network.iter().zip(ends) {
        let way = if arrow.from == Actor::Client { "up" } else { "down" };
        let args = json!({ "bytes": arrow.bytes, "way": way, "heard": arrow.is_heard, "request": words::request(arrow.request, life.is_push()) });
        let (name, end) = (arrow.label.clone(), arrow.arrives.unwrap_or(to).max(arrow.sent));
        slices.push(Slice { group: 1, name, cat: "network", from: arrow.sent, to: end, flow, args });
    }
    for bar in &scene.bars {
        let request = words::request(bar.request, life.is_push());
        let args = json!({ "request": request, "orphan_from_s": bar.orphan_from.map(Time::as_secs_f64) });
        let (group, name) = (if bar.kind.actor() == Actor::Client { 0 } else { 2 }, bar.kind.word().to_owned());
        let end = bar.to.unwrap_or(to).max(bar.from);
        slices.push(Slice { group, name, cat: "server", from: bar.from, to: end, flow: None, args });
    }
    for delivery in &scene.deliveries {
        let name = format!("message {}", delivery.message);
        let (from, to) = (delivery.created, delivery.delivered);
        let args = json!({ "latency_s": to.since(from).as_secs_f64() });
        slices.push(Slice { group: 3, name, cat: "message", from, to, flow: None, args });
    }
    slices
}

/// The thread of each slice in its group: the first whose slices have ended.
fn threads(slices: &[Slice]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..slices.len()).collect();
    order.sort_by_key(|place| (slices[*place].from, *place));
    let mut free: [Vec<Time>; GROUPS.len()] = Default::default();
    let mut threads = vec![0; slices.len()];
    for place in order {
        let slice = &slices[place];
        let ends = &mut free[slice.group];
        let end = slice.to.max(slice.from.plus(Time(1)));
        let thread = ends.iter().position(|free_from| *free_from <= slice.from).unwrap_or(ends.len());
        match ends.get_mut(thread) {
            Some(free_from) => *free_from = end,
            None => ends.push(end),
        }
        threads[place] = thread;
    }
    threads
}

/// What happens at one instant.
fn instants(scene: &Scene, pid: usize) -> Vec<ViewerEvent> {
    let group = |actor: Actor| match actor {
        Actor::Client => 0,
        Actor::Network => 1,
        Actor::Server => 2,
        Actor::Source => 3,
    };
    let instant = |name: String, cat, at: Time, group| ViewerEvent {
        name,
        cat,
        ph: "i",
        ts: micros(at),
        dur: None,
        pid,
        tid: tid(group, 0),
        s: Some("t"),
        id: None,
        bp: None,
        args: json!({}),
    };
    let notes = scene.notes.iter().map(|note| {
        let about = match note.request {
            RequestId::Nothing => String::new(),
            request => format!(" ({})", words::request(request, false)),
        };
        instant(format!("{}{about}", note.label), "event", note.at, group(note.actor))
    });
    let created = scene.arrows.iter().filter(|arrow| arrow.from == Actor::Source);
    let created = created.map(|arrow| instant(format!("{} created", arrow.label), "message", arrow.sent, 3));
    let delivered = scene.deliveries.iter();
    let delivered = delivered
        .map(|delivery| instant(format!("message {} delivered", delivery.message), "message", delivery.delivered, 0));
    notes.chain(created).chain(delivered).collect()
}
