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

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_close(found: f64, known: f64) {
        assert!((found - known).abs() < 5e-7, "{found} is not {known}");
    }

    /// One server by hand, two servers by the balance equations, more servers from tables.
    #[test]
    fn the_formulas_give_what_is_known() {
        assert_close(erlang_c(1, 0.7), 0.7);
        assert_close(erlang_c(2, 1.0), 1.0 / 3.0);
        assert_close(erlang_b(1, 0.5), 1.0 / 3.0);
        assert_close(erlang_b(2, 2.0), 0.4);
        assert_close(erlang_b(10, 5.0), 0.018_384_570);
        assert_close(engset(1, 1, 0.3), 0.0);
        assert_close(engset(2, 1, 0.5), 0.5 / 1.5);
        assert_close(engset(5, 5, 2.0), 0.0);
    }

    /// Engset by the balance equations of the birth-and-death process, as seen by the other clients.
    #[test]
    fn engset_solves_its_balance_equations() {
        for (clients, servers, load) in [(4, 2, 0.7), (10, 3, 0.2), (50, 5, 0.05)] {
            let others = f64::from(clients - 1);
            let mut weights = vec![1.0];
            for busy in 1..=servers {
                let last: f64 = weights[weights.len() - 1];
                weights.push(last * load * (others - f64::from(busy - 1)) / f64::from(busy));
            }
            let blocked = weights[weights.len() - 1] / weights.iter().sum::<f64>();
            assert_close(engset(clients, servers, load), blocked);
        }
    }

    /// M/M/1 has the mean wait `ρ² / λ (1 - ρ)`, M/D/1 half of it.
    #[test]
    fn the_formula_gives_what_is_known() {
        let (rate, mean) = (0.8, 1.0);
        assert!((pollaczek_khinchine(rate, mean, 2.0) - 4.0).abs() < 1e-12);
        assert!((pollaczek_khinchine(rate, mean, 1.0) - 2.0).abs() < 1e-12);
    }
}
