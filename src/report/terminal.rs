//! The table in the terminal: 80 columns, more where there is room, and below it what the columns mean.

use std::fmt::Write as _;

use super::flags;
use super::look::{Look, Meaning, bar};
use super::text::{cut, paragraph, wrap};
use super::words::{self, Rate};
use crate::kernels::{Case, Role};
use crate::measure::{Candidate, Status, standing};
use crate::normalise::{Paper, Physics, REFERENCES, Score, Scores};
use crate::record::Session;
use crate::units::{Unit, quantity, significant};

/// Longer names of devices are cut.
const LONGEST_NAME: usize = 400;

/// The table of a session.
#[must_use]
pub fn table(session: &Session, scores: &Scores, look: Look) -> String {
    let device = cut(&words::device(&session.header), LONGEST_NAME);
    let mut text = look.show(Meaning::Plain, &(wrap(&device, 80, 0) + "\n"));
    // Among ceilings alone, which chain or pattern was the fastest is what one wants to know.
    let named = scores.rows.iter().all(|score| score.role() != Role::Workload);
    let columns = Columns::of(look);
    let mut group = String::new();
    for score in &scores.rows {
        let of_score = words::group(&score.case);
        if of_score != group {
            text += &look.show(Meaning::Heading, &columns.heading(&of_score, score));
            group = of_score;
        }
        let meaning = match (score.timing, score.physics) {
            (None, _) | (_, Physics::Impossible) => Meaning::Failure,
            _ => Meaning::Plain,
        };
        text += &look.show(meaning, &columns.line(score, named));
    }
    text.push('\n');
    text + &legend(session, scores, look)
}

/// How wide the columns are that differ from terminal to terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Columns {
    name: usize,
    /// 0 without bars.
    bar: usize,
    /// Whether the time of a dispatch has a column.
    time: bool,
}

impl Columns {
    /// Of all other columns and what is between them.
    const OTHERS: usize = 52;
    const TIME: usize = 10;

    fn of(look: Look) -> Self {
        let bar = match (look.bars, look.width) {
            (false, _) => 0,
            (true, ..92) => 1,
            (true, _) => 10,
        };
        let time = look.width >= 104;
        let taken = Self::OTHERS + if bar > 0 { bar + 1 } else { 0 } + if time { Self::TIME } else { 0 };
        let name = look.width.saturating_sub(taken).clamp(26, 52);
        Self { name, bar, time }
    }

    fn heading(self, group: &str, score: &Score) -> String {
        let [h20, zhenwu, p800] = REFERENCES.map(|reference| reference.short);
        let rate = Rate::of(score).heading();
        self.row(group, [rate, "time", "±", "", "", "roof", h20, zhenwu, p800])
    }

    fn line(self, score: &Score, named: bool) -> String {
        let mut shape = format!("  {}", score.case.shape);
        let Some(timing) = score.timing else {
            let what = format!("{}: {}", score.status.word(), score.reason);
            return format!("{shape}\n{}", wrap(&what, 80, 4));
        };
        if named && score.role() != Role::Floor {
            shape = format!("{shape} {}", score.variant);
        }
        let papers = |index: usize| score.papers.get(index).map_or_else(String::new, words::paper);
        let cells = [
            words::number(Rate::of(score).value(score)),
            quantity(timing.seconds, Unit::Second),
            words::half_width(&timing),
            flags::letters(score),
            score.roof.map_or_else(String::new, |roof| bar(roof.fraction, self.bar)),
            words::roof(score),
            papers(0),
            papers(1),
            papers(2),
        ];
        self.row(&shape, cells.each_ref().map(String::as_str))
    }

    /// A name that is too long for its column gets a line of its own.
    fn row(self, name: &str, cells: [&str; 9]) -> String {
        let [rate, time, spread, flags, bar, roof, first, second, third] = cells;
        let width = self.name;
        let break_line = match name.chars().count() > width {
            true => format!("\n{:width$}", ""),
            false => String::new(),
        };
        let time = if self.time {
            format!(" {time:>9}")
        } else {
            String::new()
        };
        let bar = match self.bar {
            0 => String::new(),
            length => format!("{bar:<length$} "),
        };
        let line = format!(
            "{name:<width$}{break_line}{rate:>7}{time} {spread:>5} {flags:<3} {bar}{roof:>7} {first:>7} {second:>7} {third:>10}"
        );
        line.trim_end().to_owned() + "\n"
    }
}

fn legend(session: &Session, scores: &Scores, look: Look) -> String {
    let mut text = String::new();
    let mut say = |line: &str| {
        let meaning = if line.starts_with('!') {
            Meaning::Warning
        } else {
            Meaning::Plain
        };
        text.push_str(&look.show(meaning, &paragraph(line)));
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
    let metered = scores
        .rows
        .iter()
        .filter_map(|score| Some((&score.case, words::energy(score)?)));
    let lines =
        metered.map(|(case, [dispatch, work])| format!("  {:<52} {dispatch:>9} {work:>15}\n", case.to_string()));
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
    fn a_row_fits_and_uses_the_columns_there_are() {
        let cells = [
            "1234.5",
            "12.3 us",
            "12.3%",
            "dsu",
            "",
            "100%c",
            "84.1%",
            "<=0.78%",
            "0.51-0.80%",
        ];
        for (width, bars) in [
            (80, false),
            (80, true),
            (92, true),
            (104, true),
            (120, true),
            (160, true),
        ] {
            let look = Look {
                width,
                bars,
                colors: false,
            };
            let row = Columns::of(look).row("  k=1024,m=1024,n=1024", cells);
            let length = row.trim_end().chars().count();
            assert!(
                length <= width && length >= width.min(124),
                "{length} of {width}: {row}"
            );
        }
    }
}
