//! What a table of results is asked to show.

use super::answers::{answered_points, points_of_answers};
use super::tabled::Tabled;
use crate::experiment::Experiment;
use crate::model::Metric;
use crate::report::wishes::{WishError, Wishes, listed_names, metrics, points};

/// What to show.
#[derive(Clone, Debug)]
pub(super) struct Selection {
    /// The metrics; `None`: the usual ones.
    pub metrics: Option<Vec<Metric>>,
    pub points: Vec<usize>,
    /// Numbers of transports.
    pub transports: Vec<usize>,
    /// The populations of a mix; `None`: all clients and every population.
    populations: Option<Vec<String>>,
}

/// The points that are shown of `count` without a wish.
fn usual_points(count: usize) -> Vec<usize> {
    if count <= MOST_POINTS { (0..count).collect() } else { vec![0, count / 2, count - 1] }
}

/// The points at which transports are compared without a wish: as in a table of results, but of a search the answers
/// alone, if there are any.
pub(super) fn compared_points(tabled: &Tabled) -> Vec<usize> {
    let answers = answered_points(tabled);
    if answers.is_empty() { Selection::usual(tabled).points } else { answers }
}

/// Of more points the first, the middle and the last one are shown; of a search the answers and the ends of its range.
const MOST_POINTS: usize = 3;

impl Selection {
    /// What is shown without a wish.
    pub fn usual(tabled: &Tabled) -> Selection {
        let experiment = &*tabled.experiment;
        let points = match experiment.search() {
            Some(_) => points_of_answers(tabled),
            None => usual_points(experiment.points()),
        };
        let transports = (0..experiment.transports().len()).collect();
        Selection { metrics: None, points, transports, populations: None }
    }

    /// What is wished for.
    pub fn new(tabled: &Tabled, wishes: &Wishes) -> Result<Selection, WishError> {
        let experiment = &*tabled.experiment;
        let mut selection = Selection::usual(tabled);
        if let Some(text) = &wishes.metrics {
            selection.metrics = Some(metrics(text)?);
        }
        if let Some(text) = &wishes.points {
            selection.points = points(text, experiment)?;
        }
        if let Some(text) = &wishes.transports {
            selection.choose_transports(experiment, text)?;
        }
        Ok(selection)
    }

    /// Whether the rows of a population, or of all clients, are shown.
    pub fn has_population(&self, population: Option<&str>) -> bool {
        self.populations
            .as_ref()
            .is_none_or(|wanted| population.is_some_and(|name| wanted.iter().any(|one| one == name)))
    }

    fn choose_transports(&mut self, experiment: &Experiment, text: &str) -> Result<(), WishError> {
        let transports = experiment.transports();
        let populations: Vec<String> = match experiment.is_mix() {
            true => experiment.scenarios(0)[0].populations.iter().map(|population| population.name.clone()).collect(),
            false => Vec::new(),
        };
        let known: Vec<&String> = transports.iter().chain(&populations).collect();
        let names = listed_names(text, &known)?;
        let (chosen, rest): (Vec<&String>, Vec<&String>) =
            names.into_iter().partition(|name| transports.contains(name));
        if !chosen.is_empty() {
            let place = |name: &String| transports.iter().position(|transport| transport == name);
            self.transports = chosen.into_iter().filter_map(place).collect();
        }
        if !rest.is_empty() {
            self.populations = Some(rest.into_iter().cloned().collect());
        }
        Ok(())
    }
}
