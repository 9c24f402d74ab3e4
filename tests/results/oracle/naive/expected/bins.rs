//! What happened in each time bin, and in each of the pieces into which bins cut the window.

use super::super::log::Run;
use super::{Bin, Expected, Piece, Span, stays};

impl Expected {
    pub(super) fn fill_bins(&mut self, run: &Run, span: Span) {
        let width = self.bin;
        self.bins = vec![Bin::default(); span.end.div_ceil(width) as usize];
        let of = |at: u64| (at / width) as usize;
        for &at in &run.log.departures {
            self.bins[of(at)].requests += 1;
        }
        for (at, header, body) in &run.log.request_sizes {
            self.bins[of(*at)].http_bytes += header + body;
        }
        for reply in &run.log.replies {
            self.bins[of(reply.at)].http_bytes += reply.header + reply.body;
        }
        for (at, bytes) in run.log.more_up.iter().copied().chain(run.log.pushed.iter().map(|push| (push.0, push.1))) {
            self.bins[of(at)].http_bytes += bytes;
        }
        for landing in run.log.landings.iter().filter(|landing| landing.first) {
            self.bins[of(landing.at)].delivered += 1;
        }
        for (from, until) in stays(run) {
            for (b, bin) in self.bins.iter_mut().enumerate() {
                let start = b as u64 * width;
                let cell = Span { start, end: (start + width).min(span.end) };
                bin.held += u128::from(cell.overlap(from, until.unwrap_or(span.end)));
            }
        }
        self.pieces = cut(span, width)
            .into_iter()
            .map(|(start, end)| {
                let piece = Span { start, end };
                let requests = run.log.request_sizes.iter().map(|(at, header, body)| (*at, header + body));
                let replies = run.log.replies.iter().map(|reply| (reply.at, reply.header + reply.body));
                let pushes = run.log.pushed.iter().map(|(at, bytes, _)| (*at, *bytes));
                let sent = requests.chain(replies).chain(pushes).chain(run.log.more_up.iter().copied());
                let http_bytes = sent.filter(|(at, _)| piece.contains(*at)).map(|(_, bytes)| bytes).sum();
                let held = |(from, until): (u64, Option<u64>)| piece.overlap(from, until.unwrap_or(span.end));
                let held = stays(run).map(held).map(u128::from).sum();
                Piece { start, end, http_bytes, held, work: 0 }
            })
            .collect();
    }
}

/// Where bins cut the window. What is shorter than half a bin, at its edges, belongs to what is beside it.
fn cut(span: Span, width: u64) -> Vec<(u64, u64)> {
    let mut edges: Vec<u64> = (0..=span.end / width).map(|number| number * width).collect();
    edges.retain(|edge| span.start < *edge && *edge < span.end);
    if edges.first().is_some_and(|first| (first - span.start) * 2 < width) {
        edges.remove(0);
    }
    if edges.last().is_some_and(|last| (span.end - last) * 2 < width) {
        edges.pop();
    }
    let starts = [span.start].into_iter().chain(edges.iter().copied());
    starts.zip(edges.iter().copied().chain([span.end])).collect()
}
