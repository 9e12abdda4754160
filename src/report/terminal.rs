//! The table in the terminal: 80 columns, and below it what the columns mean.

use std::fmt::Write as _;

use super::flags;
use super::text::{paragraph, wrap};
use super::words::{self, Rate};
use crate::kernels::{Case, Role};
use crate::measure::{Candidate, Status, standing};
use crate::normalise::{Paper, REFERENCES, Score, Scores};
use crate::record::Session;
use crate::units::{Unit, quantity, significant};

/// Width of the first column.
const NAME: usize = 28;

/// The table of a session.
#[must_use]
pub fn table(session: &Session, scores: &Scores) -> String {
    let mut text = wrap(&words::device(&session.header), 80, 0) + "\n";
    // Among ceilings alone, which chain or pattern was the fastest is what one wants to know.
    let named = scores.rows.iter().all(|score| score.role() != Role::Workload);
    let mut group = String::new();
    for score in &scores.rows {
        let of_score = words::group(&score.case);
        if of_score != group {
            text += &heading(&of_score, score);
            group = of_score;
        }
        text += &line(score, named);
    }
    text.push('\n');
    text += &legend(session, scores);
    text
}

fn heading(group: &str, score: &Score) -> String {
    let [h20, zhenwu, p800] = REFERENCES.map(|reference| reference.short);
    let rate = Rate::of(score).heading();
    row(group, rate, ("±", ""), "roof", [h20, zhenwu, p800])
}

fn line(score: &Score, named: bool) -> String {
    let mut shape = format!("  {}", score.case.shape);
    let Some(timing) = score.timing else {
        let what = format!("{}: {}", score.status.word(), score.reason);
        return format!("{shape}\n{}", wrap(&what, 80, 4));
    };
    if named && score.role() != Role::Floor {
        shape = format!("{shape} {}", score.variant);
    }
    let rate = words::number(Rate::of(score).value(score));
    let papers = |index: usize| score.papers.get(index).map_or_else(String::new, words::paper);
    row(
        &shape,
        &rate,
        (&words::half_width(&timing), &flags::letters(score)),
        &words::roof(score),
        [&papers(0), &papers(1), &papers(2)],
    )
}

/// A name that is too long for its column gets a line of its own.
fn row(name: &str, rate: &str, (spread, flags): (&str, &str), roof: &str, [first, second, third]: [&str; 3]) -> String {
    let break_line = if name.chars().count() > NAME {
        format!("\n{:NAME$}", "")
    } else {
        String::new()
    };
    let line = format!(
        "{name:<NAME$}{break_line}{rate:>7} {spread:>5} {flags:<3} {roof:>7} {first:>7} {second:>7} {third:>10}"
    );
    line.trim_end().to_owned() + "\n"
}

fn legend(session: &Session, scores: &Scores) -> String {
    let mut text = String::new();
    let mut say = |line: &str| {
        text.push_str(&paragraph(line));
    };
    say(&format!("±: {}", words::spread(&scores.rows)));
    if let Some(oddities) = flags::summary(&scores.rows) {
        say(&format!("letters behind it: flags, {oddities}"));
    }
    say("roof: part of this session's ceiling that binds the case (c compute, m memory)");
    say(&format!(
        "{}: paper ratio, the time that the chip's published figures allow over the time measured; <= where only a \
         floor of its bandwidth is known, a range where sources conflict, unpubl. where a figure is missing",
        REFERENCES.map(|reference| reference.short).join(", ")
    ));
    if let Some(own) = own(scores) {
        say(&own);
    }
    if let Some(time) = &scores.time {
        say(&format!("time: {}", words::time(time)));
    }
    for warning in words::warnings(&session.header, &scores.rows)
        .iter()
        .chain(&flags::sentences(&scores.rows))
    {
        say(&format!("! {warning}"));
    }
    // Where no variant came through, the row itself says why.
    let measured = |case: &Case| scores.rows.iter().any(|s| s.case == *case && s.timing.is_some());
    for refused in scores
        .refused
        .iter()
        .filter(|refused| refused.status != Status::Unsupported && measured(&refused.case))
    {
        say(&format!(
            "! variant {} of {} was left out: {}: {}",
            refused.variant,
            refused.case,
            refused.status.word(),
            refused.reason
        ));
    }
    text
}

/// What the shaders' run-time checks cost, where that was measured: a line a case.
#[must_use]
pub fn checks(scores: &Scores) -> String {
    let measured = scores
        .rows
        .iter()
        .filter_map(|score| Some((&score.case, score.checks?)));
    let lines = measured.map(|(case, ratio)| format!("  {:<66} {:>9}\n", case.to_string(), format!("{ratio:.3}x")));
    let lines: String = lines.collect();
    if lines.is_empty() {
        return lines;
    }
    format!("\nrun-time checks of the shader: time with them over time without\n{lines}")
}

/// What the cases cost in energy, where the device has a meter: a line a case.
#[must_use]
pub fn energy(scores: &Scores) -> String {
    let metered = scores.rows.iter().filter_map(|score| Some((score, score.joules()?)));
    let lines = metered.map(|(score, joules)| {
        let each = words::energy_of_work(score).unwrap_or_default();
        let dispatch = quantity(joules, Unit::Joule);
        format!("  {:<52} {dispatch:>9} {each:>15}\n", score.case.to_string())
    });
    let lines: String = lines.collect();
    if lines.is_empty() {
        return lines;
    }
    format!("\nenergy by the device's own meter, idle draw included: of one dispatch, of its work\n{lines}")
}

/// How near the best row came to what is published about this very chip.
fn own(scores: &Scores) -> Option<String> {
    let chip = scores.own_chip.as_ref()?;
    let known = |score: &&Score| score.own_paper.as_ref().is_some_and(|paper| !paper.ratio.is_unknown());
    let ratio = |paper: &Paper| paper.ratio.low;
    let best = scores.rows.iter().filter(known).max_by(|a, b| {
        let of = |score: &Score| score.own_paper.as_ref().map_or(0.0, ratio);
        of(a).total_cmp(&of(b))
    })?;
    let paper = best.own_paper.as_ref()?;
    Some(format!(
        "of this chip's own published figures ({chip}): at best {}, by {}",
        words::paper(paper),
        best.case
    ))
}

/// How the variants of each case came in: medians of the rounds of their races, the first round left out where there were
/// more.
#[must_use]
pub fn variants(session: &Session) -> String {
    let mut text = String::new();
    for attempt in session.attempts().iter().filter(|attempt| attempt.candidates.len() > 1) {
        let mut field: Vec<(f64, String)> = attempt.candidates.iter().map(|c| came_in(c)).collect();
        field.sort_by(|a, b| a.0.total_cmp(&b.0));
        let fastest = field.first().map_or(f64::NAN, |(seconds, _)| *seconds);
        let _ = writeln!(text, "\n{} (run {})", attempt.case, attempt.run);
        for (seconds, name) in field {
            if seconds.is_finite() {
                let times = significant(seconds / fastest, 3);
                let _ = writeln!(text, "  {name:<34} {}  {times}x", quantity(seconds, Unit::Second));
            } else {
                text += &wrap(&name, 80, 2);
            }
        }
    }
    text
}

fn came_in(candidate: &Candidate) -> (f64, String) {
    let Candidate {
        variant,
        status,
        reason,
        seconds,
        ..
    } = candidate;
    let seconds = standing(seconds);
    let words = match status {
        _ if seconds.is_finite() => variant.clone(),
        Status::Ok => format!("{variant}: alone"),
        _ => format!("{variant}: {}: {reason}", status.word()),
    };
    (seconds, words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_fits_eighty_columns() {
        let widest = row(
            "  k=1024,m=1024,n=1024",
            "1234.5",
            ("12.3%", "dsu"),
            "100%c",
            ["84.1%", "<=0.78%", "0.51-0.80%"],
        );
        assert!(widest.trim_end().chars().count() <= 80, "{widest}");
    }
}
