//! Counters that merge exactly and go into fingerprints, each declared once.

/// A counter that can be merged, and be part of a fingerprint.
pub(super) trait Counter {
    /// Adds the count of other clients or replications of the same scenario.
    fn merge(&mut self, other: &Self);

    /// Appends its numbers to a fingerprint.
    fn feed(&self, fed: &mut Fed);
}

/// The numbers of a fingerprint: it takes all counts, then all sums.
#[derive(Debug, Default)]
pub(super) struct Fed {
    pub counts: Vec<u64>,
    pub sums: Vec<u128>,
}

impl Counter for u64 {
    fn merge(&mut self, other: &u64) {
        *self += other;
    }

    fn feed(&self, fed: &mut Fed) {
        fed.counts.push(*self);
    }
}

impl Counter for u128 {
    fn merge(&mut self, other: &u128) {
        *self += other;
    }

    fn feed(&self, fed: &mut Fed) {
        fed.sums.push(*self);
    }
}

/// One counter per time bin.
impl Counter for Vec<u64> {
    fn merge(&mut self, other: &Vec<u64>) {
        self.iter_mut().zip(other).for_each(|(mine, theirs)| *mine += theirs);
    }

    fn feed(&self, fed: &mut Fed) {
        fed.counts.extend(self);
    }
}

/// `None` if the scenario does not count it.
impl<C: Counter + Clone> Counter for Option<C> {
    fn merge(&mut self, other: &Option<C>) {
        match (self, other) {
            (Some(mine), Some(theirs)) => mine.merge(theirs),
            (mine @ None, theirs) => mine.clone_from(theirs),
            (Some(_), None) => {}
        }
    }

    fn feed(&self, fed: &mut Fed) {
        if let Some(counter) = self {
            counter.feed(fed);
        }
    }
}

/// The largest value at any time; merged, the largest of all runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Peak(pub u64);

impl Counter for Peak {
    fn merge(&mut self, other: &Peak) {
        self.0 = self.0.max(other.0);
    }

    fn feed(&self, fed: &mut Fed) {
        fed.counts.push(self.0);
    }
}

/// Declares a struct of counters. Those in brackets are in fingerprints, in this order: the counters that existed when
/// the results version began. Later counters are left out; otherwise folders of earlier versions could not be verified.
macro_rules! counters {
    ($(#[$meta:meta])* $name:ident [$($fed:ident),*] { $($(#[$doc:meta])* $field:ident: $kind:ty,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        pub struct $name { $($(#[$doc])* pub $field: $kind,)* }

        impl Counter for $name {
            fn merge(&mut self, other: &Self) {
                $(self.$field.merge(&other.$field);)*
            }

            fn feed(&self, fed: &mut Fed) {
                $(self.$fed.feed(fed);)*
            }
        }
    };
}
pub(super) use counters;
