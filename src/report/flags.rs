//! What is odd about the samples of a row, as letters behind its interval and as sentences below the table.

use crate::normalise::Score;
use crate::stats::{Flag, JUDGED_FROM};
use crate::units::percent;

/// A flag as a reader meets it.
struct Shown {
    name: &'static str,
    /// Behind the interval in the table.
    letter: &'static str,
    /// What it means for the rows that have it.
    meaning: &'static str,
    /// What to do about it.
    remedy: &'static str,
    /// Its value, if that says more than the flag.
    value: fn(f64) -> String,
}

/// In the order of [`Score::named_flags`].
const SHOWN: [Shown; 9] = [
    Shown {
        name: "drift",
        letter: "d",
        meaning: "times rise or fall all through the run",
        remedy: "let the device settle and measure again; --order interleaved spreads a drift over all cases alike",
        value: change,
    },
    Shown {
        name: "step",
        letter: "s",
        meaning: "the run ends on another level than it began, as when a device throttles",
        remedy: "look at cooling and power limits, then measure again",
        value: change,
    },
    Shown {
        name: "bimodal",
        letter: "b",
        meaning: "times fall into two groups, and the median is of one of them",
        remedy: "measure with --runs 10: the medians of runs tell how often each group comes",
        value: |gap| format!("{} apart", percent(gap)),
    },
    Shown {
        name: "quantised",
        letter: "q",
        meaning: "the clock is too coarse for such samples",
        remedy: "choose a larger shape; onpar doctor tells the step of the clock",
        value: |values| format!("{values:.0} different values"),
    },
    Shown {
        name: "unstable",
        letter: "u",
        meaning: "times wander, so that the interval promises nothing",
        remedy: "believe the runs, not the samples: --runs 10",
        value: |_| String::new(),
    },
    Shown {
        name: "contended",
        letter: "c",
        meaning: "others were at work on this machine",
        remedy: "end what else runs on this machine, and measure again",
        value: |part| format!("{} of the processors", percent(part)),
    },
    Shown {
        name: "reference",
        letter: "r",
        meaning: "the reference kernels changed their speed meanwhile",
        remedy: "onpar doctor --noise tells how steady this machine is; measure again when it is quiet",
        value: change,
    },
    Shown {
        name: "throttled",
        letter: "t",
        meaning: "the driver says that it held the clock back",
        remedy: "look at cooling and power limits, then measure again",
        value: |_| String::new(),
    },
    Shown {
        name: "clocks",
        letter: "w",
        meaning: "by the wall clock of the host it took another time than by the device's",
        remedy: "onpar doctor tests the clock; compare such rows with rows by the same clock only",
        value: change,
    },
];

fn change(value: f64) -> String {
    let sign = if value > 0.0 { "+" } else { "" };
    format!("{sign}{}", percent(value))
}

/// The flags that are raised, with what is shown of them.
fn raised(score: &Score) -> impl Iterator<Item = (&'static Shown, Flag)> {
    let shown = score
        .named_flags()
        .into_iter()
        .filter(|(_, flag)| flag.raised == Some(true));
    shown.filter_map(|(name, flag)| Some((SHOWN.iter().find(|shown| shown.name == name)?, flag)))
}

/// A raised flag, for a reader who wants to know what it means.
pub(super) struct Raised {
    pub(super) name: &'static str,
    /// How much of it; may be empty.
    pub(super) value: String,
    pub(super) meaning: &'static str,
    pub(super) remedy: &'static str,
}

/// Everything that is odd about a row.
pub(super) fn raised_in(score: &Score) -> Vec<Raised> {
    let told = |(shown, flag): (&'static Shown, Flag)| Raised {
        name: shown.name,
        value: flag.value.map(shown.value).unwrap_or_default(),
        meaning: shown.meaning,
        remedy: shown.remedy,
    };
    raised(score).map(told).collect()
}

fn is_judged(score: &Score) -> bool {
    score.flags().drift.raised.is_some()
}

/// Their letters, three characters at most.
pub(super) fn letters(score: &Score) -> String {
    let letters: String = raised(score).map(|(shown, _)| shown.letter).collect();
    match letters.get(..2) {
        Some(first) if letters.len() > 3 => format!("{first}+"),
        _ => letters,
    }
}

/// Their words, parted by spaces; `none` if there are none; nothing where there are too few samples to judge.
pub(super) fn words(score: &Score) -> String {
    let words: Vec<&str> = raised(score).map(|(shown, _)| shown.name).collect();
    if words.is_empty() && is_judged(score) {
        return "none".to_owned();
    }
    words.join(" ")
}

/// How many rows are flagged and how many are not judged; none where nothing was measured.
pub(super) fn summary(scores: &[Score]) -> Option<String> {
    let measured = || scores.iter().filter(|score| score.timing.is_some());
    let judged = measured().filter(|score| is_judged(score)).count();
    let flagged = measured().filter(|score| raised(score).next().is_some()).count();
    let all = measured().count();
    let judgement = match (judged, flagged) {
        (0, 0) => None,
        (_, 0) => Some(format!("raised in none of {all} rows")),
        _ => Some(format!("raised in {flagged} of {all} rows")),
    };
    let few = all - judged;
    let omission = (few > 0).then(|| format!("not judged in {few} (fewer than {JUDGED_FROM} samples)"));
    let parts: Vec<String> = judgement.into_iter().chain(omission).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// A sentence for each flag that is raised, with the rows that have it.
pub(super) fn sentences(scores: &[Score]) -> Vec<String> {
    let rows = |shown: &Shown| -> Vec<String> {
        let row = |score: &Score| {
            let (_, flag) = raised(score).find(|(other, _)| other.name == shown.name)?;
            let value = flag.value.map(shown.value).unwrap_or_default();
            Some(format!("{} {value}", score.case).trim_end().to_owned())
        };
        scores.iter().filter_map(row).collect()
    };
    let sentence = |shown: &Shown| {
        let rows = rows(shown);
        let text = || format!("{} ({}): {}: {}", shown.name, shown.letter, shown.meaning, some(&rows));
        (!rows.is_empty()).then(text)
    };
    SHOWN.iter().filter_map(sentence).collect()
}

/// The first few; `rows.csv` has them all.
fn some(rows: &[String]) -> String {
    const MOST: usize = 4;
    let first = rows[..rows.len().min(MOST)].join(", ");
    match rows.len().saturating_sub(MOST) {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}
