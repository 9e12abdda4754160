//! What `onpar doctor --noise` found, for people.

use std::fmt::Write as _;

use super::text::wrap;
use crate::normalise::Noise;
use crate::record::Header;

/// Repetitions a side for which the smallest change is shown.
const REPETITIONS: [usize; 3] = [5, 10, 20];

/// The noise of a machine: from run to run, and from session to session where earlier sessions are at hand.
#[must_use]
pub fn text(header: &Header, runs: &[Noise], sessions: &[Noise]) -> String {
    let mut text = wrap(&super::words::device(header), 80, 0) + "\n";
    text += &table("from run to run (processes of one session)", runs);
    text.push('\n');
    if sessions.is_empty() {
        text += &wrap(
            "from session to session: unknown; --history DIR takes it from earlier sessions of this device that hold these \
             cases",
            80,
            2,
        );
    } else {
        text += &table("from session to session", sessions);
    }
    text.push('\n');
    text += &wrap(
        "smallest change: what 5, 10 or 20 repetitions on either side can show of a real change, four deviations of the \
         difference (with the upper 80 % bound of the deviation), and at least 2 %",
        80,
        2,
    );
    text += &worst(runs);
    text
}

fn table(title: &str, noises: &[Noise]) -> String {
    let mut text = format!("{title:<41}{:>4} {:>9} {:>22}\n", "n", "deviation", "smallest change");
    let looks: String = REPETITIONS.iter().map(|count| format!("{count:>7}")).collect();
    let _ = writeln!(text, "{:56}{looks}", "");
    for noise in noises {
        let changes: String = REPETITIONS
            .iter()
            .map(|count| format!("{:>7}", percent(noise.deviation.smallest_change(*count))))
            .collect();
        let deviation = percent(noise.deviation.estimate);
        let _ = writeln!(
            text,
            "  {:<39}{:>4} {deviation:>9} {changes}",
            noise.case.to_string(),
            noise.repetitions
        );
    }
    text
}

/// The one sentence that a reader takes away.
fn worst(runs: &[Noise]) -> String {
    let changes = runs.iter().map(|noise| noise.deviation.smallest_change(10));
    changes.reduce(f64::max).map_or_else(String::new, |change| {
        wrap(
            &format!(
                "With 10 runs a side in one interleaved session this machine can see a change of {} in every case above.",
                percent(change)
            ),
            80,
            0,
        )
    })
}

fn percent(part: f64) -> String {
    format!("{:.1} %", 100.0 * part)
}
