//! The metrics of a run. A new one is a row at the end of `table`, a counter in the totals that the recorder raises,
//! and a closed form in `theory` if there is one.

mod definition;
mod evidence;
mod formula;
mod table;

use super::scenario::Scenario;
use super::totals::{Quotient, Totals};
use definition::Definition;
pub use evidence::LEAST_ABOVE_QUANTILE;
pub use formula::{Aggregation, LEAST, LEAST_DURATIONS};
pub use table::Metric;

impl Metric {
    fn definition(self) -> &'static Definition {
        &table::DEFINITIONS[self as usize]
    }

    /// The name of the column, with its unit.
    pub fn name(self) -> &'static str {
        self.definition().name
    }

    /// The unit as an axis shows it, empty for plain numbers.
    pub fn unit(self) -> &'static str {
        self.definition().unit
    }

    /// Its name in charts: alone on an axis; on an axis that related metrics share; and in the legend of such an axis.
    pub fn labels(self) -> [&'static str; 3] {
        self.definition().labels
    }

    /// Whether it belongs to the server as a whole, so that the populations of a mix do not have it.
    pub fn is_of_whole_server(self) -> bool {
        self.definition().is_of_server
    }

    /// How the values of several replications become one.
    pub fn aggregation(self) -> Aggregation {
        self.definition().formula.aggregation()
    }

    /// The metric that this one is in another unit, or itself.
    #[must_use]
    pub fn in_bytes(self) -> Metric {
        match self {
            Metric::HttpMbitPerSecond | Metric::HttpMibitPerSecond => Metric::HttpBytesPerSecond,
            Metric::WireMbitPerSecond => Metric::WireBytesPerSecond,
            other => other,
        }
    }

    /// The metric with this column name.
    pub fn from_name(name: &str) -> Option<Metric> {
        Metric::ALL.iter().copied().find(|metric| metric.name() == name)
    }
}

impl Totals {
    /// The value of `metric` in one replication of `scenario`; `None` without a sample.
    pub fn metric(&self, metric: Metric, scenario: &Scenario) -> Option<f64> {
        metric.definition().formula.value(self, scenario)
    }

    /// The value of `metric` for one population of the mix `scenario` in one replication; `None` without a sample, or
    /// if it belongs to the server as a whole.
    pub fn population_metric(&self, metric: Metric, scenario: &Scenario, population: usize) -> Option<f64> {
        if metric.is_of_whole_server() {
            return None;
        }
        self.parts.get(population)?.metric(metric, &scenario.of_population(population))
    }

    /// Numerator and denominator of a metric that is a ratio; `None` for any other, and where the scenario does not
    /// have it.
    pub fn quotient(&self, metric: Metric, scenario: &Scenario) -> Option<Quotient> {
        metric.definition().formula.quotient(self, scenario)
    }
}
