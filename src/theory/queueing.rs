//! Classical formulas of queueing theory.

/// Erlang's C formula: the share of requests that must wait in an M/M/c queue with `servers` servers under an offered
/// load of `load` Erlang (below `servers`). Erlang, "Solution of some problems in the theory of probabilities of
/// significance in automatic telephone exchanges", 1917.
pub fn erlang_c(servers: u32, load: f64) -> f64 {
    let blocking = erlang_b(servers, load);
    let c = f64::from(servers);
    c * blocking / (c - load * (1.0 - blocking))
}

/// Erlang's B formula: the share of requests that are refused by `servers` servers without a queue, by its recursion
/// over the number of servers.
pub fn erlang_b(servers: u32, load: f64) -> f64 {
    (1..=servers).fold(1.0, |blocking, count| load * blocking / (f64::from(count) + load * blocking))
}

/// Engset's formula: the share of requests that are refused by `servers` servers without a queue, where each of
/// `clients` clients asks at a rate of `load` / mean service while it has no request. It holds for any distribution of
/// the service. Engset, "Die Wahrscheinlichkeitsrechnung zur Bestimmung der Wählerzahl in automatischen
/// Fernsprechämtern", 1918.
pub fn engset(clients: u32, servers: u32, load: f64) -> f64 {
    (1..=servers.min(clients - 1)).fold(1.0, |blocking, count| {
        let offered = load * f64::from(clients - count) * blocking;
        offered / (f64::from(count) + offered)
    }) * if servers >= clients { 0.0 } else { 1.0 }
}

/// Mean wait in an M/G/1 queue under a load below 1, from mean and mean square of the service: the formula of Pollaczek
/// (1930) and Khinchine (1932). With constant service it is the M/D/1 queue, `ρ s / 2 (1 - ρ)` (Erlang, 1909).
pub fn pollaczek_khinchine(rate: f64, mean: f64, square: f64) -> f64 {
    rate * square / (2.0 * (1.0 - rate * mean))
}
