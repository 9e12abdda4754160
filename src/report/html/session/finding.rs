//! The finding: what the session says about the device in a sentence for each reference chip.

use crate::kernels::{Precision, Role};
use crate::measure::Status;
use crate::normalise::{Paper, Physics, REFERENCES, Resource, Score, Scores, published_precision};
use crate::report::flags;
use crate::report::html::page::Sentence;
use crate::units::{Interval, percent, significant};

/// A sentence for each reference chip, the first of which says how much can be used; one about the device's own ceilings,
/// one about what cannot be used.
pub(super) fn sentences(scores: &Scores) -> Vec<Sentence> {
    let of_chip = |(place, reference): (usize, &crate::normalise::Reference)| {
        let found = against(scores, place, reference.name);
        let text = match place {
            0 => format!("{found}; {}.", usable(scores)),
            _ => format!("{found}."),
        };
        Sentence {
            chip: Some(place),
            text,
        }
    };
    let plain = |text: String| Sentence { chip: None, text };
    let of_chips = REFERENCES.iter().enumerate().map(of_chip);
    let others = own_chip(scores)
        .into_iter()
        .chain(own_ceilings(scores))
        .chain(unusable(scores))
        .chain(flagged(scores));
    of_chips.chain(others.map(plain)).collect()
}

/// What there is to say against one chip: arithmetic at its best, memory at its best.
fn against(scores: &Scores, place: usize, name: &str) -> String {
    let paper = |score: &Score| score.papers.get(place).cloned();
    let arithmetic = best(scores, Role::Workload, paper, Resource::Compute);
    let memory = best(scores, Role::Workload, paper, Resource::Memory);
    // A small shape of what was told of already says less than plain traffic.
    let is_new = |(score, _): &(&Score, Paper)| {
        arithmetic
            .as_ref()
            .is_none_or(|(other, _)| doing(other) != doing(score))
    };
    let memory = memory.filter(is_new).or_else(|| traffic(scores, paper));
    let mut findings: Vec<String> = Vec::new();
    if let Some((score, paper)) = arithmetic {
        let what = format!("published {} peak", published_word(score));
        findings.push(format!("did {} at {} of {name}’s {what}", doing(score), part(&paper)));
    }
    if let Some((score, paper)) = memory {
        let whose = if findings.is_empty() {
            format!("{name}’s published")
        } else {
            "its".to_owned()
        };
        let verb = if findings.is_empty() { "did " } else { "" };
        findings.push(format!(
            "{verb}{} at {} of {whose} memory bandwidth",
            doing(score),
            part(&paper)
        ));
    }
    match &findings[..] {
        [] => format!("Nothing that is published of {name} bounds any of these rows"),
        _ => format!("This device {}{}", findings.join(" and "), gaps(scores, place)),
    }
}

/// Peaks that would be needed and that nobody published.
fn gaps(scores: &Scores, place: usize) -> String {
    let lacks = |score: &&Score| {
        let unknown = score
            .papers
            .get(place)
            .is_some_and(|paper| paper.ratio.high.is_infinite() && !paper.unsupported);
        unknown && score.role() == Role::Workload
    };
    let mut words: Vec<&str> = Vec::new();
    for score in scores.rows.iter().filter(lacks) {
        let word = published_word(score);
        if !word.is_empty() && !words.contains(&word) {
            words.push(word);
        }
    }
    match &words[..] {
        [] => String::new(),
        [one] => format!("; its {one} peak is not published"),
        _ => format!("; its peaks in {} are not published", words.join(", ")),
    }
}

/// The row of a role that came nearest to what binds the chip, which is this resource.
fn best(
    scores: &Scores,
    role: Role,
    paper: impl Fn(&Score) -> Option<Paper>,
    resource: Resource,
) -> Option<(&Score, Paper)> {
    let fits = |score: &&Score| score.role() == role && can_be(score);
    let papers = scores
        .rows
        .iter()
        .filter(fits)
        .filter_map(|score| Some((score, paper(score)?)));
    let bound = papers.filter(|(_, paper)| paper.binding == Some(resource) && !paper.ratio.is_unknown());
    bound.max_by(|(_, one), (_, other)| one.ratio.low.total_cmp(&other.ratio.low))
}

/// The fastest memory traffic, where no work is known to be bound by memory there.
fn traffic(scores: &Scores, paper: impl Fn(&Score) -> Option<Paper>) -> Option<(&Score, Paper)> {
    let fits = |score: &&Score| matches!(score.role(), Role::MemoryCeiling { .. }) && can_be(score);
    let papers = scores
        .rows
        .iter()
        .filter(fits)
        .filter_map(|score| Some((score, paper(score)?)));
    let known = papers.filter(|(_, paper)| paper.ratio.high.is_finite());
    known.max_by(|(_, one), (_, other)| one.ratio.high.total_cmp(&other.ratio.high))
}

/// The precision of the peak that a case is held against; empty where there is none.
fn published_word(score: &Score) -> &'static str {
    let precision = score.case.precision.and_then(published_precision);
    precision.map_or("", |precision| precision.word())
}

fn can_be(score: &Score) -> bool {
    score.timing.is_some() && score.physics != Physics::Impossible
}

/// Kernel and precision.
fn doing(score: &Score) -> String {
    let precision = score.case.precision.map_or("", Precision::word);
    format!("{} {precision}", score.case.kernel).trim_end().to_owned()
}

/// A ratio as part of a sentence.
fn part(paper: &Paper) -> String {
    let written = |value: f64| {
        if value >= 2.0 {
            format!("{} times", significant(value, 2))
        } else if value < 1e-5 {
            format!("{} ppm", significant(value * 1e6, 2))
        } else {
            format!("{} %", significant(value * 100.0, if value < 1.0 { 2 } else { 3 }))
        }
    };
    let Interval { low, high } = paper.ratio;
    let (from, to) = (written(low), written(high));
    let disputed = if paper.disputed { " (in dispute)" } else { "" };
    if high.is_infinite() {
        format!("no less than {from}{disputed}")
    } else if low <= 0.0 {
        format!("no more than {to}{disputed}")
    } else if from == to {
        format!("{to}{disputed}")
    } else {
        format!("{from} to {to}{disputed}")
    }
}

/// Against what is published of this very chip.
fn own_chip(scores: &Scores) -> Option<String> {
    let chip = scores.own_chip.as_ref()?;
    let of = |resource| best(scores, Role::Workload, |score| score.own_paper.clone(), resource);
    let found = [(Resource::Compute, "peak"), (Resource::Memory, "memory bandwidth")].map(|(resource, what)| {
        let (score, paper) = of(resource)?;
        Some(format!("{} at {} of its {what}", doing(score), part(&paper)))
    });
    let found: Vec<String> = found.into_iter().flatten().collect();
    (!found.is_empty()).then(|| {
        format!(
            "Of its own published figures ({chip}) it reached: {}.",
            found.join(", ")
        )
    })
}

/// How near work came to the ceilings of the same session.
fn own_ceilings(scores: &Scores) -> Option<String> {
    let of = |resource: Resource, what: &str| {
        let rows = scores.rows.iter().filter(|score| can_be(score));
        let roofs = rows.filter_map(|score| Some((score, score.roof.filter(|roof| roof.resource == resource)?)));
        let (score, roof) = roofs.max_by(|(_, one), (_, other)| one.fraction.total_cmp(&other.fraction))?;
        let part = percent(roof.fraction).replace('%', " %");
        Some(format!("{part} of {what} by {}", doing(score)))
    };
    let found = [
        of(Resource::Compute, "its arithmetic"),
        of(Resource::Memory, "its bandwidth"),
    ];
    let found: Vec<String> = found.into_iter().flatten().collect();
    (!found.is_empty()).then(|| {
        format!(
            "Of the ceilings measured in the same session, work reached {}.",
            found.join(" and ")
        )
    })
}

/// How many rows can be used, to end a sentence.
fn usable(scores: &Scores) -> String {
    let all = scores.rows.len();
    match all - scores.rows.iter().filter(|score| can_be(score)).count() {
        0 => format!("all {all} rows are usable"),
        1 => format!("1 of {all} rows was not usable"),
        some => format!("{some} of {all} rows were not usable"),
    }
}

/// Why some rows cannot be used; none where all can.
fn unusable(scores: &Scores) -> Option<String> {
    let count = |is: &dyn Fn(&Score) -> bool| scores.rows.iter().filter(|score| is(score)).count();
    let failures = Status::ALL.into_iter().filter(|status| *status != Status::Ok);
    let mut why: Vec<(usize, &str)> = failures
        .map(|status| (count(&|score| score.status == status), status.word()))
        .collect();
    why.push((count(&|score| score.physics == Physics::Impossible), "impossible"));
    let why = why.into_iter().filter(|(count, _)| *count > 0);
    let why: Vec<String> = why.map(|(count, word)| format!("{count} {word}")).collect();
    (!why.is_empty()).then(|| format!("Not usable: {}.", why.join(", ")))
}

fn flagged(scores: &Scores) -> Option<String> {
    Some(format!("Flags: {}.", flags::summary(&scores.rows)?))
}
