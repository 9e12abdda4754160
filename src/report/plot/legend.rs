//! What each look of a bar means, for the looks that a chart has.

use super::key::Key;
use super::palette::{CEILING, Color, DEVICE, MUTED};
use super::panel::{self, ARROW};
use super::row::Form;
use super::scene::Scene;

const SWATCH: i32 = 28;

struct Entry {
    words: &'static str,
    /// A bar with this look; its values are fractions of the swatch.
    form: Form,
    color: Color,
    stands_for: fn(Form, Color) -> bool,
}

const fn bar(filled: bool, to: f64, interval: (f64, f64)) -> Form {
    Form::Solid { to, interval, filled }
}

const fn is_filled(form: Form) -> bool {
    matches!(form, Form::Solid { filled: true, .. })
}

static ENTRIES: [Entry; 7] = [
    Entry {
        words: "measured here",
        form: bar(true, 1.0, (1.0, 1.0)),
        color: DEVICE,
        stands_for: |form, color| is_filled(form) && color == DEVICE,
    },
    Entry {
        words: "ceiling measured here",
        form: bar(true, 1.0, (1.0, 1.0)),
        color: CEILING,
        stands_for: |form, color| is_filled(form) && color == CEILING,
    },
    Entry {
        words: "interval",
        form: bar(true, 0.6, (0.2, 1.0)),
        color: DEVICE,
        stands_for: |form, _| matches!(form, Form::Solid { interval: (low, high), .. } if low < high),
    },
    Entry {
        words: "published",
        form: bar(false, 1.0, (1.0, 1.0)),
        color: MUTED,
        stands_for: |form, _| form != Form::Absent && !is_filled(form),
    },
    Entry {
        words: "published range",
        form: Form::Range { low: 0.4, high: 1.0 },
        color: MUTED,
        stands_for: |form, _| matches!(form, Form::Range { .. }),
    },
    Entry {
        words: "at least",
        form: Form::AtLeast {
            low: 1.0 - ARROW as f64 / SWATCH as f64,
        },
        color: MUTED,
        stands_for: |form, _| matches!(form, Form::AtLeast { .. }),
    },
    Entry {
        words: "at most",
        form: Form::AtMost { high: 1.0 },
        color: MUTED,
        stands_for: |form, _| matches!(form, Form::AtMost { .. }),
    },
];

/// Draws the entries that stand for one of the bars, in lines between `left` and `right`; returns where it ends.
pub(super) fn draw(scene: &mut Scene, bars: &[(Form, Color)], edges: (i32, i32), top: i32) -> i32 {
    let mut key = Key::new(scene, edges, top);
    for entry in &ENTRIES {
        if bars.iter().any(|(form, color)| (entry.stands_for)(*form, *color)) {
            key.add(SWATCH, entry.words, |scene, (x, y)| {
                let at = |fraction: f64| x + (fraction * f64::from(SWATCH)).round() as i32;
                panel::draw_bar(scene, (entry.form, entry.color), x, y, at);
            });
        }
    }
    key.end()
}
