//! Plain text: wrapping, and columns.

/// A paragraph of at most 80 columns whose further lines are indented.
#[must_use]
pub fn paragraph(text: &str) -> String {
    wrap(text, 80, 2).trim_start().to_owned()
}

/// Breaks a text at spaces so that no line is longer than `width` characters, except for words that are; every line
/// begins with `indent` spaces.
#[must_use]
pub fn wrap(text: &str, width: usize, indent: usize) -> String {
    let margin = " ".repeat(indent);
    let mut out = String::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let length = indent + line.chars().count() + 1 + word.chars().count();
        if !line.is_empty() && length > width {
            out.push_str(&format!("{margin}{line}\n"));
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() {
        out.push_str(&format!("{margin}{line}\n"));
    }
    out
}

/// Lays rows out in columns as wide as their widest cell, two spaces apart, without trailing spaces.
#[must_use]
pub fn in_columns(rows: &[Vec<String>], indent: usize) -> String {
    let length = |cell: &String| cell.chars().count();
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(length).max();
    let widths: Vec<_> = (0..).map_while(width).collect();
    let margin = " ".repeat(indent);
    let mut out = String::new();
    for row in rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        let line = cells.collect::<Vec<_>>().join("  ");
        out.push_str(&format!("{margin}{}\n", line.trim_end()));
    }
    out
}

/// A text from outside as one line that does nothing: line ends, control characters, what XML forbids, and marks that turn
/// the direction of writing become spaces.
pub(super) fn inert(text: &str) -> String {
    text.replace(does_something, " ")
}

/// The same of a text of several lines, which stay lines.
pub(super) fn inert_lines(text: &str) -> String {
    text.replace(|c| c != '\n' && does_something(c), " ")
}

fn does_something(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{fffe}' | '\u{ffff}' | '\u{61c}' | '\u{200e}' | '\u{200f}')
        || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The beginning of a text that is too long for its place.
pub(super) fn cut(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_keep_to_the_width_and_long_words_stay_whole() {
        assert_eq!(wrap("one two three", 9, 2), "  one two\n  three\n");
        assert_eq!(wrap("a abcdefghij b", 5, 0), "a\nabcdefghij\nb\n");
        assert_eq!(wrap(" ", 5, 0), "");
    }

    #[test]
    fn columns_align_by_characters() {
        let rows = [
            vec!["é".to_owned(), "b".to_owned()],
            vec!["long".to_owned(), String::new()],
        ];
        assert_eq!(in_columns(&rows, 1), " é     b\n long\n");
    }
}
