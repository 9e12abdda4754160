//! The search itself, which knows neither device nor clock: prove what there is, keep the better third, time those for
//! longer, and so on until few are left, which take turns.
//!
//! Successive halving (Karnin, Koren and Somekh, Almost optimal exploration in multi-armed bandits, 2013; Jamieson and
//! Talwalkar, Non-stochastic best arm identification, 2016), with thirds.

use super::Trial;
use crate::kernels::Variant;
use crate::measure::Status;
use crate::stats::{median, sorted};

/// Part of the time after which no further variant is tried.
const TRYING: f64 = 0.6;
/// A variant that is so many times slower than the fastest when it is first timed drops out. On a machine with another
/// job, a variant can look twice as slow as it is.
const HOPELESS: f64 = 3.0;
/// Turns of each variant between two cuts.
const TURNS: usize = 3;
/// So many are left to decide between.
const FINALISTS: usize = 3;
/// Turns of each of them, if there is time.
const FINAL_TURNS: usize = 20;

/// Where the variants are tried.
pub(super) trait Ground {
    /// Proves a variant and times it once. It is known by the number of those that came through before it.
    ///
    /// # Errors
    /// What is wrong with it, as the status of a case and a reason.
    fn enter(&mut self, variant: Variant) -> Result<f64, (Status, String)>;

    /// Times a variant that entered once more.
    ///
    /// # Errors
    /// What the device reports.
    fn turn(&mut self, entrant: usize) -> Result<f64, (Status, String)>;

    /// Hears what became of a variant, as soon as it is known.
    fn tell(&mut self, trial: &Trial);

    /// Part of the time for the search that is used up.
    fn used(&self) -> f64;
}

/// A variant that is right.
struct Entrant {
    /// Its number on the ground.
    number: usize,
    /// Its place among the trials.
    trial: usize,
    /// Seconds of a dispatch: the median of the last round that it took part in.
    seconds: f64,
}

/// Tries the best guesses first, then the others; says which was the fastest, if any was right, and what became of each.
///
/// # Errors
/// When the device is lost.
pub(super) fn search(
    ground: &mut dyn Ground,
    mut variants: Vec<Variant>,
) -> Result<(Option<String>, Vec<Trial>), (Status, String)> {
    variants.sort_by_key(|variant| !variant.default);
    let mut search = Search {
        ground,
        field: Vec::new(),
        trials: Vec::with_capacity(variants.len()),
    };
    for variant in variants {
        search.attempt(variant)?;
    }
    let winner = search.decide()?;
    let name = winner.map(|trial| search.trials[trial].variant.clone());
    Ok((name, search.trials))
}

struct Search<'a> {
    ground: &'a mut dyn Ground,
    /// Those that may still be the fastest.
    field: Vec<Entrant>,
    trials: Vec<Trial>,
}

impl Search<'_> {
    /// One variant: right and timed once, or wrong, or left out because time runs out and another is right.
    fn attempt(&mut self, variant: Variant) -> Result<(), (Status, String)> {
        let name = variant.name.clone();
        let outcome = if !self.field.is_empty() && self.ground.used() >= TRYING {
            Err((Status::Skipped, "the time for the search ran out".to_owned()))
        } else {
            self.ground.enter(variant)
        };
        let mut trial = Trial {
            variant: name,
            status: Status::Ok,
            reason: String::new(),
            seconds: Vec::new(),
        };
        match outcome {
            Ok(seconds) => {
                trial.seconds.push(seconds);
                self.field.push(Entrant {
                    number: self.field.len(),
                    trial: self.trials.len(),
                    seconds,
                });
            }
            Err((Status::Lost, reason)) => return Err((Status::Lost, reason)),
            Err((status, reason)) => (trial.status, trial.reason) = (status, reason),
        }
        self.ground.tell(&trial);
        self.trials.push(trial);
        Ok(())
    }

    /// The place among the trials of the fastest.
    fn decide(&mut self) -> Result<Option<usize>, (Status, String)> {
        let fastest = self.field.iter().map(|e| e.seconds).fold(f64::INFINITY, f64::min);
        self.field.retain(|entrant| entrant.seconds <= HOPELESS * fastest);
        while self.field.len() > FINALISTS && self.ground.used() < 1.0 {
            self.round(TURNS)?;
            let kept = self.field.len().div_ceil(3).max(FINALISTS);
            self.field.truncate(kept);
        }
        if self.field.len() > 1 {
            self.round(FINAL_TURNS)?;
        }
        Ok(self.field.first().map(|entrant| entrant.trial))
    }

    /// Everybody in the field takes turns while there is time; the fastest comes first afterwards. Who fails is out.
    fn round(&mut self, turns: usize) -> Result<(), (Status, String)> {
        let mut times = vec![Vec::new(); self.trials.len()];
        'round: for _ in 0..turns {
            for entrant in &self.field {
                if self.ground.used() >= 1.0 {
                    break 'round;
                }
                let trial = &mut self.trials[entrant.trial];
                match self.ground.turn(entrant.number) {
                    Ok(seconds) => times[entrant.trial].push(seconds),
                    Err((Status::Lost, reason)) => return Err((Status::Lost, reason)),
                    Err((status, reason)) => (trial.status, trial.reason) = (status, reason),
                }
            }
            self.field
                .retain(|entrant| self.trials[entrant.trial].status == Status::Ok);
        }
        for entrant in &mut self.field {
            let of_round = std::mem::take(&mut times[entrant.trial]);
            entrant.seconds = median(&sorted(&of_round)).unwrap_or(entrant.seconds);
            self.trials[entrant.trial].seconds.extend(of_round);
        }
        self.field.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use rand::rngs::StdRng;
    use rand::{RngExt as _, SeedableRng as _};

    use super::*;
    use crate::kernels::{Engine, Needs, Program};

    /// A device as a model: how long a dispatch of each variant takes, and what proving and timing cost.
    struct Model {
        /// Seconds of a dispatch, by the name of the variant; negative ones are wrong, infinite ones lose the device.
        seconds: Vec<f64>,
        /// Relative spread of a time.
        noise: f64,
        rng: StdRng,
        now: f64,
        allowed: f64,
        entered: Vec<f64>,
        told: usize,
    }

    const PROOF: f64 = 0.1;

    impl Model {
        fn new(seconds: Vec<f64>, noise: f64, seed: u64, allowed: f64) -> Self {
            Self {
                seconds,
                noise,
                rng: StdRng::seed_from_u64(seed),
                now: 0.0,
                allowed,
                entered: Vec::new(),
                told: 0,
            }
        }

        fn time(&mut self, seconds: f64) -> f64 {
            self.now += seconds.max(5e-3);
            seconds * (1.0 + self.noise * self.rng.random_range(0.0..1.0))
        }

        fn search(&mut self) -> Result<(Option<String>, Vec<Trial>), (Status, String)> {
            let variant = |index: usize| Variant {
                name: index.to_string(),
                default: index.is_multiple_of(5),
                engine: Engine::Vector,
                program: Program {
                    steps: Vec::new(),
                    needs: Needs::default(),
                },
            };
            let variants = (0..self.seconds.len()).map(variant).collect();
            search(self, variants)
        }
    }

    impl Ground for Model {
        fn enter(&mut self, variant: Variant) -> Result<f64, (Status, String)> {
            let seconds = self.seconds[variant.name.parse::<usize>().expect("a number")];
            self.now += PROOF;
            if seconds.is_infinite() {
                return Err((Status::Lost, "gone".to_owned()));
            }
            if seconds < 0.0 {
                return Err((Status::Wrong, "off by one".to_owned()));
            }
            self.entered.push(seconds);
            Ok(self.time(seconds))
        }

        fn turn(&mut self, entrant: usize) -> Result<f64, (Status, String)> {
            let seconds = self.entered[entrant];
            Ok(self.time(seconds))
        }

        fn tell(&mut self, _: &Trial) {
            self.told += 1;
        }

        fn used(&self) -> f64 {
            self.now / self.allowed
        }
    }

    #[test]
    fn the_fastest_of_many_is_found_in_spite_of_noise() {
        let mut missed = 0;
        for seed in 0..200 {
            let mut rng = StdRng::seed_from_u64(1000 + seed);
            let seconds: Vec<f64> = (0..60).map(|_| rng.random_range(1e-3..1e-2)).collect();
            let fastest = seconds.iter().copied().fold(f64::INFINITY, f64::min);
            let (found, _) = Model::new(seconds.clone(), 0.2, seed, 20.0).search().expect("found");
            let found = seconds[found.expect("a variant").parse::<usize>().expect("a number")];
            missed += usize::from(found > 1.05 * fastest);
        }
        assert!(missed <= 4, "{missed} of 200 searches missed by more than 5 %");
    }

    #[test]
    fn the_time_holds_but_for_what_is_under_way() {
        for allowed in [0.01, 0.5, 1.0, 3.0, 10.0, 20.0] {
            let seconds: Vec<f64> = (0..60).map(|i| 0.01 + 1e-4 * f64::from(i)).collect();
            let mut model = Model::new(seconds, 0.1, 7, allowed);
            let (found, trials) = model.search().expect("found");
            assert!(found.is_some());
            assert_eq!((trials.len(), model.told), (60, 60));
            assert!(model.now <= allowed + PROOF + 0.02, "{} of {allowed}", model.now);
            let skipped = trials.iter().filter(|trial| trial.status == Status::Skipped).count();
            assert_eq!(skipped > 0, allowed < 12.0, "{skipped} skipped in {allowed}");
        }
    }

    #[test]
    fn what_is_wrong_is_told_and_never_chosen() {
        let (found, trials) = Model::new(vec![-1.0, 0.02, -1.0, 0.01], 0.0, 1, 20.0)
            .search()
            .expect("found");
        assert_eq!(found.as_deref(), Some("3"));
        let wrong = trials.iter().filter(|trial| trial.status == Status::Wrong);
        assert_eq!(wrong.map(|trial| trial.seconds.len()).collect::<Vec<_>>(), [0, 0]);
        let (found, _) = Model::new(vec![-1.0, -1.0], 0.0, 1, 20.0).search().expect("searched");
        assert_eq!(found, None);
    }

    #[test]
    fn a_lost_device_ends_the_search() {
        let lost = Model::new(vec![0.01, f64::INFINITY, 0.01], 0.0, 1, 20.0).search();
        assert_eq!(lost.expect_err("lost").0, Status::Lost);
    }
}
