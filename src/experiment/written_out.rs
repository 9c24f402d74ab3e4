//! The experiment as a file with every default.

use super::node::{Node, Span, Value};
use super::typed::Typed;
use super::{Experiment, fill, input_paths, write};

impl Experiment {
    /// [`Experiment::resolved_toml`] with the title, the accepted warnings and the charts of another experiment.
    pub fn resolved_toml_with_charts_of(&self, other: &Experiment) -> String {
        let mut root = self.complete_document(true);
        root.set(&["experiment", "title"], Node::text(other.title(), Span::default()));
        for path in [&["experiment", "accept"][..], &["chart"]] {
            root.remove(path);
            if let Some(node) = other.root.get(path) {
                root.set(path, node.clone());
            }
        }
        write::document(&root)
    }

    /// The experiment with every default written out, as [`Experiment::resolved_toml`], with the paths of input files
    /// as in the file.
    pub fn planned_toml(&self) -> String {
        write::document(&self.complete_document(false))
    }

    /// The first point of a document with every default, shortened for a quick run.
    pub(super) fn completed(&self, mut root: Node) -> Node {
        self.sweep.assign(&mut root, 0);
        fill::fill(&mut root, &self.title, self.sweep.leaves_open());
        let reader = self.reader(&root);
        if reader.flag("experiment.quick") {
            let (window, replications) = (reader.window(), reader.replications());
            let written = ["experiment.warmup", "experiment.duration"].map(|path| reader.time(path));
            for ((name, time), written) in
                [("warmup", window.warmup), ("duration", window.duration)].into_iter().zip(written)
            {
                if time != written {
                    let node = Node::text(time.to_string(), Span::default());
                    root.set(&["experiment", name], Node { typed: Some(Typed::Time(time)), ..node });
                }
            }
            let node = Node::new(Value::Integer(replications.to_string()), Span::default());
            let typed = Some(Typed::Count(u64::from(replications)));
            root.set(&["experiment", "replications"], Node { typed, ..node });
        }
        root
    }

    /// The first point with every default, and the sweep; input files at their paths, or moved to `inputs/`.
    pub(super) fn complete_document(&self, moves_inputs: bool) -> Node {
        let mut root = self.completed(self.root.clone());
        if moves_inputs {
            let new_path = |file: &str| self.inputs.rewritten(file);
            input_paths::each(&mut root, &mut |path, _| input_paths::rename(path, &new_path));
            for axis in self.sweep.axes.iter().filter(|axis| !axis.is_range) {
                let values = axis.values.iter().map(|node| input_paths::renamed(axis, node, &new_path)).collect();
                root.set(&["sweep", &axis.column], Node::new(Value::List(values), Span::default()));
            }
        }
        root
    }
}
