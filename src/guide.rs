//! The user guide.
//!
//! 1. [`tutorial`]: from a question to a figure and a sentence.
//! 2. [`running`]: the commands, their files and exit codes.
//! 3. [`cluster`]: experiments that are too large for one machine.
//! 4. [`experiment_file`]: how to write an experiment, with sweeps and charts.
//! 5. [`keys`]: every key, its values and its default.
//! 6. [`what_is_simulated`]: the rules of the model, and what each number counts.
//! 7. [`metrics`]: every column of the results.
//! 8. [`statistics`]: how each number and its interval is computed from the replications.
//! 9. [`reading_results`]: the tables in pandas, R and a spreadsheet.
//! 10. [`comparing`]: differences of transports and of experiments, and claims that every run checks.
//! 11. [`fair_comparison`]: what the defaults compare, what to set for the web of today, and traps.
//! 12. [`trace`]: what one client does in a run, event by event.
//! 13. [`warnings`]: what each warning means, and what to write instead.
//! 14. [`glossary`]: the terms.
//! 15. [`add_a_transport`]: a transport of your own.

/// The targets of links in the documentation of the crate. The pages end with those of the same names in the repository;
/// the first target of a name holds.
macro_rules! targets {
    () => {
        concat!(
            "[tutorial]: crate::guide::tutorial\n",
            "[running]: crate::guide::running\n",
            "[cluster]: crate::guide::cluster\n",
            "[experiment_file]: crate::guide::experiment_file\n",
            "[keys]: crate::guide::keys\n",
            "[what_is_simulated]: crate::guide::what_is_simulated\n",
            "[metrics]: crate::guide::metrics\n",
            "[statistics]: crate::guide::statistics\n",
            "[reading_results]: crate::guide::reading_results\n",
            "[comparing]: crate::guide::comparing\n",
            "[fair_comparison]: crate::guide::fair_comparison\n",
            "[trace]: crate::guide::trace\n",
            "[warnings]: crate::guide::warnings\n",
            "[glossary]: crate::guide::glossary\n",
            "[add_a_transport]: crate::guide::add_a_transport\n",
            "[experiment_file#search]: crate::guide::experiment_file#search\n",
            "[crate::model::scenario::TransportConfig]: crate::model::scenario::TransportConfig\n",
            "[crate::model::scenario::TransportKind]: crate::model::scenario::TransportKind\n",
            "[crate::model::simulate_observed]: crate::model::simulate_observed\n",
            "[crate::model::simulate_with]: crate::model::simulate_with\n",
            "[crate::model::transport::Action]: crate::model::transport::Action\n",
            "[crate::model::transport::Push]: crate::model::transport::Push\n",
            "[crate::model::transport::Transport]: crate::model::transport::Transport\n",
            "[crate::runner::life]: crate::runner::life\n",
            "\n"
        )
    };
}

/// The modules of the pages, and their text in Markdown.
macro_rules! pages {
    ($($name:ident,)*) => {
        $(
            #[doc = concat!(targets!(), include_str!(concat!("guide/", stringify!($name), ".md")))]
            pub mod $name {}
        )*

        /// The pages by their names, with their text in Markdown, in the order above.
        pub const PAGES: [(&str, &str); 15] =
            [$((stringify!($name), include_str!(concat!("guide/", stringify!($name), ".md"))),)*];
    };
}

pages! {
    tutorial,
    running,
    cluster,
    experiment_file,
    keys,
    what_is_simulated,
    metrics,
    statistics,
    reading_results,
    comparing,
    fair_comparison,
    trace,
    warnings,
    glossary,
    add_a_transport,
}
