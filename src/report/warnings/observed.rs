//! The subject of a warning, and its text.

use crate::experiment::Experiment;
use crate::experiment::warning::{Diagnosis, Finding, Gathering, Subject};
use crate::model::{Scenario, Totals};
use crate::runner::Group;

/// Clients with the same settings in the results of all replications: all clients of a run, or a population of a mix.
pub struct ResultView<'a> {
    pub group: &'a Group,
    pub subject: Subject,
    pub scenario: Scenario,
    pub totals: &'a Totals,
    pub is_quick: bool,
}

impl<'a> ResultView<'a> {
    pub fn of_group(experiment: &Experiment, group: &'a Group) -> ResultView<'a> {
        let transport = experiment.transports()[group.transport].clone();
        ResultView {
            group,
            subject: Subject { transport, population: None, is_only_run: false },
            scenario: group.scenario.clone(),
            totals: &group.pooled,
            is_quick: experiment.quick(),
        }
    }

    pub fn add(&self, found: &mut Gathering, what: Diagnosis) {
        found.add(Finding { what, subject: Some(self.subject.clone()), point: self.group.point });
    }
}

/// A percentage for messages: two digits, and 0 % or 100 % only if exact.
pub fn percent(share: f64) -> String {
    let percent = 100.0 * share;
    if percent >= 99.95 && share < 1.0 {
        return "more than 99.9 %".to_owned();
    }
    let decimals = usize::from(share < 1.0 && !(9.95..99.0).contains(&percent));
    format!("{percent:.decimals$} %")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_written_for_people() {
        let written = [0.0123, 0.0999, 0.25, 0.996, 0.9999, 1.0].map(percent);
        assert_eq!(written, ["1.2 %", "10 %", "25 %", "99.6 %", "more than 99.9 %", "100 %"]);
    }
}
