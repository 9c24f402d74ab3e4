//! Which colour, dash and marker stands for which transport: the same in every chart.

use std::collections::{BTreeMap, BTreeSet};

use plotters::style::RGBColor;

use super::color::{luminance, with_luminance};
use super::palette::{INK, Look, dash, viridis};
use crate::experiment::Experiment;
use crate::model::scenario::{Check, Http, Population, TransportConfig, TransportKind};

/// The colour of a kind of transport. The six differ for three kinds of colour blindness (ΔE2000 of at least 16 by
/// Machado, Oliveira and Fernandes 2009), have six greys, and stand out from white by 3 to 1.
const fn color(kind: TransportKind) -> RGBColor {
    match kind {
        TransportKind::ShortPoll => RGBColor(34, 100, 184),
        TransportKind::AdaptivePoll => RGBColor(67, 16, 122),
        TransportKind::LongPoll => RGBColor(197, 100, 26),
        TransportKind::Streaming => RGBColor(143, 29, 72),
        TransportKind::Sse => RGBColor(10, 160, 126),
        TransportKind::WebSocket => RGBColor(10, 10, 10),
    }
}

/// The marker of a variant of a kind, which is that of no other; `None` for variants that are numbered as they come.
const fn marker(kind: TransportKind, variant: usize) -> Option<usize> {
    Some(match (kind, variant) {
        (TransportKind::ShortPoll, 0) => 0,
        (TransportKind::LongPoll, 0) => 1,
        (TransportKind::Sse, 0) => 2,
        (TransportKind::AdaptivePoll, 0) => 3,
        (TransportKind::Streaming, 0) => 4,
        (TransportKind::WebSocket, 0) => 5,
        (TransportKind::LongPoll, 1) => 6,
        (TransportKind::ShortPoll, 1) => 8,
        (TransportKind::Sse, 1) => 9,
        (TransportKind::LongPoll, 3) => 10,
        (TransportKind::AdaptivePoll, 1) => 11,
        _ => return None,
    })
}

/// The markers of variants that are numbered as they come. A plus comes last: it resembles the mark of a closed form.
const OTHER_MARKERS: [usize; 6] = [6, 8, 9, 11, 10, 7];

/// What gives a transport its look: its kind, and the variant of the kind that it is if no other of the run is. A mix of
/// several kinds has none.
type Variant = (Option<TransportKind>, usize);

/// The same in every experiment: a long poll that is notified differs from one with checks, and HTTP/2 from HTTP/1.1.
fn wanted(transport: &TransportConfig, http: &Http) -> Variant {
    let is_notified = matches!(transport.check(), Some(Check::Notify { .. }));
    let of_http2 = if transport.check().is_some() { 2 } else { 1 };
    (Some(transport.kind()), usize::from(is_notified) + if http.http2.is_some() { of_http2 } else { 0 })
}

/// The looks of the transports and populations of an experiment, by their names.
#[derive(Clone, Debug, Default)]
pub struct Looks(BTreeMap<String, Look>);

impl Looks {
    /// The looks in an experiment.
    pub fn of(experiment: &Experiment) -> Looks {
        let scenarios = experiment.scenarios(0);
        let of_population = |population: &Population| wanted(&population.transport, &population.http);
        let runs = experiment.transports().iter().zip(&scenarios).map(|(name, scenario)| {
            let mut all = scenario.populations.iter().map(of_population);
            let first = all.next().unwrap_or_else(|| wanted(&scenario.transport, &scenario.http));
            (name.clone(), if all.all(|(kind, _)| kind == first.0) { first } else { (None, 0) })
        });
        let populations = scenarios.iter().flat_map(|scenario| &scenario.populations);
        let populations = populations.map(|population| (population.name.clone(), of_population(population)));
        // The populations of a mix are compared, rather than the mix with them.
        if experiment.is_mix() { Looks::new(populations.chain(runs)) } else { Looks::new(runs.chain(populations)) }
    }

    /// The looks of names, in this order.
    pub fn new(names: impl Iterator<Item = (String, Variant)>) -> Looks {
        let mut known = BTreeSet::new();
        let names: Vec<_> = names.filter(|(name, _)| known.insert(name.clone())).collect();
        let word = |kind: Option<TransportKind>| kind.map(TransportKind::word);
        let mut taken: BTreeSet<(Option<&str>, usize)> = BTreeSet::new();
        let count = names.len();
        // Those that want one that is taken get one that none wants.
        let (first, rest): (Vec<_>, Vec<_>) =
            names.into_iter().partition(|(_, (kind, variant))| taken.insert((word(*kind), *variant)));
        let rest = rest.into_iter().map(|(name, (kind, _))| {
            let variant = (0..count).find(|variant| taken.insert((word(kind), *variant))).unwrap_or(0);
            (name, (kind, variant))
        });
        let all: Vec<(String, Variant)> = first.into_iter().chain(rest).collect();
        let wanted = |(kind, variant): Variant| kind.and_then(|kind| marker(kind, variant));
        let used: BTreeSet<usize> = all.iter().filter_map(|(_, variant)| wanted(*variant)).collect();
        let mut free = OTHER_MARKERS.into_iter().filter(|marker| !used.contains(marker)).chain(OTHER_MARKERS).cycle();
        let look = |(name, (kind, variant)): (String, Variant)| {
            let marker = wanted((kind, variant)).or_else(|| free.next());
            let color = shade(kind.map_or(INK, color), variant);
            (name, Look { color, dash: dash(variant), marker })
        };
        Looks(all.into_iter().map(look).collect())
    }

    /// The look of a transport or population.
    pub fn get(&self, name: &str) -> Look {
        // A table of several runs of populations names the run, too.
        let population = || name.split_once(": ").and_then(|(_, population)| self.0.get(population));
        self.0.get(name).or_else(population).copied().unwrap_or(Look { color: INK, dash: &[], marker: Some(0) })
    }
}

impl Look {
    /// This look for one of several forms of one transport, such as its mean and its percentile: a dash and a marker of
    /// its own.
    #[must_use]
    pub fn in_form(self, form: usize) -> Look {
        if form == 0 {
            return Look { dash: &[], ..self };
        }
        Look { color: self.color, dash: dash(form), marker: self.marker.map(|marker| marker + form) }
    }

    /// This look for one of several metrics of one transport, in this form and a shade of its own.
    #[must_use]
    pub fn of_metric(self, metric: usize, form: usize) -> Look {
        Look { color: shade(self.color, metric), ..self.in_form(form) }
    }

    /// The look of the `place`-th of so many values of one transport, from the dark to the bright end of a map.
    pub fn of_value(place: usize, count: usize) -> Look {
        /// What is brighter does not stand out from white by 3 to 1.
        const BRIGHTEST: f64 = 0.62;
        let share = if count > 1 { place as f64 / (count - 1) as f64 } else { 0.5 };
        Look { color: viridis(share * BRIGHTEST), dash: &[], marker: Some(place) }
    }
}

/// The shade of the `variant`-th transport of a kind: its colour; the end of its shades that is farther away; half of the
/// way there; then the same towards the other end.
fn shade(color: RGBColor, variant: usize) -> RGBColor {
    /// The darkest and the palest shade; the palest stands out from white by 3 to 1.
    const ENDS: [f64; 2] = [0.06, 0.29];
    // Steps of light look alike in ratios; black has none.
    let light = luminance(color) + 0.01;
    let [dark, pale] = ENDS.map(|end| end + 0.01);
    let [far, near] = if light * light > dark * pale { [dark, pale] } else { [pale, dark] };
    let wanted = match variant % 5 {
        0 => return color,
        1 => far,
        2 => (light * far).sqrt(),
        3 => near,
        _ => (light * near).sqrt(),
    };
    with_luminance(color, wanted - 0.01)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::chart::color::linear;
    use crate::report::chart::palette::WHITE;

    /// What people with normal colour vision, protanopia, deuteranopia and tritanopia see: matrices of linear sRGB
    /// (Machado, Oliveira and Fernandes 2009, severity 1.0).
    const VISIONS: [[[f64; 3]; 3]; 4] = [
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        [[0.152_286, 1.052_583, -0.204_868], [0.114_503, 0.786_281, 0.099_216], [-0.003_882, -0.048_116, 1.051_998]],
        [[0.367_322, 0.860_646, -0.227_968], [0.280_085, 0.672_501, 0.047_413], [-0.011_820, 0.042_940, 0.968_881]],
        [[1.255_528, -0.076_749, -0.178_779], [-0.078_411, 0.930_809, 0.147_602], [0.004_733, 0.691_367, 0.303_900]],
    ];

    /// How much two colours differ in light, 1 to 21 (WCAG 2.2).
    fn contrast(one: RGBColor, other: RGBColor) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    fn times(matrix: &[[f64; 3]; 3], vector: [f64; 3]) -> [f64; 3] {
        matrix.map(|row| row.iter().zip(vector).map(|(one, other)| one * other).sum())
    }

    /// CIELAB of linear sRGB under D65.
    fn lab(linear: [f64; 3]) -> [f64; 3] {
        let to_xyz =
            [[0.412_456, 0.357_576, 0.180_438], [0.212_673, 0.715_152, 0.072_175], [0.019_334, 0.119_192, 0.950_304]];
        let [x, y, z] = times(&to_xyz, linear.map(|part| part.clamp(0.0, 1.0)));
        let f = |t: f64| if t > 216.0 / 24_389.0 { libm::cbrt(t) } else { (24_389.0 / 27.0 * t + 16.0) / 116.0 };
        let [x, y, z] = [f(x / 0.950_47), f(y), f(z / 1.088_83)];
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }

    /// The difference CIEDE2000 (Sharma, Wu and Dalal 2005).
    fn delta_e(one: [f64; 3], other: [f64; 3]) -> f64 {
        let chroma = |[_, a, b]: [f64; 3]| libm::hypot(a, b);
        let seventh = |value: f64| libm::pow(value, 7.0);
        let share = |mean: f64| (seventh(mean) / (seventh(mean) + seventh(25.0))).sqrt();
        let stretch = 1.5 - 0.5 * share(f64::midpoint(chroma(one), chroma(other)));
        let [one, other] = [one, other].map(|[l, a, b]| [l, a * stretch, b]);
        let hue = |[_, a, b]: [f64; 3]| libm::atan2(b, a).to_degrees().rem_euclid(360.0);
        let (c1, c2, h1, h2) = (chroma(one), chroma(other), hue(one), hue(other));
        let is_grey = c1 * c2 == 0.0;
        let turn = if is_grey { 0.0 } else { (h2 - h1 + 180.0).rem_euclid(360.0) - 180.0 };
        let middle = if is_grey { h1 + h2 } else { (h1 + turn / 2.0).rem_euclid(360.0) };
        let (light, chroma) = (f64::midpoint(one[0], other[0]), f64::midpoint(c1, c2));
        let cosine = |times: f64, from: f64| libm::cos((times * middle - from).to_radians());
        let t = 1.0 - 0.17 * cosine(1.0, 30.0) + 0.24 * cosine(2.0, 0.0) + 0.32 * cosine(3.0, -6.0)
            - 0.2 * cosine(4.0, 63.0);
        let bend = libm::pow(light - 50.0, 2.0);
        let lightness = (other[0] - one[0]) / (1.0 + 0.015 * bend / (20.0 + bend).sqrt());
        let saturation = (c2 - c1) / (1.0 + 0.045 * chroma);
        let tint = 2.0 * (c1 * c2).sqrt() * libm::sin((turn / 2.0).to_radians()) / (1.0 + 0.015 * chroma * t);
        let rotation = 60.0 * libm::exp(-libm::pow((middle - 275.0) / 25.0, 2.0));
        let rotated = -libm::sin(rotation.to_radians()) * 2.0 * share(chroma);
        (lightness * lightness + saturation * saturation + tint * tint + rotated * saturation * tint).sqrt()
    }

    fn kinds() -> Vec<RGBColor> {
        TransportKind::ALL.iter().map(|&kind| color(kind)).collect()
    }

    #[test]
    fn delta_e_is_that_of_sharma() {
        // Pairs 1, 7 and 17 of the published test data.
        for (one, other, wanted) in [
            ([50.0, 2.677_2, -79.775_1], [50.0, 0.0, -82.748_5], 2.042_5),
            ([50.0, 0.0, 0.0], [50.0, -1.0, 2.0], 2.366_9),
            ([50.0, 2.5, 0.0], [73.0, 25.0, -18.0], 27.149_2),
        ] {
            assert!((delta_e(one, other) - wanted).abs() < 1e-4, "{} {wanted}", delta_e(one, other));
        }
    }

    #[test]
    fn kinds_differ_for_every_kind_of_colour_vision_and_in_grey() {
        let kinds = kinds();
        for (index, one) in kinds.iter().enumerate() {
            assert!(contrast(*one, WHITE) >= 3.0, "{one:?}");
            for other in &kinds[..index] {
                for vision in &VISIONS {
                    let [one, other] = [one, other].map(|color| lab(times(vision, linear(*color))));
                    assert!(delta_e(one, other) >= 16.0, "{one:?} {other:?} {}", delta_e(one, other));
                }
                let [one, other] = [one, other].map(|color| lab([luminance(*color); 3])[0]);
                assert!((one - other).abs() >= 5.0, "{one} {other}");
            }
        }
    }

    #[test]
    fn the_variants_of_a_kind_differ_and_stand_out_from_white() {
        for color in kinds() {
            let shades: Vec<RGBColor> = (0..3).map(|variant| shade(color, variant)).collect();
            for (index, one) in shades.iter().enumerate() {
                assert!(contrast(*one, WHITE) >= 3.0, "{one:?}");
                for other in &shades[..index] {
                    assert!(delta_e(lab(linear(*one)), lab(linear(*other))) >= 7.0, "{one:?} {other:?}");
                }
            }
        }
    }

    #[test]
    fn a_transport_keeps_its_look_whatever_is_beside_it() {
        let of = |names: &[(&str, TransportKind)]| {
            Looks::new(names.iter().map(|(name, kind)| ((*name).to_owned(), (Some(*kind), 0))))
        };
        let alone = of(&[("push", TransportKind::WebSocket)]);
        let last =
            of(&[("a", TransportKind::ShortPoll), ("b", TransportKind::LongPoll), ("push", TransportKind::WebSocket)]);
        assert_eq!(alone.get("push"), last.get("push"));
    }

    #[test]
    fn a_variant_keeps_its_look_whatever_else_is_of_its_kind() {
        let of = |names: &[(&str, usize)]| {
            let kind = TransportKind::LongPoll;
            Looks::new(names.iter().map(|(name, variant)| ((*name).to_owned(), (Some(kind), *variant))))
        };
        let (alone, beside) = (of(&[("notified", 1)]), of(&[("checked", 0), ("another", 0), ("notified", 1)]));
        assert_eq!(alone.get("notified"), beside.get("notified"));
        assert_ne!(beside.get("another"), beside.get("notified"));
        assert_ne!(beside.get("another"), beside.get("checked"));
    }

    #[test]
    fn looks_differ_in_colour_and_in_form() {
        let names = (0..20).map(|index| (index.to_string(), (Some(TransportKind::ALL[index % 6]), 0)));
        let looks = Looks::new(names);
        for one in 0..20 {
            for other in 0..one {
                let [one, other] = [one, other].map(|index: usize| looks.get(&index.to_string()));
                assert_ne!((one.color, one.marker, one.dash), (other.color, other.marker, other.dash));
            }
        }
    }
}
