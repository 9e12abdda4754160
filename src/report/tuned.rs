//! What the tuner chose.

use std::fmt::Write as _;

use super::text::wrap;
use super::words;
use crate::device::Identity;
use crate::kernels;
use crate::measure::Status;
use crate::tune::{Choice, Trial};
use crate::units::{Unit, quantity, significant};

/// The choices for a reader; with `all`, every variant that was tried.
#[must_use]
pub fn text(identity: &Identity, choices: &[Choice], all: bool) -> String {
    let mut text = wrap(&words::machine(identity), 80, 0);
    for choice in choices {
        let _ = write!(text, "\n{}\n", choice.case);
        text += &wrap(&outcome(choice), 80, 2);
        if all {
            text += &trials(choice);
        }
    }
    if choices.is_empty() {
        text += "\nno case has more than one variant to choose from\n";
    } else {
        text += "\nonpar run --tune quick measures with these.\n";
    }
    text
}

/// One choice in a line.
#[must_use]
pub fn line(choice: &Choice) -> String {
    format!("{}  {}", choice.case, outcome(choice).trim_start())
}

fn outcome(choice: &Choice) -> String {
    let (Some(entry), Some(variant)) = (&choice.entry, choice.variant()) else {
        return format!("  {}: {}", choice.status.word(), choice.reason);
    };
    let from = if choice.cached && entry.case != choice.case {
        format!("from the cache, found with {}", entry.case)
    } else if choice.cached {
        "from the cache".to_owned()
    } else {
        format!("searched for {} s", significant(entry.found.seconds, 3))
    };
    format!(
        "  {variant}{}; {}; {from}",
        gain(choice, variant),
        tried(choice.trials())
    )
}

/// How much faster it is than the best of those that race by default.
fn gain(choice: &Choice, variant: &str) -> String {
    let guesses: Vec<String> = kernels::find(&choice.case.kernel)
        .map(|kernel| (kernel.variants)(&choice.case))
        .into_iter()
        .flatten()
        .filter(|variant| variant.default)
        .map(|variant| variant.name)
        .collect();
    if guesses.iter().any(|guess| guess == variant) {
        return ", the best guess".to_owned();
    }
    let time = |named: &dyn Fn(&str) -> bool| {
        let trials = choice.trials().iter().filter(|trial| named(&trial.variant));
        trials.map(Trial::middle).fold(f64::INFINITY, f64::min)
    };
    let best_guess = time(&|name| guesses.iter().any(|guess| guess == name));
    let chosen = time(&|name| name == variant);
    if best_guess.is_finite() && chosen.is_finite() {
        format!(
            ", {} times as fast as the best guess",
            significant(best_guess / chosen, 3)
        )
    } else {
        String::new()
    }
}

/// `14 right, 2 unsupported`.
fn tried(trials: &[Trial]) -> String {
    let count = |status: Status| trials.iter().filter(|trial| trial.status == status).count();
    let words = Status::ALL
        .into_iter()
        .filter(|status| count(*status) > 0)
        .map(|status| {
            let word = if status == Status::Ok { "right" } else { status.word() };
            format!("{} {word}", count(status))
        });
    words.collect::<Vec<_>>().join(", ")
}

/// Every variant, the fastest first.
fn trials(choice: &Choice) -> String {
    let mut field: Vec<&Trial> = choice.trials().iter().collect();
    field.sort_by(|a, b| a.middle().total_cmp(&b.middle()));
    let fastest = field.first().map_or(f64::NAN, |trial| trial.middle());
    let mut text = String::new();
    for trial in field {
        if trial.status == Status::Ok {
            let times = significant(trial.middle() / fastest, 3);
            let turns = trial.seconds.len();
            let _ = writeln!(
                text,
                "    {:<34} {}  {times}x  {turns} turns",
                trial.variant,
                quantity(trial.middle(), Unit::Second)
            );
        } else {
            let what = format!("    {}: {}: {}", trial.variant, trial.status.word(), trial.reason);
            text += &wrap(&what, 80, 4);
        }
    }
    text
}
