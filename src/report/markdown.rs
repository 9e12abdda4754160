//! `report.md`: what a session says, for a reader who has nothing else.

use std::fmt::Write as _;

use super::flags;
use super::pictures::Picture;
use super::text::markdown;
use super::words::{self, Rate};
use crate::normalise::{REFERENCES, Score, Scores};
use crate::record::Session;
use crate::units::Interval;

/// The report of a session. The pictures stand beside it as SVG files of their names.
#[must_use]
pub fn report(session: &Session, scores: &Scores, pictures: &[Picture]) -> String {
    let header = &session.header;
    let mut text = format!("# {}\n\n", markdown(&header.facts.identity.adapter));
    let _ = writeln!(text, "{}.\n", markdown(&words::device(header)));
    facts(&mut text, session);
    for picture in pictures {
        let _ = writeln!(text, "\n![{}]({}.svg)", picture.title, picture.name);
    }
    text += "\n## Results\n";
    tables(&mut text, &scores.rows);
    elsewhere(&mut text, &scores.rows);
    energy(&mut text, &scores.rows);
    notes(&mut text, session, scores);
    text
}

fn facts(text: &mut String, session: &Session) {
    let header = &session.header;
    let identity = &header.facts.identity;
    let sealed = words::seal(session.seal);
    let rows = [
        ("session", format!("{} of {}, {sealed}", header.id, header.started)),
        (
            "suite",
            format!("{}, {} run(s)", header.options.suite, header.options.runs),
        ),
        (
            "driver",
            format!("{} {}, {}", identity.driver, identity.driver_version, identity.backend),
        ),
        (
            "host",
            format!(
                "{}, {} logical cores, {} {}",
                identity.cpu_model, identity.logical_cores, identity.os, identity.arch
            ),
        ),
        ("onpar, wgpu", format!("{}, {}", identity.onpar, identity.wgpu)),
        (
            "identity",
            format!("hard {}, soft {}", header.keys.hard, header.keys.soft),
        ),
    ];
    text.push_str("|  |  |\n|---|---|\n");
    for (name, value) in rows {
        let _ = writeln!(text, "| {name} | {} |", markdown(&value));
    }
}

fn tables(text: &mut String, rows: &[Score]) {
    let mut group = String::new();
    for score in rows {
        let of_score = words::group(&score.case);
        if of_score != group {
            let references = REFERENCES.map(|reference| reference.name).join(" | ");
            let unit = Rate::of(score).heading();
            let _ = writeln!(
                text,
                "\n### {of_score}\n\n| shape | {unit} | ± | flags | roof | {references} | variant |"
            );
            let _ = writeln!(text, "|---|--:|--:|---|--:|--:|--:|--:|---|");
            group = of_score;
        }
        row(text, score);
    }
}

fn row(text: &mut String, score: &Score) {
    let shape = &score.case.shape;
    let Some(timing) = score.timing else {
        let _ = writeln!(
            text,
            "| {shape} | {} |  |  |  |  |  |  | {} |",
            score.status.word(),
            markdown(&score.reason)
        );
        return;
    };
    let papers = (0..REFERENCES.len()).map(|index| score.papers.get(index).map_or_else(String::new, words::paper));
    let _ = writeln!(
        text,
        "| {shape} | {} | {} | {} | {} | {} | {} |",
        words::number(Rate::of(score).value(score)),
        words::half_width(&timing),
        flags::words(score),
        words::roof(score),
        papers.collect::<Vec<_>>().join(" | "),
        markdown(&score.variant),
    );
}

/// The measured ratios, if there are any.
fn elsewhere(text: &mut String, rows: &[Score]) {
    if rows.iter().all(|score| score.measured.is_empty()) {
        return;
    }
    text.push_str(
        "\n## Against what others measured\n\n\
         The rate here over the rate there, for the same kernel and precision and a shape of which no extent differs by\n\
         more than the square root of 2. A rate elsewhere is of that source's software, not the most that the chip can do.\n\n\
         | case | chip | ratio | shape there | source |\n|---|---|--:|---|---|\n",
    );
    for score in rows {
        for there in &score.measured {
            let disputed = if there.disputed { " (disputed)" } else { "" };
            let _ = writeln!(
                text,
                "| {} | {} | {}{disputed} | {} | {} |",
                score.case,
                there.chip,
                words::ratio(Interval::point(there.ratio)),
                markdown(&there.shape),
                markdown(&there.source),
            );
        }
    }
}

/// What the cases cost in energy, where the device has a meter.
fn energy(text: &mut String, rows: &[Score]) {
    let metered: Vec<_> = rows
        .iter()
        .filter_map(|score| Some((&score.case, words::energy(score)?)))
        .collect();
    if metered.is_empty() {
        return;
    }
    text.push_str(
        "\n## Energy\n\nBy the device's own meter, while it did nothing but the case; what it draws while idle is in it.\n\n\
         | case | of one dispatch | of its work |\n|---|--:|--:|\n",
    );
    for (case, [dispatch, work]) in metered {
        let _ = writeln!(text, "| {case} | {dispatch} | {work} |");
    }
}

fn notes(text: &mut String, session: &Session, scores: &Scores) {
    let _ = writeln!(
        text,
        "\n## How to read it\n\n\
         - ±: {}.\n\
         - flags: what is odd about the samples, {}.\n\
         - roof: the part of the ceiling measured in this session that binds the case: compute (c) or memory (m).\n\
         - A chip's column is the paper ratio: the least time that its published figures allow for this work over the\n  \
           time measured here. `<=` where only a floor of its bandwidth is known, a range where sources conflict,\n  \
           `unpubl.` where a figure that it needs is not published. `onpar chips show ID` has every figure and source.\n\
         - Every row was proved: all elements compared with an f64 reference, with and without run-time checks, and\n  \
           again on the output of a timed batch.",
        words::spread(&scores.rows),
        flags::summary(&scores.rows).unwrap_or_else(|| "nothing was measured".to_owned()),
    );
    let mut warnings = words::warnings(&session.header, &scores.rows);
    warnings.extend(flags::sentences(&scores.rows));
    if !warnings.is_empty() {
        text.push_str("\n## Warnings\n\n");
        for warning in warnings {
            let _ = writeln!(text, "- {}", markdown(&warning));
        }
    }
    if !scores.refused.is_empty() {
        text.push_str("\n## Variants left out\n\n");
        for refused in &scores.refused {
            let reason = markdown(&refused.reason);
            let _ = writeln!(
                text,
                "- {} of {}: {}: {reason}",
                markdown(&refused.variant),
                refused.case,
                refused.status.word()
            );
        }
    }
}
