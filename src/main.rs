//! cometsim
fn main() {}
