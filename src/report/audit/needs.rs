//! What would have to be true: each figure once, with everything that it would decide.

use super::words;
use crate::audit::{Audit, Bound, FigureKey, Side, Wanted, kin};
use crate::published::{Cell, Published};
use crate::report::chips;

/// A figure that somebody would have to publish.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct NeedLine {
    side: Side,
    key: FigureKey,
    wanted: Wanted,
    /// Whose and which.
    pub(in crate::report) figure: String,
    /// The strictest condition, and how the figure stands.
    pub(in crate::report) asked: String,
    /// What it would decide.
    pub(in crate::report) scopes: Vec<String>,
    /// Figures of other parts of the line.
    pub(in crate::report) kin: Vec<String>,
}

/// Every figure that is asked for, each once.
pub(in crate::report) fn lines(published: &Published, audit: &Audit<'_>) -> Vec<NeedLine> {
    let mut lines: Vec<NeedLine> = Vec::new();
    for scope in &audit.scopes {
        let name = words::scope_name(scope.axis);
        // Where both chips miss a figure it is told once.
        let told = |wanted: &&Wanted| wanted.bound != Bound::Unknown || wanted.side == Side::Subject;
        for wanted in scope.wanted.iter().filter(told) {
            let known = lines
                .iter_mut()
                .find(|line| (line.side, line.key) == (wanted.side, wanted.key));
            let line = match known {
                Some(line) => line,
                None => {
                    lines.push(new(published, audit, wanted));
                    let last = lines.len() - 1;
                    &mut lines[last]
                }
            };
            if is_stricter(wanted.bound, line.wanted.bound) {
                line.wanted = *wanted;
                line.asked = words::asked(audit, wanted);
            }
            if !line.scopes.contains(&name) {
                line.scopes.push(name.clone());
            }
        }
    }
    lines
}

fn new(published: &Published, audit: &Audit<'_>, wanted: &Wanted) -> NeedLine {
    let Wanted { side, key, .. } = *wanted;
    let figures = words::side(audit, side);
    // A figure of its own, derived or a floor, is nearer than that of another part.
    let own = figures.cell(key).is_some_and(Cell::is_published);
    let kin = if own {
        Vec::new()
    } else {
        kin(published, figures.chip, key)
    };
    NeedLine {
        side,
        key,
        wanted: *wanted,
        figure: format!("{key} of {}", words::name(figures)),
        asked: words::asked(audit, wanted),
        scopes: Vec::new(),
        kin: kin
            .iter()
            .map(|(chip, cell)| format!("{} {}", chip.id, chips::value(cell)))
            .collect(),
    }
}

fn is_stricter(new: Bound, old: Bound) -> bool {
    match (new, old) {
        (Bound::AtLeast(new), Bound::AtLeast(old)) => new > old,
        (Bound::AtMost(new), Bound::AtMost(old)) => new < old,
        (Bound::AtLeast(_), _) => true,
        (Bound::AtMost(_), old) => old == Bound::Unknown,
        (Bound::Unknown, _) => false,
    }
}
