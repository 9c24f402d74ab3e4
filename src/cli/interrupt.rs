//! Ctrl-C: what is finished stays in place.

/// From now on Ctrl-C ends the program with exit code 1 and a word on how to go on.
pub(super) fn handle_interrupts() {
    // A second handler is refused; the first one stays.
    let _ = ctrlc::set_handler(|| {
        eprintln!("\ninterrupted: finished runs are kept; the same command goes on from there");
        std::process::exit(1);
    });
}
