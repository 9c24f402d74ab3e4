//! Jobs: the replications of all transports at all points.

use std::ops::Range;

use crate::experiment::Plan;

/// The jobs of a plan, numbered in the order of point, transport and replication.
#[derive(Clone, Debug)]
pub struct Jobs {
    /// The first job of each point, and the number of jobs at the end.
    first_of_point: Vec<u64>,
    transports: u64,
}

/// One replication of one transport at one point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Job {
    /// Number of the job.
    pub number: u64,
    /// Number of the point.
    pub point: usize,
    /// Number of the transport.
    pub transport: usize,
    /// Number of the replication.
    pub replication: u32,
}

impl Jobs {
    /// All jobs of a plan.
    pub fn of(plan: &Plan) -> Jobs {
        let transports = plan.transports().len() as u64;
        let mut first_of_point = vec![0];
        let mut count = 0;
        for replications in plan.replications_of_points() {
            count += transports * u64::from(*replications);
            first_of_point.push(count);
        }
        Jobs { first_of_point, transports }
    }

    /// The number of jobs.
    pub fn count(&self) -> u64 {
        self.first_of_point.last().copied().unwrap_or(0)
    }

    /// The job with this number, below [`Jobs::count`].
    pub fn job(&self, number: u64) -> Job {
        let point = self.first_of_point.partition_point(|first| *first <= number) - 1;
        let jobs: Range<u64> = self.first_of_point[point]..self.first_of_point[point + 1];
        let replications = (jobs.end - jobs.start) / self.transports;
        let place = number - jobs.start;
        Job { number, point, transport: (place / replications) as usize, replication: (place % replications) as u32 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_are_numbered_by_point_then_transport_then_replication() {
        // Two points with 2 and 3 replications of 2 transports.
        let jobs = Jobs { first_of_point: vec![0, 4, 10], transports: 2 };
        let all: Vec<_> = (0..jobs.count()).map(|number| jobs.job(number)).collect();
        let mut expected = Vec::new();
        for (point, replications) in [(0, 2), (1, 3)] {
            for transport in 0..2 {
                for replication in 0..replications {
                    expected.push(Job { number: expected.len() as u64, point, transport, replication });
                }
            }
        }
        assert_eq!(all, expected);
    }
}
