//! What each look of a bar means, for the looks that a chart has.

use super::panel::{self, ARROW};
use super::row::Form;
use super::scene::{Anchor, BLUE, Color, GREEN, INK, SMALL, Scene};

const SWATCH: i32 = 28;
const GAP: i32 = 7;
const BETWEEN: i32 = 18;
const LINE: i32 = 20;

struct Entry {
    words: &'static str,
    /// A bar with this look; its values are fractions of the swatch.
    form: Form,
    stands_for: fn(Form) -> bool,
}

const fn bar(fill: Option<Color>, interval: (f64, f64)) -> Form {
    Form::Solid {
        to: 1.0,
        interval,
        fill,
    }
}

static ENTRIES: [Entry; 7] = [
    Entry {
        words: "measured here",
        form: bar(Some(BLUE), (1.0, 1.0)),
        stands_for: |form| matches!(form, Form::Solid { fill: Some(BLUE), .. }),
    },
    Entry {
        words: "ceiling measured here",
        form: bar(Some(GREEN), (1.0, 1.0)),
        stands_for: |form| matches!(form, Form::Solid { fill: Some(GREEN), .. }),
    },
    Entry {
        words: "interval",
        form: Form::Solid {
            to: 0.6,
            interval: (0.2, 1.0),
            fill: Some(BLUE),
        },
        stands_for: |form| matches!(form, Form::Solid { interval: (low, high), .. } if low < high),
    },
    Entry {
        words: "published",
        form: bar(None, (1.0, 1.0)),
        stands_for: |form| !matches!(form, Form::Absent | Form::Solid { fill: Some(_), .. }),
    },
    Entry {
        words: "published range",
        form: Form::Range { low: 0.4, high: 1.0 },
        stands_for: |form| matches!(form, Form::Range { .. }),
    },
    Entry {
        words: "at least",
        form: Form::AtLeast {
            low: 1.0 - ARROW as f64 / SWATCH as f64,
        },
        stands_for: |form| matches!(form, Form::AtLeast { .. }),
    },
    Entry {
        words: "at most",
        form: Form::AtMost { high: 1.0 },
        stands_for: |form| matches!(form, Form::AtMost { .. }),
    },
];

/// Draws the entries that stand for one of the forms, in lines between `left` and `right`; returns where it ends.
pub(super) fn draw(scene: &mut Scene, forms: &[Form], left: i32, right: i32, top: i32) -> i32 {
    let (mut x, mut y) = (left, top + LINE / 2);
    for entry in ENTRIES
        .iter()
        .filter(|entry| forms.iter().any(|form| (entry.stands_for)(*form)))
    {
        let width = SWATCH + GAP + SMALL.width(entry.words);
        if x > left && x + width > right {
            (x, y) = (left, y + LINE);
        }
        let at = |fraction: f64| x + (fraction * f64::from(SWATCH)).round() as i32;
        panel::draw_bar(scene, entry.form, x, y, at);
        scene.text((x + SWATCH + GAP, y), Anchor::Start, SMALL, INK, entry.words);
        x += width + BETWEEN;
    }
    y + LINE / 2
}
