//! The random numbers, by the names that the model gives them.

use cometsim::model::scenario::{Delay, Scenario};
use cometsim::random::{
    Exponential, Family, Geometric, Lognormal, Pareto, Purpose, TruncatedNormal, Uniform, Weibull, below,
    inverse_normal_cdf, open_unit,
};
use cometsim::units::{Probability, Time};

/// All draws of one replication.
pub struct Draws {
    seed: u64,
    replication: u32,
    /// Whether the processes are those of what clients send.
    of_sends: bool,
}

impl Draws {
    pub fn new(seed: u64, replication: u32) -> Draws {
        Draws { seed, replication, of_sends: false }
    }

    /// Those of what clients send.
    pub fn of_sends(seed: u64, replication: u32) -> Draws {
        Draws { seed, replication, of_sends: true }
    }

    pub fn replication(&self) -> u32 {
        self.replication
    }

    fn bits(&self, purpose: Purpose, entity: u64, counter: u64) -> u64 {
        let purpose = match purpose {
            Purpose::Arrivals if self.of_sends => Purpose::Sends,
            Purpose::ArrivalsPhase if self.of_sends => Purpose::SendsPhase,
            Purpose::OnPeriod if self.of_sends => Purpose::SendsOn,
            Purpose::OffPeriod if self.of_sends => Purpose::SendsOff,
            purpose => purpose,
        };
        Family::new(self.seed, self.replication, purpose).stream(entity).at(counter)
    }

    /// The draw of a process, with one purpose for a client's own and another for the one that all share.
    fn process_bits(&self, recipient: Option<u32>, purposes: [Purpose; 2], counter: u64) -> u64 {
        match recipient {
            Some(client) => self.bits(purposes[0], u64::from(client), counter),
            None => self.bits(purposes[1], 0, counter),
        }
    }

    /// The instant at which a client starts, below `range`.
    pub fn start(&self, client: u32, range: u64) -> u64 {
        below(self.bits(Purpose::Start, u64::from(client), 0), range)
    }

    /// When clients come that come one by one.
    pub fn comers(&self, scenario: &Scenario) -> Vec<u64> {
        let mut times = Vec::new();
        let Some(rate) = scenario.clients.arrival_rate else { return times };
        let mut time = 0;
        for number in 0.. {
            time += Exponential::new(rate.mean_gap_nanos()).from_bits(self.bits(Purpose::Comers, 0, number));
            if time >= scenario.window.horizon().0 {
                break;
            }
            times.push(time);
        }
        times
    }

    /// How long the end of an idle connection is on its way to a client.
    pub fn closing(&self, client: u32, delay: &Delay) -> u64 {
        sample(delay, self.bits(Purpose::Closing, u64::from(client), 0))
    }

    /// The random phase of a process.
    pub fn source_phase(&self, recipient: Option<u32>, every: u64) -> u64 {
        below(self.process_bits(recipient, [Purpose::ArrivalsPhase, Purpose::BroadcastPhase], 0), every)
    }

    /// Trials up to and including hit number `index` after the one before.
    pub fn trials(&self, recipient: Option<u32>, index: u64, hit: Probability) -> u64 {
        let bits = self.process_bits(recipient, [Purpose::Arrivals, Purpose::Broadcast], index);
        Geometric::new(hit.as_f64()).from_bits(bits)
    }

    /// Gap number `index` of a Poisson process, by the mean gap in nanoseconds.
    pub fn exponential_gap(&self, recipient: Option<u32>, index: u64, mean_gap: f64) -> u64 {
        let bits = self.process_bits(recipient, [Purpose::Arrivals, Purpose::Broadcast], index);
        Exponential::new(mean_gap).from_bits(bits)
    }

    /// An ON period (or an OFF period) of a bursty process, by its number and its mean in nanoseconds.
    pub fn burst_period(&self, recipient: Option<u32>, is_on: bool, number: u64, mean: u64) -> u64 {
        let purpose = if is_on { Purpose::OnPeriod } else { Purpose::OffPeriod };
        Exponential::new(mean as f64).from_bits(self.process_bits(recipient, [purpose; 2], number))
    }

    /// A standard normal number for a client's own rate.
    pub fn normal_of_client(&self, client: u32) -> f64 {
        -inverse_normal_cdf(open_unit(self.bits(Purpose::Spread, u64::from(client), 0)))
    }

    /// With scope `request`, the check of a request that hits.
    pub fn hit_check(&self, client: u32, request: u64, hit: Probability) -> u64 {
        Geometric::new(hit.as_f64()).from_bits(self.bits(Purpose::Hit, u64::from(client), request))
    }

    /// How long a request is on its way.
    pub fn up_delay(&self, client: u32, request: u64, delay: &Delay) -> u64 {
        sample(delay, self.bits(Purpose::UpDelay, u64::from(client), request))
    }

    /// How long the server works on a request before it looks.
    pub fn service(&self, client: u32, request: u64, law: &Delay) -> u64 {
        sample(law, self.bits(Purpose::Service, u64::from(client), request))
    }

    /// What a sleep of a request takes on top; `looks_left` looks follow the one at its end.
    pub fn drift(&self, client: u32, request: u64, looks_left: u64, law: &Delay) -> u64 {
        sample(law, self.bits(Purpose::Drift, u64::from(client), (request << 32) + looks_left))
    }

    /// From the reply to a request to the next one.
    pub fn turnaround(&self, client: u32, request: u64, law: &Delay) -> u64 {
        sample(law, self.bits(Purpose::Turnaround, u64::from(client), request))
    }

    /// How long a client stays.
    pub fn session(&self, client: u32, law: &Delay) -> u64 {
        sample(law, self.bits(Purpose::Session, u64::from(client), 0))
    }

    /// The gap before a poll that leaves at random.
    pub fn poll_gap(&self, client: u32, request: u64, mean: Time) -> u64 {
        Exponential::new(mean.0 as f64).from_bits(self.bits(Purpose::PollGap, u64::from(client), request))
    }

    /// A number in [0, 1) that spreads the wait after an error of a request.
    pub fn jitter(&self, client: u32, request: u64) -> f64 {
        (self.bits(Purpose::Backoff, u64::from(client), request) >> 11) as f64 / 2f64.powi(53)
    }

    /// How long a packet that opens a connection is on its way.
    pub fn handshake(&self, client: u32, index: u64, delay: &Delay) -> u64 {
        sample(delay, self.bits(Purpose::Handshake, u64::from(client), index))
    }

    /// How often a packet is lost, by what it is of, the number of that, and its own.
    pub fn losses(&self, client: u32, (flow, number, packet): (u64, u64, u64), rate: Probability) -> u64 {
        let number = number ^ ((packet / (1 << 16)) * (1 << 32));
        let name = flow * (1 << 61) + (number % (1 << 45)) * (1 << 16) + packet % (1 << 16);
        Geometric::new(1.0 - rate.as_f64()).from_bits(self.bits(Purpose::Loss, u64::from(client), name)) - 1
    }

    /// How long something that the server pushed is on its way.
    pub fn push_delay(&self, client: u32, push: u64, delay: &Delay) -> u64 {
        sample(delay, self.bits(Purpose::PushDelay, u64::from(client), push))
    }

    /// How long the reply to a request is on its way.
    pub fn down_delay(&self, client: u32, request: u64, delay: &Delay) -> u64 {
        sample(delay, self.bits(Purpose::DownDelay, u64::from(client), request))
    }
}

fn sample(delay: &Delay, bits: u64) -> u64 {
    match delay {
        Delay::Constant(time) => time.0,
        Delay::Uniform { low, high } => Uniform::new(low.0, high.0).from_bits(bits),
        Delay::Exponential(mean) => Exponential::new(mean.0 as f64).from_bits(bits),
        Delay::Normal { mean, sd } => TruncatedNormal::new(mean.0 as f64, sd.0 as f64).from_bits(bits),
        Delay::Lognormal { median, sigma } => Lognormal::new(median.0 as f64, *sigma).from_bits(bits),
        Delay::Pareto { min, shape } => Pareto::new(min.0 as f64, *shape).from_bits(bits),
        Delay::Weibull { scale, shape } => Weibull::new(scale.0 as f64, *shape).from_bits(bits),
        Delay::Empirical(samples) => samples[below(bits, samples.len() as u64) as usize].0,
    }
}
