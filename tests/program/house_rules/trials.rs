//! Each rule on a small text that breaks it, beside one that does not.

use super::breaches::{Breach, Exception, is_meant, not_needed, wrong};
use super::rules;
use super::source::File;

fn files(texts: &[(&str, &str)]) -> Vec<File> {
    texts.iter().map(|(path, text)| File::new(path, text)).collect()
}

fn places(breaches: &[Breach]) -> Vec<&str> {
    breaches.iter().map(|breach| breach.place.as_str()).collect()
}

#[test]
fn an_arrow_upwards_is_noticed() {
    let files = files(&[
        ("src/lib.rs", "mod engine; mod model; mod units;"),
        ("src/engine.rs", "use crate::{units::Time, model::Scenario};"),
        ("src/model.rs", "pub struct Scenario; fn f() { crate::engine::run() }"),
        ("src/units.rs", "pub struct Time;\n#[cfg(test)]\nmod tests { fn f() -> super::super::engine::Wheel {} }"),
    ]);
    assert_eq!(places(&rules::directions(&files)), ["src/engine.rs", "src/units.rs"]);
}

#[test]
fn a_runner_that_sees_more_than_a_plan_is_noticed() {
    let files = files(&[
        ("src/lib.rs", "pub mod experiment; pub mod runner;"),
        ("src/experiment.rs", "mod plan; pub use plan::Plan; pub struct Experiment;"),
        ("src/experiment/plan.rs", "pub struct Plan;"),
        ("src/runner.rs", "mod jobs; use crate::experiment::Experiment; pub fn run(_: &Experiment) {}"),
        ("src/runner/jobs.rs", "use crate::experiment::Plan; pub fn jobs(_: &Plan) {}"),
    ]);
    assert_eq!(places(&rules::plan(&files)), ["src/runner.rs"]);
}

#[test]
fn a_cycle_of_files_is_noticed_through_parents_and_other_names() {
    let files = files(&[
        ("src/lib.rs", "pub mod model;"),
        ("src/model.rs", "mod leaf; mod one; mod two; pub use leaf::Leaf; pub use one::One as First; pub use two::*;"),
        ("src/model/leaf.rs", "pub struct Leaf;"),
        ("src/model/one.rs", "use super::{Leaf, Two}; pub struct One(Leaf, Two);"),
        ("src/model/two.rs", "use crate::model::{self, Leaf}; pub struct Two; fn f(_: model::First) -> Leaf { Leaf }"),
    ]);
    let (forth, back) = ("src/model/one.rs -> src/model/two.rs", "src/model/two.rs -> src/model/one.rs");
    let found = |exceptions: &[Exception]| rules::cycles(&files, exceptions);
    assert_eq!(found(&[]), [forth, back].map(|arrow| format!("{arrow}: on a cycle of 2 files")));
    assert_eq!(found(&[(back, "why")]), Vec::<String>::new());
    assert_eq!(found(&[("src/model/*.rs -> src/model/one.rs", "why")]), Vec::<String>::new());
    assert_eq!(found(&[(forth, "why"), (back, "why")]), [not_needed(forth), not_needed(back)]);
}

#[test]
fn a_child_that_uses_what_its_parent_declares_is_noticed_if_the_parent_uses_the_child() {
    let parent = "mod child; pub struct Shared; pub fn f() { child::g(Shared) }";
    let child = |code: &str| {
        let files = files(&[("src/lib.rs", "mod parent;"), ("src/parent.rs", parent), ("src/parent/child.rs", code)]);
        rules::cycles(&files, &[]).len()
    };
    assert_eq!(child("pub fn g<T>(_: T) {}"), 0);
    assert_eq!(child("use super::Shared; pub fn g(_: Shared) {}"), 2);
    assert_eq!(child("pub fn g(_: super::Shared) {}"), 2);
    assert_eq!(child("pub fn g<T>(_: T) { assert!(size_of::<super::Shared>() > 0) }"), 2, "in a macro");
    assert_eq!(child("pub fn g<T>(_: T) {} #[cfg(test)] mod tests { use super::super::Shared; }"), 0, "in its tests");
}

#[test]
fn a_parent_that_only_passes_items_on_points_to_none_of_its_children() {
    let files = files(&[
        ("src/lib.rs", "mod parent;"),
        ("src/parent.rs", "mod one; mod two; pub(crate) use one::One; pub struct Shared;"),
        ("src/parent/one.rs", "use super::Shared; pub struct One(Shared);"),
        ("src/parent/two.rs", "use super::One; pub fn f(_: One) {}"),
    ]);
    assert_eq!(rules::cycles(&files, &[]), Vec::<String>::new());
}

#[test]
fn parts_of_the_world_that_use_each_other_are_noticed() {
    let files = files(&[
        ("src/lib.rs", "mod model;"),
        ("src/model.rs", "mod world;"),
        (
            "src/model/world.rs",
            "mod dispatch; mod server; mod network; mod packet; use server::Server; use network::Wire;",
        ),
        ("src/model/world/packet.rs", "pub struct Packet;"),
        ("src/model/world/network.rs", "mod wire; pub use wire::Wire;"),
        ("src/model/world/network/wire.rs", "use super::super::packet::Packet; pub struct Wire(Packet);"),
        ("src/model/world/server.rs", "mod pool; pub struct Server;"),
        ("src/model/world/server/pool.rs", "fn f(_: super::super::network::Wire, _: super::Server) {}"),
        ("src/model/world/dispatch.rs", "mod arrivals;"),
        ("src/model/world/dispatch/arrivals.rs", "pub struct Arrival(super::super::network::wire::Wire);"),
    ]);
    let found = rules::parts(&files);
    assert_eq!(places(&found), ["src/model/world/server/pool.rs -> src/model/world/network/wire.rs"]);
}

#[test]
fn a_crate_in_the_wrong_module_is_noticed() {
    let files = files(&[
        ("src/report.rs", "use csv::Writer;"),
        ("src/model.rs", "fn f() -> csv::Result<()> {}"),
        ("src/cli.rs", "// csv::Writer\nfn csv() { self.csv.write() }"),
    ]);
    assert_eq!(places(&rules::crates(&files)), ["src/model.rs"]);
}

#[test]
fn clocks_streams_and_simulating_theories_are_noticed() {
    let files = files(&[
        ("src/model.rs", "use std::collections::HashMap;"),
        ("src/cli.rs", "use std::time::Instant; fn f() { eprintln!(\"\") }"),
        ("src/theory.rs", "fn f() { simulate(1) } /* HashMap, println!() */"),
    ]);
    assert_eq!(places(&rules::changing(&files)), ["src/model.rs"]);
    assert_eq!(places(&rules::streams(&files)), ["src/cli.rs"]);
    assert_eq!(places(&rules::theory(&files)), ["src/theory.rs"]);
}

#[test]
fn a_hidden_condition_is_noticed() {
    let found = |code: &str| rules::hidden(&files(&[("src/a.rs", &format!("fn f() {{ {code} }}"))])).len();
    assert_eq!(found("x.filter(\n    |_| b)"), 1);
    assert_eq!(found("b.then_some(1); x.filter(|_| b)"), 2);
    assert_eq!(found("vec![b.then_some(1)]"), 1);
    assert_eq!(found("x.filter(|x| x > 1) // .then_some(1)\n; \".filter(|_| b)\""), 0);
}

#[test]
fn types_of_one_name_are_noticed() {
    let found = |other: &str| rules::twins(&files(&[("src/a.rs", "pub struct A;"), ("src/b.rs", other)])).len();
    assert_eq!(found("mod tests { enum A {} }"), 1);
    assert_eq!(found("type A = u8;"), 1);
    assert_eq!(found("keys! { pub struct A { key } }"), 1);
    assert_eq!(found("impl Iterator for B { type A = u8; } struct B; fn A() {} // struct A;"), 0);
}

#[test]
fn long_files_and_large_functions_are_noticed() {
    let long = |path: &str, lines: usize| (path.to_owned(), "// A line.\n".repeat(lines));
    let texts = [long("src/a.rs", 351), long("src/b.rs", 350), long("src/main.rs", 41), long("tests/c.rs", 400)];
    assert_eq!(places(&rules::long_files(&texts)), ["src/a.rs", "src/main.rs"]);
    let found = |code: &str| rules::large_functions(&files(&[("src/a.rs", code)])).len();
    let lines = |count: usize| format!("impl A {{ fn f() {{{}}} }}", "\n".repeat(count));
    assert_eq!([found(&lines(59)), found(&lines(60))], [0, 1]);
    let five = "fn f(&self, a: A, b: B, c: C, d: D, e: E) {}";
    assert_eq!(found(&format!("impl A {{ {five} }}")), 0);
    assert_eq!(found("fn f(a: A, b: B, c: C, d: D, e: E, g: G) {}"), 1);
    let wide = |others: usize| {
        let code = format!("impl A {{ {five} {} }}", "fn g(&self) {}".repeat(others));
        rules::wide_functions(&files(&[("src/a.rs", &code)])).len()
    };
    assert_eq!([wide(99), wide(100)], [1, 0]);
    let branches = |count: usize| format!("fn f() {{ {} }}", "if a && b { c()?; } match d { _ => () }".repeat(count));
    assert_eq!([found(&branches(4)), found(&branches(5))], [0, 1]);
    assert_eq!(
        found(&format!("fn f() {{ {} }}", "g(|| a && b || c?); ".repeat(10))),
        0,
        "each closure is one of its own"
    );
}

#[test]
fn words_that_are_not_used_are_noticed() {
    let found = |text: &str| rules::words(&[("page".to_owned(), text.to_owned())]).len();
    assert_eq!(found("Looks in\n/// Vain."), 1);
    assert_eq!(found("Nobody's; all but for one."), 2);
    assert_eq!(found("In vainglory, about format."), 0);
}

#[test]
fn an_exception_that_is_not_needed_is_noticed() {
    let breaches = [Breach::new("a", "is wrong"), Breach::new("b", "is wrong too")];
    assert_eq!(wrong(&breaches, &[("a", "why"), ("b", "why")]), Vec::<String>::new());
    assert_eq!(wrong(&breaches, &[("a", "why"), ("c", "why")]), ["b: is wrong too".to_owned(), not_needed("c")]);
    let is = |place: &str| is_meant("src/*.rs -> *", place);
    assert!(is("src/a.rs -> src/b.rs") && is("src/.rs -> ") && !is("src/a.rs") && !is("src/a -> src/b.rs"));
}
