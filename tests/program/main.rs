//! What the program does: its commands, files, exit codes and charts, the contract with results of earlier versions, and
//! the rules of its source.

mod again;
mod answer;
mod charts;
mod command_line;
mod contract;
mod divided;
mod files;
mod forest;
mod frozen;
mod house_rules;
mod identity;
mod inference;
mod kept;
mod links;
mod pages;
mod pictures;
mod plan;
#[path = "../common/program.rs"]
mod program;
mod reading_results;
mod searching;
mod sentences;
mod stored_totals;
#[path = "../common/studies.rs"]
mod studies;
mod tasks;
#[cfg(unix)]
mod terminal;
mod tracing;
mod what_the_guide_says;
