//! Where the time of a session went.

use crate::measure::Pulse;
use crate::record::Session;

/// Seconds of the measuring processes, by what they did.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct TimeSpent {
    /// All of it, from the start of each process to its last look at the machine.
    pub total: f64,
    /// Opening the device, testing its clock, proving the reference kernels.
    pub open: f64,
    /// Making inputs and buffers.
    pub setup: f64,
    /// Compiling shaders.
    pub compile: f64,
    /// Computing references and comparing.
    pub proof: f64,
    /// Racing the variants.
    pub race: f64,
    /// Warming up.
    pub warm_up: f64,
    /// Sampling.
    pub timed: f64,
    /// Looking at the machine.
    pub looks: f64,
}

impl TimeSpent {
    /// Of a session; none where it has no looks at the machine to count between, as in sessions of early versions.
    #[must_use]
    pub fn of(session: &Session) -> Option<Self> {
        let pulses: Vec<&Pulse> = session.pulses().collect();
        let mut spent = Self::default();
        for process in pulses.chunk_by(|a, b| a.run == b.run && a.at < b.at) {
            let (first, last) = (process.first()?, process.last()?);
            spent.total += last.at;
            spent.open += first.at - first.took;
            spent.looks += process.iter().map(|pulse| pulse.took).sum::<f64>();
        }
        for finished in session.rows() {
            let phases = finished.row.phases;
            spent.setup += phases.setup;
            spent.compile += phases.compile;
            spent.proof += phases.proof;
            spent.race += phases.race;
            spent.warm_up += phases.warm_up;
            spent.timed += phases.timed;
        }
        (spent.total > 0.0).then_some(spent)
    }

    /// What is left: neither device nor proof nor compiler were busy. What a case cost that never came to a row is in it.
    #[must_use]
    pub fn idle(&self) -> f64 {
        let busy: f64 = self.busy().iter().map(|(_, seconds)| seconds).sum();
        (self.total - busy).max(0.0)
    }

    /// Every part by name, the idle one last.
    #[must_use]
    pub fn parts(&self) -> Vec<(&'static str, f64)> {
        let mut parts = self.busy().to_vec();
        parts.push(("idle", self.idle()));
        parts
    }

    const fn busy(&self) -> [(&'static str, f64); 8] {
        [
            ("open", self.open),
            ("set-up", self.setup),
            ("compile", self.compile),
            ("proof", self.proof),
            ("race", self.race),
            ("warm-up", self.warm_up),
            ("timed", self.timed),
            ("looks", self.looks),
        ]
    }
}
