//! Where a label may stand: beside what it names, and on nothing else.

use super::plane::Frame;
use super::scene::Anchor;

/// Left, upper, right and lower edge.
pub(super) type Edges = [i32; 4];

/// The places of a frame that are taken.
pub(super) struct Free {
    frame: Frame,
    boxes: Vec<Edges>,
    /// Each with whose it is.
    lines: Vec<(usize, [(i32, i32); 2])>,
}

/// A text that looks for a place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Label {
    /// Width and height.
    pub(super) size: (i32, i32),
    /// Whose lines it may come near; it never lies on any.
    pub(super) owner: usize,
    /// How far it stays away from the lines of others, so that it is not taken for the name of one of them.
    pub(super) clear: i32,
}

impl Free {
    /// A frame in which nothing is taken.
    pub(super) const fn new(frame: Frame) -> Self {
        Self {
            frame,
            boxes: Vec::new(),
            lines: Vec::new(),
        }
    }

    /// Takes a square around a point.
    pub(super) fn take_mark(&mut self, (x, y): (i32, i32), radius: i32) {
        self.boxes.push([x - radius, y - radius, x + radius, y + radius]);
    }

    /// Takes a line through points.
    pub(super) fn take_line(&mut self, owner: usize, points: &[(i32, i32)]) {
        self.lines
            .extend(points.windows(2).map(|ends| (owner, [ends[0], ends[1]])));
    }

    /// A free place for a text near a point, which is then taken: right of it, left of it, above or below; as the
    /// position and the anchor of the text. None where all of these are taken or leave the frame.
    pub(super) fn beside(&mut self, (x, y): (i32, i32), label: Label) -> Option<((i32, i32), Anchor)> {
        const APART: i32 = 9;
        let (width, height) = label.size;
        let (above, below) = (y - APART - height / 2, y + APART + height / 2);
        let places = [
            ((x + APART, y), Anchor::Start),
            ((x - APART, y), Anchor::End),
            ((x, above), Anchor::Middle),
            ((x, below), Anchor::Middle),
            ((x + APART / 2, above), Anchor::Start),
            ((x + APART / 2, below), Anchor::Start),
            ((x - APART / 2, above), Anchor::End),
            ((x - APART / 2, below), Anchor::End),
        ];
        places.into_iter().find_map(|(at, anchor)| {
            let left = match anchor {
                Anchor::Start => at.0,
                Anchor::Middle => at.0 - width / 2,
                Anchor::End => at.0 - width,
            };
            let top = at.1 - height / 2;
            let edges = [left, top, left + width, top + height];
            self.is_free(edges, label).then(|| {
                self.boxes.push(edges);
                (at, anchor)
            })
        })
    }

    fn is_free(&self, edges: Edges, label: Label) -> bool {
        let frame = self.frame;
        let inside =
            edges[0] >= frame.left && edges[1] >= frame.top && edges[2] <= frame.right() && edges[3] <= frame.bottom();
        inside
            && self.boxes.iter().all(|taken| are_apart(edges, *taken))
            && self.lines.iter().all(|(owner, line)| {
                let clear = if *owner == label.owner { 0 } else { label.clear };
                let [left, top, right, bottom] = edges;
                !crosses(*line, [left - clear, top - clear, right + clear, bottom + clear])
            })
    }
}

const fn are_apart(a: Edges, b: Edges) -> bool {
    a[2] <= b[0] || b[2] <= a[0] || a[3] <= b[1] || b[3] <= a[1]
}

/// Whether a line passes through a box: Liang and Barsky, "A new concept and method for line clipping" (1984).
fn crosses([from, to]: [(i32, i32); 2], edges: Edges) -> bool {
    let [left, top, right, bottom] = edges.map(f64::from);
    let (x, y) = (f64::from(from.0), f64::from(from.1));
    let (along_x, along_y) = (f64::from(to.0) - x, f64::from(to.1) - y);
    let mut inside = (0.0_f64, 1.0_f64);
    for (step, room) in [
        (-along_x, x - left),
        (along_x, right - x),
        (-along_y, y - top),
        (along_y, bottom - y),
    ] {
        if step == 0.0 && room < 0.0 {
            return false;
        }
        let at = room / step;
        if step < 0.0 {
            inside.0 = inside.0.max(at);
        } else if step > 0.0 {
            inside.1 = inside.1.min(at);
        }
    }
    inside.0 <= inside.1
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Frame = Frame {
        left: 0,
        top: 0,
        width: 100,
        height: 100,
    };

    fn label(width: i32, owner: usize) -> Label {
        let (size, clear) = ((width, 10), 15);
        Label { size, owner, clear }
    }

    #[test]
    fn a_label_goes_where_nothing_is() {
        let mut free = Free::new(FRAME);
        assert_eq!(free.beside((50, 50), label(20, 0)), Some(((59, 50), Anchor::Start)));
        assert_eq!(free.beside((50, 50), label(20, 0)), Some(((41, 50), Anchor::End)));
        let mut free = Free::new(FRAME);
        free.take_line(0, &[(0, 30), (100, 30)]);
        assert_eq!(free.beside((50, 30), label(20, 0)), Some(((50, 16), Anchor::Middle)));
        assert_eq!(free.beside((50, 30), label(20, 0)), Some(((50, 44), Anchor::Middle)));
        free.take_mark((80, 80), 6);
        assert_eq!(free.beside((65, 80), label(20, 0)), Some(((56, 80), Anchor::End)));
        assert_eq!(free.beside((50, 50), label(200, 0)), None);
    }

    #[test]
    fn a_label_keeps_away_from_the_lines_of_others() {
        let mut free = Free::new(FRAME);
        free.take_line(0, &[(0, 30), (100, 30)]);
        free.take_line(1, &[(0, 60), (100, 60)]);
        assert_eq!(free.beside((50, 30), label(20, 0)), Some(((50, 16), Anchor::Middle)));
        assert_eq!(free.beside((50, 60), label(20, 1)), Some(((50, 74), Anchor::Middle)));
    }

    #[test]
    fn a_line_crosses_a_box_or_passes_it() {
        let edges = [10, 10, 20, 20];
        for (line, crossing) in [
            ([(0, 0), (30, 30)], true),
            ([(12, 12), (14, 14)], true),
            ([(0, 15), (30, 15)], true),
            ([(0, 25), (30, 25)], false),
            ([(0, 0), (9, 9)], false),
            ([(0, 18), (14, 30)], false),
        ] {
            assert_eq!(crosses(line, edges), crossing, "{line:?}");
        }
    }
}
