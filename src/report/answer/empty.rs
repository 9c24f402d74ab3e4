//! Why a column that was asked for is empty.

use super::sheet::{Sheet, SheetRow};
use crate::model::Metric;

/// A line for each reason, with the metrics that have no value for it in any row.
pub(super) fn reasons(sheet: &Sheet) -> Vec<String> {
    let mut reasons: Vec<(String, Vec<&str>)> = Vec::new();
    for (place, head) in sheet.heads.iter().enumerate() {
        let has_value = |row: &SheetRow| row.estimates[place].is_some();
        if sheet.rows().any(has_value) {
            continue;
        }
        let is_of_populations = sheet.rows().all(|row| row.population.is_some());
        let Some(reason) = (match is_of_populations && head.metric.is_of_whole_server() {
            true => Some("empty for populations: the whole server has it".to_owned()),
            false => reason(head.metric),
        }) else {
            continue;
        };
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, metrics)) => metrics.push(head.metric.name()),
            None => reasons.push((reason, vec![head.metric.name()])),
        }
    }
    reasons.into_iter().map(|(reason, metrics)| format!("{}: {reason}", metrics.join(", "))).collect()
}

/// What a scenario without this metric lacks, in the words of its description; `None` if every scenario has it.
fn reason(metric: Metric) -> Option<String> {
    match metric {
        Metric::BrokenRequests => return Some("empty without server.restart".to_owned()),
        Metric::ClientsLeft => return reason(Metric::ClientsOnlineMean),
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
        let said = |metric| reason(metric).unwrap_or_default();
        assert_eq!(said(Metric::WireBytesPerSecond), "empty without [network.wire]");
        assert_eq!(said(Metric::GatewayTimeouts), "empty without proxy.read_timeout");
        assert_eq!(said(Metric::ClientsLeft), said(Metric::ClientsOnlineMean));
        assert_eq!(
            said(Metric::ClientsOnlineMean),
            "empty without clients.session, clients.arrival_rate and clients.crowd"
        );
        assert_eq!(said(Metric::UpLinkBusy), "empty without a limit in that direction");
        assert_eq!(reason(Metric::LatencyMean), None);
        for metric in Metric::ALL.iter().filter(|metric| metric.doc().contains("Empty ")) {
            let said = said(*metric);
            assert!(!said.contains([';', '\n']) && !said.ends_with('.') && said.len() < 90, "{said}");
        }
    }
}
