//! Tells the program which commit and target it was built from, for its manifests.

use std::process::Command;

fn main() {
    let target = std::env::var("TARGET").unwrap_or_default();
    println!("cargo:rustc-env=COMETSIM_TARGET={target}");
    println!("cargo:rustc-env=COMETSIM_GIT_COMMIT={}", commit().unwrap_or_else(|| "unknown".to_owned()));
    for path in [".git/HEAD", ".git/index", "build.rs"] {
        if std::path::Path::new(path).exists() {
            println!("cargo:rerun-if-changed={path}");
        }
    }
}

/// The commit of the sources, followed by `-modified` if they differ from it.
fn commit() -> Option<String> {
    let git = |arguments: &[&str]| {
        let output = Command::new("git").args(arguments).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let commit = git(&["rev-parse", "HEAD"])?;
    let is_modified =
        !git(&["status", "--porcelain", "--untracked-files=no", "--", "src", "Cargo.toml", "Cargo.lock"])?.is_empty();
    Some(if is_modified { format!("{commit}-modified") } else { commit })
}
