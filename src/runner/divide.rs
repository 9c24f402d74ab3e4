//! Divides replications among tasks of about equal cost.

use std::collections::BTreeSet;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::part::PieceName;
use super::pilot::replication_seconds;
use super::record::RecordName;
use super::work::Piece;
use crate::experiment::{Plan, PlannedRun, RunKey};
use crate::model::shards;

/// The longest time that a task may lose if it is stopped, in seconds of one processor: longer replications are kept in
/// pieces, if they have shards.
const PIECE_SECONDS: f64 = 300.0;
/// The cost of the smallest replication, in seconds: no cost is 0.
const LEAST_SECONDS: f64 = 1e-6;

/// Successive replications of one scenario.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JobSpan {
    /// Number of the point.
    pub point: usize,
    /// Number of the transport.
    pub transport: usize,
    /// Digest of the scenario.
    pub scenario: RunKey,
    /// Replications in the spans before.
    pub before: u64,
    /// Number of the first replication.
    pub first: u32,
    /// How many there are.
    pub count: u32,
    /// Shards of each.
    pub shards: u64,
    /// Predicted processor time of each, in seconds.
    pub seconds: f64,
}

/// Replications, and where each task begins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Divided {
    /// The replications, in order.
    pub spans: Vec<JobSpan>,
    /// Where each task begins, and where the last one ends: the number of a replication in `spans`, and its shard.
    pub starts: Vec<(u64, u64)>,
}

/// Divides the replications `wanted` of `plan` among `tasks`, at least 1, of about equal predicted cost. A replication
/// whose clients share nothing may be divided, too.
pub fn divide(plan: &Plan, wanted: &BTreeSet<RecordName>, tasks: u32) -> Divided {
    let mut seen = BTreeSet::new();
    let runs = plan.runs().iter().filter(|run| seen.insert(run.key));
    let runs: Vec<&PlannedRun> = runs.filter(|run| replications(wanted, run.key).next().is_some()).collect();
    let seconds = replication_seconds(plan, &runs);
    let mut spans = Vec::new();
    let mut before = 0;
    for (run, seconds) in runs.iter().zip(seconds) {
        let shards = shards(&plan.scenario(run)).len() as u64;
        for numbers in consecutive(replications(wanted, run.key)) {
            let count = numbers.len() as u32;
            spans.push(JobSpan {
                point: run.point(),
                transport: run.transport,
                scenario: run.key,
                before,
                first: numbers.start,
                count,
                shards,
                seconds: seconds.max(LEAST_SECONDS),
            });
            before += u64::from(count);
        }
    }
    let starts = starts(&spans, tasks);
    Divided { spans, starts }
}

/// The wanted replications of a scenario, rising.
fn replications(wanted: &BTreeSet<RecordName>, key: RunKey) -> impl Iterator<Item = u32> {
    wanted.range((key, 0)..=(key, u32::MAX)).map(|(_, number)| *number)
}

/// Rising numbers as ranges without gaps.
fn consecutive(numbers: impl Iterator<Item = u32>) -> Vec<Range<u32>> {
    let mut ranges: Vec<Range<u32>> = Vec::new();
    for number in numbers {
        match ranges.last_mut() {
            Some(last) if last.end == number => last.end += 1,
            _ => ranges.push(number..number + 1),
        }
    }
    ranges
}

/// Where each of `tasks` begins, and where the last one ends.
fn starts(spans: &[JobSpan], tasks: u32) -> Vec<(u64, u64)> {
    let all: f64 = spans.iter().map(|span| span.seconds * f64::from(span.count)).sum();
    let mut starts = Vec::with_capacity(tasks as usize + 1);
    let (mut jobs, mut cost) = (0, 0.0);
    for span in spans {
        let end = cost + span.seconds * f64::from(span.count);
        while starts.len() < tasks as usize {
            let from_start = all / f64::from(tasks) * starts.len() as f64 - cost;
            if from_start >= end - cost {
                break;
            }
            let shard = (from_start / span.seconds * span.shards as f64).round() as u64;
            starts.push((jobs + shard / span.shards, shard % span.shards));
        }
        jobs += u64::from(span.count);
        cost = end;
    }
    // Tasks of which rounding leaves nothing.
    starts.resize(tasks as usize + 1, (jobs, 0));
    starts
}

impl Divided {
    /// The number of tasks.
    pub fn tasks(&self) -> u32 {
        self.starts.len().saturating_sub(1) as u32
    }

    /// Whether a task has nothing to do.
    pub fn is_empty(&self, task: u32) -> bool {
        let place = task as usize;
        self.starts[place] == self.starts[place + 1]
    }

    /// Whether its spans and starts fit together, as in a file that was not altered.
    pub fn is_whole(&self) -> bool {
        let mut before = 0;
        for span in &self.spans {
            if span.before != before || span.shards == 0 || span.seconds.is_nan() || span.seconds <= 0.0 {
                return false;
            }
            before = span.end();
        }
        let is_first = self.starts.first() == Some(&(0, 0));
        is_first && self.starts.is_sorted() && self.starts.last() == Some(&(before, 0))
    }

    /// Predicted processor time of all tasks, in seconds.
    pub fn seconds(&self) -> f64 {
        self.spans.iter().map(|span| span.seconds * f64::from(span.count)).sum()
    }

    /// A task alone, as task 0: with the spans that it has replications of.
    pub(super) fn alone(&self, task: u32) -> Divided {
        let (start, end) = (self.starts[task as usize], self.starts[task as usize + 1]);
        let first = self.spans.partition_point(|span| span.end() <= start.0);
        let after = self.spans.partition_point(|span| span.before <= end.0);
        Divided { spans: self.spans[first..after.max(first)].to_vec(), starts: vec![start, end] }
    }

    /// The scenarios of the spans as runs of the plan.
    pub(super) fn runs(&self) -> Vec<PlannedRun> {
        let run = |span: &JobSpan| PlannedRun {
            key: span.scenario,
            points: vec![span.point],
            transport: span.transport,
            replications: span.count,
        };
        self.spans.iter().map(run).collect()
    }

    /// What a task simulates; runs are numbered as spans.
    pub(super) fn pieces(&self, task: u32) -> Vec<Piece> {
        let (start, end) = (self.starts[task as usize], self.starts[task as usize + 1]);
        let last = if end.1 > 0 { end.0 + 1 } else { end.0 };
        let first = self.spans.partition_point(|span| span.end() <= start.0);
        let mut pieces = Vec::new();
        for (run, span) in self.spans.iter().enumerate().skip(first).take_while(|(_, span)| span.before < last) {
            for job in span.before.max(start.0)..span.end().min(last) {
                let from = if job == start.0 { start.1 } else { 0 };
                let until = if job == end.0 { end.1 } else { span.shards };
                let replication = span.first + (job - span.before) as u32;
                pieces.extend(span.cut(from..until).map(|shards| Piece { run, replication, shards }));
            }
        }
        pieces
    }

    /// The name of a piece.
    pub(super) fn name_of(&self, piece: &Piece) -> PieceName {
        let shards = piece.shards.clone().map(|shards| (shards.start, shards.end));
        PieceName { of: (self.spans[piece.run].scenario, piece.replication), shards }
    }

    /// The names of the pieces of a task.
    pub fn names(&self, task: u32) -> Vec<PieceName> {
        self.pieces(task).iter().map(|piece| self.name_of(piece)).collect()
    }
}

impl JobSpan {
    /// Replications before its end.
    fn end(&self) -> u64 {
        self.before + u64::from(self.count)
    }

    /// These shards of a replication in pieces that are not too long; `None`: all shards in one.
    fn cut(&self, shards: Range<u64>) -> impl Iterator<Item = Option<Range<u64>>> {
        let most = (PIECE_SECONDS / self.seconds * self.shards as f64).clamp(1.0, self.shards as f64) as u64;
        let is_whole = (shards.end - shards.start) == self.shards && most == self.shards;
        let count = (shards.end - shards.start).div_ceil(most);
        (0..count).map(move |number| {
            let start = shards.start + number * most;
            if is_whole { None } else { Some(start..(start + most).min(shards.end)) }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(count: u32, shards: u64, seconds: f64) -> JobSpan {
        JobSpan { point: 0, transport: 0, scenario: RunKey([7; 16]), before: 0, first: 3, count, shards, seconds }
    }

    fn divided(mut spans: Vec<JobSpan>, tasks: u32) -> Divided {
        let mut before = 0;
        for span in &mut spans {
            span.before = before;
            before = span.end();
        }
        let starts = starts(&spans, tasks);
        Divided { spans, starts }
    }

    /// Every shard of every replication, with its task.
    fn shards_of(divided: &Divided) -> Vec<(usize, u32, u64)> {
        let tasks = 0..divided.tasks();
        let pieces = tasks.flat_map(|task| {
            let (pieces, alone) = (divided.pieces(task), divided.alone(task));
            let names = alone.pieces(0).iter().map(|piece| alone.name_of(piece)).collect::<Vec<_>>();
            assert_eq!(names, divided.names(task));
            pieces
        });
        let shards = pieces.flat_map(|piece| {
            let all = 0..divided.spans[piece.run].shards;
            piece.shards.unwrap_or(all).map(move |shard| (piece.run, piece.replication, shard))
        });
        shards.collect()
    }

    #[test]
    fn every_shard_belongs_to_one_task_in_order() {
        for spans in [
            vec![span(3, 1, 2.0), span(2, 7, 1.0), span(1, 1000, 50.0), span(5, 1, 0.1)],
            vec![span(1, 100_000, 1e6)],
            vec![span(4, 3, 1000.0)],
            vec![],
        ] {
            let all: Vec<_> = spans
                .iter()
                .enumerate()
                .flat_map(|(run, span)| {
                    let replications = span.first..span.first + span.count;
                    replications.flat_map(move |number| (0..span.shards).map(move |shard| (run, number, shard)))
                })
                .collect();
            for tasks in [1, 2, 7, 100, 5000] {
                assert_eq!(shards_of(&divided(spans.clone(), tasks)), all, "{tasks} tasks");
            }
        }
    }

    #[test]
    fn tasks_cost_about_the_same() {
        let divided = divided(vec![span(10, 1, 1.0), span(1, 1000, 30.0), span(20, 50, 2.0)], 8);
        for task in 0..8 {
            let cost: f64 = divided
                .pieces(task)
                .iter()
                .map(|piece| {
                    let span = &divided.spans[piece.run];
                    let shards = piece.shards.as_ref().map_or(span.shards, |shards| shards.end - shards.start);
                    span.seconds * shards as f64 / span.shards as f64
                })
                .sum();
            assert!((cost - 10.0).abs() < 1.0, "task {task}: {cost}");
        }
    }

    #[test]
    fn a_short_replication_is_whole_and_a_long_one_is_in_pieces() {
        let pieces = divided(vec![span(2, 10, 1.0)], 1).pieces(0);
        assert!(pieces.iter().all(|piece| piece.shards.is_none()) && pieces.len() == 2);
        let pieces = divided(vec![span(1, 10, 3000.0)], 1).pieces(0);
        assert_eq!(
            pieces.iter().map(|piece| piece.shards.clone().unwrap()).collect::<Vec<_>>(),
            (0..10).map(|shard| shard..shard + 1).collect::<Vec<_>>()
        );
    }
}
