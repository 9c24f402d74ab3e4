//! The places of the sliders of a page: the swept values of every point.

use serde::Serialize;

use crate::experiment::Experiment;
use crate::report::labels::PointLabels;

/// The sliders and the points that they choose.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct SliderData {
    pub sliders: Vec<Slider>,
    /// For each point the place of each slider.
    pub points: Vec<Vec<usize>>,
    /// The name of each point.
    pub names: Vec<String>,
}

/// A slider, and the words at its places.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Slider {
    pub name: String,
    pub values: Vec<String>,
}

impl SliderData {
    /// A slider for each swept key; one for all of them if the points are not all combinations of their values. None
    /// without a sweep.
    pub fn new(experiment: &Experiment) -> SliderData {
        let count = experiment.points();
        if count <= 1 {
            return SliderData::default();
        }
        let labels = PointLabels::new(experiment);
        let names: Vec<String> = (0..count).map(|point| labels.of(point)).collect();
        let rows: Vec<Vec<String>> = (0..count).map(|point| labels.values(point)).collect();
        let keys = labels.names();
        let of_key = |key: usize| {
            let mut values: Vec<String> = Vec::new();
            for row in &rows {
                if !values.contains(&row[key]) {
                    values.push(row[key].clone());
                }
            }
            values
        };
        let values: Vec<Vec<String>> = (0..keys.len()).map(of_key).collect();
        let is_grid = values.iter().map(Vec::len).product::<usize>() == count;
        if !is_grid {
            let slider = Slider { name: labels.heading(), values: names.clone() };
            return SliderData { sliders: vec![slider], points: (0..count).map(|point| vec![point]).collect(), names };
        }
        let place =
            |row: &Vec<String>, key: usize| values[key].iter().position(|value| *value == row[key]).unwrap_or(0);
        let points = rows.iter().map(|row| (0..keys.len()).map(|key| place(row, key)).collect()).collect();
        let sliders =
            keys.iter().zip(&values).map(|(name, values)| Slider { name: name.clone(), values: values.clone() });
        SliderData { sliders: sliders.collect(), points, names }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sliders(sweep: &str) -> SliderData {
        let text = format!(
            "[clients]\ncount = 4\n[source]\npoisson.rate = \"1 /s\"\n[[transport]]\nname = \"polls\"\n\
             short_poll = {{ interval = \"5 s\" }}\n{sweep}"
        );
        SliderData::new(&Experiment::from_text("x.toml", &text, std::path::Path::new(""), &[]).unwrap())
    }

    #[test]
    fn a_grid_has_a_slider_for_each_key() {
        let data = sliders("[sweep]\n\"clients.count\" = [1, 2]\n\"source.payload\" = [\"1 B\", \"2 B\", \"3 B\"]\n");
        assert_eq!(data.sliders.iter().map(|slider| slider.values.len()).collect::<Vec<_>>(), [2, 3]);
        assert_eq!(data.points, [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2]]);
    }

    #[test]
    fn keys_that_step_together_have_one_slider() {
        let data =
            sliders("[sweep]\nmode = \"zip\"\n\"clients.count\" = [1, 2]\n\"source.payload\" = [\"1 B\", \"2 B\"]\n");
        assert_eq!(data.sliders.len(), 1);
        assert_eq!(data.sliders[0].values, ["clients = 1, payload = 1 B", "clients = 2, payload = 2 B"]);
        assert_eq!(data.points, [[0], [1]]);
    }

    #[test]
    fn without_a_sweep_there_is_none() {
        assert_eq!(sliders(""), SliderData::default());
    }
}
