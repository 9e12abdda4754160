//! What was measured on what, and what others measured of the same.

use super::sources;
use crate::normalise::Scores;
use crate::record::Session;
use crate::report::html::page::{Block, Cell, Column, Row, Section, Table};
use crate::report::words;
use crate::units::{Interval, counted};

/// Device, host, versions, options.
pub(super) fn section(session: &Session, scores: &Scores) -> Section {
    let header = &session.header;
    let identity = &header.facts.identity;
    let options = &header.options;
    let sealed = words::seal(session.seal);
    let runs = counted(u64::from(options.runs), "run");
    let filter = if options.filter.is_empty() {
        String::new()
    } else {
        format!(", only {}", options.filter.join(", "))
    };
    let mut facts = vec![
        (
            "Device",
            format!("{} ({})", identity.adapter, identity.device_type.word()),
        ),
        (
            "Driver",
            format!("{} {}, {}", identity.driver, identity.driver_version, identity.backend),
        ),
        (
            "Host",
            format!(
                "{}, {} logical cores, {} {} {}",
                identity.cpu_model, identity.logical_cores, identity.os, identity.kernel_release, identity.arch
            ),
        ),
        (
            "Measured",
            format!("suite {}{filter}: {} cases in {runs}", options.suite, scores.rows.len()),
        ),
        ("Session", format!("{}, {}, {sealed}", header.id, header.started)),
        ("Versions", format!("onpar {}, wgpu {}", identity.onpar, identity.wgpu)),
        (
            "Identity",
            format!("hard key {}, soft key {}", header.keys.hard, header.keys.soft),
        ),
    ];
    if let Some(chip) = &scores.own_chip {
        facts.push(("Published as", chip.clone()));
    }
    if let Some(time) = &scores.time {
        facts.push(("Time", words::time(time)));
    }
    Section {
        id: "measured",
        title: "What was measured, on what".to_owned(),
        blocks: vec![Block::Facts(facts)],
    }
}

/// Rows that a table has at the most if it is not folded.
const LONG: usize = 12;

/// The rate here over the rate that others measured of work that is alike; none where nobody did.
pub(super) fn elsewhere(id: &str, scores: &Scores) -> Option<Block> {
    let rows: Vec<Row> = scores
        .rows
        .iter()
        .flat_map(|score| score.measured.iter().map(move |there| (score, there)))
        .map(|(score, there)| {
            let disputed = if there.disputed { " (disputed)" } else { "" };
            let ratio = format!("{}{disputed}", words::ratio(Interval::point(there.ratio)));
            Row::of([
                score.case.to_string().into(),
                there.chip.as_str().into(),
                Cell::number(ratio, Some(there.ratio)),
                there.shape.as_str().into(),
                Cell::leading(&there.source, Some(sources::place(id, &there.source))),
            ])
        })
        .collect();
    let block = match rows.len() {
        0 => return None,
        1..=LONG => Block::Table,
        _ => Block::Folded,
    };
    let table = Table {
        id: format!("{id}-elsewhere"),
        caption: "Against what others measured: the rate here over the rate there, for the same kernel and precision and a \
                  shape of which no extent differs by more than the square root of 2. A rate elsewhere is of that source’s \
                  software, not the most that the chip can do."
            .to_owned(),
        columns: vec![
            Column::text("case"),
            Column::text("chip"),
            Column::number("ratio", "rate here over rate there"),
            Column::text("shape there"),
            Column::text("source"),
        ],
        rows,
        kinds: Vec::new(),
    };
    Some(block(table))
}
