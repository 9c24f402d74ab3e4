//! Why a metric that was asked for is empty.

use crate::model::Metric;

/// A line for each reason, with its metrics. Those without a reason are left out.
pub fn absent_metrics(reasons: impl Iterator<Item = (Metric, Option<String>)>) -> Vec<String> {
    let mut lines: Vec<(String, Vec<&str>)> = Vec::new();
    for (metric, reason) in reasons {
        let Some(reason) = reason else { continue };
        match lines.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, metrics)) => metrics.push(metric.name()),
            None => lines.push((reason, vec![metric.name()])),
        }
    }
    lines.into_iter().map(|(reason, metrics)| format!("{}: {reason}", metrics.join(", "))).collect()
}

/// What a scenario without this metric lacks, in the words of its description; `None` if every scenario has it.
pub fn why_absent(metric: Metric) -> Option<String> {
    match metric {
        Metric::BrokenRequests => return Some("empty without server.restart".to_owned()),
        Metric::ClientsLeft => return why_absent(Metric::ClientsOnlineMean),
        _ => {}
    }
    let (_, said) = metric.doc().split_once("Empty ")?;
    let end = said.find(". ").unwrap_or(said.trim_end_matches('.').len());
    let sentence = said[..end].split(": ").next().unwrap_or_default();
    Some(format!("empty {}", sentence.replace('`', "")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_is_that_of_the_description() {
        let said = |metric| why_absent(metric).unwrap_or_default();
        assert_eq!(said(Metric::WireBytesPerSecond), "empty without [network.wire]");
        assert_eq!(said(Metric::GatewayTimeouts), "empty without proxy.read_timeout");
        assert_eq!(said(Metric::ClientsLeft), said(Metric::ClientsOnlineMean));
        assert_eq!(
            said(Metric::ClientsOnlineMean),
            "empty without clients.session, clients.arrival_rate and clients.crowd"
        );
        assert_eq!(said(Metric::UpLinkBusy), "empty without a limit in that direction");
        assert_eq!(why_absent(Metric::LatencyMean), None);
        for metric in Metric::ALL.iter().filter(|metric| metric.doc().contains("Empty ")) {
            let said = said(*metric);
            assert!(!said.contains([';', '\n']) && !said.ends_with('.') && said.len() < 90, "{said}");
        }
    }
}
