//! The kinds of charts, a row each. `report::chart` has a file for each that draws it.

/// The horizontal axis of a kind of chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XRule {
    /// Always this.
    Fixed(&'static str),
    /// A metric, and its default.
    Metric(&'static str),
    /// A swept key.
    SweptKey,
    /// A swept key or the transports.
    SweptKeyOrTransport,
}

/// The vertical axis of a kind of chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum YRule {
    /// Always this.
    Fixed(&'static str),
    /// Metrics, and their default.
    Metrics(&'static str),
    /// Columns of the time line, and their defaults.
    TimeLine([&'static str; 2]),
    /// A second swept key; a metric, the `value`, colours the fields.
    SweptKey,
}

macro_rules! kinds {
    ($($(#[$doc:meta])+ $kind:ident = $word:literal, $x:expr, $y:expr;)*) => {
        /// The kind of chart.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum ChartKind { $($(#[$doc])+ $kind,)* }

        impl ChartKind {
            /// All kinds.
            pub const ALL: &'static [ChartKind] = &[$(ChartKind::$kind,)*];
            /// The words of all kinds, in the same order.
            pub const WORDS: &'static [&'static str] = &[$($word,)*];

            /// The horizontal axis.
            pub fn x(self) -> XRule {
                match self { $(ChartKind::$kind => $x,)* }
            }

            /// The vertical axis.
            pub fn y(self) -> YRule {
                match self { $(ChartKind::$kind => $y,)* }
            }
        }
    };
}

kinds! {
    /// Metrics against a swept key, one curve per transport.
    Line = "line", XRule::SweptKey, YRule::Metrics("http_mbit_per_s");
    /// Distribution of the latency.
    Cdf = "cdf", XRule::Fixed("the latency"), YRule::Fixed("the distribution of the latency");
    /// One metric against another, one curve per transport along the sweep.
    Tradeoff = "tradeoff", XRule::Metric("http_mbit_per_s"), YRule::Metrics("latency_mean_s");
    /// A metric over two swept keys, one panel per transport.
    Heatmap = "heatmap", XRule::SweptKey, YRule::SweptKey;
    /// Metrics as bars, grouped by transport or by a swept key.
    Bar = "bar", XRule::SweptKeyOrTransport, YRule::Metrics("http_mbit_per_s");
    /// Time bins.
    Timeline = "timeline", XRule::Fixed("the time"), YRule::TimeLine(["http_mbit_per_s", "held_requests"]);
}

impl ChartKind {
    /// The word in the file.
    pub fn word(self) -> &'static str {
        ChartKind::WORDS[self as usize]
    }

    /// The kind of this word.
    pub fn from_word(word: &str) -> Option<ChartKind> {
        ChartKind::ALL.iter().copied().find(|kind| kind.word() == word)
    }

    /// Whether it shows metrics, so that it can show populations separately.
    pub fn shows_metrics(self) -> bool {
        matches!(self.y(), YRule::Metrics(_) | YRule::SweptKey)
    }
}
