//! The command line: parse, run, print the error chain, exit code.

use std::process::ExitCode;

use cometsim::cli::{Arguments, Failure};

fn main() -> ExitCode {
    let arguments = match Arguments::read() {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    match arguments.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.print();
            ExitCode::from(match failure {
                Failure::Failed(_) => 1,
                Failure::Wrong(_) | Failure::File(_) | Failure::Told => 2,
                Failure::Differs(_) => 3,
                Failure::Claim(_) => 4,
                Failure::NextRound(_) => 5,
                Failure::Later(_) => 75,
            })
        }
    }
}
