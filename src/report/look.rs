//! How a terminal shows a report: how wide, with bars or without, in colours or not. A colour only repeats what a word or
//! a sign says.

use console::Style;

use super::text::inert_lines;

/// What a terminal can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Columns; tables need 80, and use more up to a limit.
    pub width: usize,
    /// Whether numbers have bars beside them.
    pub bars: bool,
    /// Whether there are colours.
    pub colors: bool,
}

impl Look {
    /// As a pipe gets it.
    pub const PLAIN: Self = Self {
        width: 80,
        bars: false,
        colors: false,
    };
}

/// What a piece of a report is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    Plain,
    Heading,
    Failure,
    Warning,
}

impl Look {
    /// A text from anywhere as this terminal shows it: nothing in it does anything but what the meaning asks for.
    pub(super) fn show(self, meaning: Meaning, text: &str) -> String {
        let text = inert_lines(text);
        let style = Style::new().force_styling(true);
        let style = match meaning {
            _ if !self.colors => return text,
            Meaning::Plain => return text,
            Meaning::Heading => style.bold(),
            Meaning::Failure => style.red(),
            Meaning::Warning => style.yellow(),
        };
        let line = |line: &str| format!("{}\n", style.apply_to(line));
        text.lines().map(line).collect()
    }
}

/// A part of 1 as a bar of so many columns, in eighths of one; of a single column it stands upright.
pub(super) fn bar(part: f64, width: usize) -> String {
    const UPRIGHT: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    const LYING: [char; 8] = [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
    let eighths = (part.clamp(0.0, 1.0) * 8.0 * width as f64).round() as usize;
    if width == 1 {
        return UPRIGHT[eighths].to_string();
    }
    let mut bar = "█".repeat(eighths / 8);
    if !eighths.is_multiple_of(8) {
        bar.push(LYING[eighths % 8]);
    }
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_only_where_they_are_wanted() {
        let colored = Look {
            colors: true,
            ..Look::PLAIN
        };
        assert_eq!(
            colored.show(Meaning::Warning, "! a\u{1b}[2J\nb\n"),
            "\u{1b}[33m! a [2J\u{1b}[0m\n\u{1b}[33mb\u{1b}[0m\n"
        );
        assert_eq!(colored.show(Meaning::Plain, "a\n"), "a\n");
        assert_eq!(Look::PLAIN.show(Meaning::Failure, "a\n"), "a\n");
    }

    #[test]
    fn bars_are_as_long_as_their_part() {
        assert_eq!(bar(0.5, 1), "▄");
        assert_eq!(bar(1.7, 1), "█");
        assert_eq!(bar(0.5, 4), "██");
        assert_eq!(bar(0.3, 10), "███");
        assert_eq!(bar(0.31, 10), "███▏");
        assert_eq!(bar(f64::NAN, 4), "");
    }
}
