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

/// A text as a cell of CSV that no spreadsheet takes for a formula: one that begins like one gets an apostrophe in front,
/// control characters become spaces. Numbers never come here.
pub(super) fn no_formula(text: &str) -> String {
    let inert = inert(text);
    let begins = inert.trim_start().starts_with(['=', '+', '-', '@']);
    if begins && inert != "-" {
        format!("'{inert}")
    } else {
        inert
    }
}

/// A text as Markdown that says just that: one line, without markup.
pub(super) fn markdown(text: &str) -> String {
    let line = inert(text).split_whitespace().collect::<Vec<_>>().join(" ");
    let mut out = String::with_capacity(line.len());
    let mut letters = line.chars().peekable();
    let mut before = ' ';
    while let Some(letter) = letters.next() {
        let after = letters.peek().copied().unwrap_or(' ');
        // Between letters an underscore is one.
        let is_markup = match letter {
            '\\' | '|' | '*' | '<' | '>' | '`' | '[' | ']' | '&' | '#' | '~' => true,
            '_' => !(before.is_alphanumeric() && after.is_alphanumeric()),
            _ => false,
        };
        if is_markup {
            out.push('\\');
        }
        out.push(letter);
        before = letter;
    }
    out
}

/// A name as code of Markdown, in one line and, in a table, in its cell.
pub(super) fn code(name: &str) -> String {
    format!("`{}`", inert(name).replace('`', "'").replace('|', "\\|"))
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
    fn a_text_from_outside_does_nothing() {
        assert_eq!(inert("a\u{1b}[31m\nb\u{202e}c"), "a [31m b c");
        assert_eq!(inert_lines("a\u{7}\nb\u{2066}"), "a \nb ");
        assert_eq!(
            markdown("a|b <i>*c*</i>\n[d](e) &amp;"),
            r"a\|b \<i\>\*c\*\</i\> \[d\](e) \&amp;"
        );
        assert_eq!(code("a`b|c\n"), r"`a'b\|c `");
        assert_eq!(markdown("attention_decode _a_"), r"attention_decode \_a\_");
        assert_eq!(cut("\u{e9}\u{e9}\u{e9}", 2), "\u{e9}\u{e9}…");
        assert_eq!(cut("ab", 2), "ab");
    }

    #[test]
    fn a_cell_of_text_is_no_formula() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1"] {
            assert!(no_formula(formula).starts_with('\''), "{formula}");
        }
        for plain in ["-", "a=b", "", "matmul/f32"] {
            assert_eq!(no_formula(plain), plain);
        }
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
