//! A page as values: what stands on it, in which order, before anything is HTML. Texts are plain; the template escapes
//! them.

use crate::error::Result;
use crate::report::pictures::Picture;
use crate::report::plot::{Drawing, Numbers};

/// A page that needs nothing beside it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Page {
    /// In the title bar.
    pub title: String,
    /// Chips among which a reader may choose; columns and sentences that are about one of them have its place here.
    pub chips: Vec<String>,
    /// What the page is about, one after the other.
    pub parts: Vec<Part>,
}

/// One session, audit or comparison.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Part {
    /// Unique on the page; the ids of everything within begin with it.
    pub id: String,
    /// What it is about, as the device.
    pub heading: String,
    /// Below the heading.
    pub subtitle: String,
    /// What a reader must know before anything else.
    pub banner: Option<String>,
    /// The finding.
    pub lead: Vec<Sentence>,
    /// In order.
    pub sections: Vec<Section>,
}

/// A sentence, perhaps about one chip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// The place of the chip among those of the page.
    pub chip: Option<usize>,
    /// What it says.
    pub text: String,
}

/// A titled piece of a part.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// Unique within the part, of letters and hyphens.
    pub id: &'static str,
    /// Its title.
    pub title: String,
    /// From top to bottom.
    pub blocks: Vec<Block>,
}

/// A piece of a section.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A paragraph.
    Text(String),
    /// Points.
    List(Vec<String>),
    /// Names and what they stand for.
    Facts(Vec<(&'static str, String)>),
    /// A table.
    Table(Table),
    /// A long table that a reader has to ask for by its caption.
    Folded(Table),
    /// A picture with its numbers.
    Figure(Figure),
    /// The samples of rows, of which a reader chooses.
    Samples(Vec<super::samples::Strip>),
    /// Text as it is, in columns.
    Code(String),
}

/// A table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// Unique within the part.
    pub id: String,
    /// What it shows.
    pub caption: String,
    /// From left to right; the first names the row.
    pub columns: Vec<Column>,
    /// From top to bottom.
    pub rows: Vec<Row>,
    /// Which kinds of rows a reader may ask for, as (word, name); none where there is nothing to filter.
    pub kinds: Vec<(&'static str, &'static str)>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Column {
    /// Its heading.
    pub name: String,
    /// What it holds, in a sentence; may be empty.
    pub meaning: String,
    /// Whether it stands right-aligned.
    pub is_number: bool,
    /// The place of the chip that it is about.
    pub chip: Option<usize>,
}

impl Column {
    /// A column of texts.
    pub(super) fn text(name: &str) -> Self {
        let name = name.to_owned();
        Self {
            name,
            ..Self::default()
        }
    }

    /// A column of numbers.
    pub(super) fn number(name: &str, meaning: &str) -> Self {
        let (name, meaning, is_number) = (name.to_owned(), meaning.to_owned(), true);
        Self {
            name,
            meaning,
            is_number,
            chip: None,
        }
    }
}

/// A row.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Row {
    /// Unique within the page, where something leads to it; empty otherwise.
    pub id: String,
    /// The kinds that it is of, parted by spaces.
    pub kinds: String,
    /// A cell for each column.
    pub cells: Vec<Cell>,
}

impl Row {
    /// A row of plain cells.
    pub(super) fn of<T: Into<Cell>>(cells: impl IntoIterator<Item = T>) -> Self {
        Self {
            cells: cells.into_iter().map(Into::into).collect(),
            ..Self::default()
        }
    }
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cell {
    /// What it says.
    pub text: String,
    /// Below it, in small letters.
    pub note: String,
    /// What it is sorted by, where that is not the text.
    pub sort: Option<f64>,
    /// Where it leads: a place on the page, or an address that [`address`] lets pass.
    pub link: Option<String>,
    /// A part of 1, drawn as a bar.
    pub bar: Option<f64>,
    /// What it lists, a line each, with where that leads; a long list is folded.
    pub list: Vec<(String, Option<String>)>,
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self {
            text,
            ..Self::default()
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl Cell {
    /// A text that is sorted by a number; an unknown one comes last.
    pub(super) fn number(text: String, sort: Option<f64>) -> Self {
        Self {
            text,
            sort,
            ..Self::default()
        }
    }

    /// A text with something smaller below it.
    pub(super) fn noted(text: &str, note: &str) -> Self {
        Self {
            note: note.to_owned(),
            ..text.into()
        }
    }

    /// Lines, each of which may lead somewhere.
    pub(super) fn listing(list: Vec<(String, Option<String>)>) -> Self {
        Self {
            list,
            ..Self::default()
        }
    }

    /// Whether its list is too long to stand open in a table.
    pub(super) const fn is_long(&self) -> bool {
        self.list.len() > 6
    }

    /// A text that leads somewhere.
    pub(super) fn leading(text: &str, link: Option<String>) -> Self {
        Self { link, ..text.into() }
    }
}

/// An address that a page may lead to: only the web, whatever a file of sources says.
pub(super) fn address(url: &str) -> Option<String> {
    let is_web = url.starts_with("https://") || url.starts_with("http://");
    is_web.then(|| url.to_owned())
}

/// Bytes of a picture that is on a page on either scale.
const MOST_TWICE: usize = 400_000;
const LOG_ONLY: &str = "On log axes only: there is too much in it to be on the page twice.";

/// A picture in a page.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Figure {
    /// Unique within the page.
    pub id: String,
    /// Its SVG.
    pub svg: String,
    /// The same on linear axes.
    pub linear: Option<String>,
    /// Below it.
    pub notes: Vec<String>,
    /// Its numbers.
    pub table: Table,
}

impl Figure {
    /// A picture of a session.
    ///
    /// # Errors
    /// If the drawing library refuses it.
    pub(super) fn of_picture(part: &str, picture: &Picture) -> Result<Self> {
        let id = format!("{part}-{}-chart", picture.name);
        let mut figure = Self::of_drawing(id, &picture.drawing, &picture.numbers)?;
        match &picture.linear {
            Some(_) if figure.svg.len() > MOST_TWICE => figure.notes.push(LOG_ONLY.to_owned()),
            Some(linear) => figure.linear = Some(linear.to_inline_svg(&format!("{}-linear", figure.id))?),
            None => {}
        }
        Ok(figure)
    }

    /// A drawing with its numbers.
    ///
    /// # Errors
    /// If the drawing library refuses it.
    pub(super) fn of_drawing(id: String, drawing: &Drawing, numbers: &Numbers) -> Result<Self> {
        Ok(Self {
            svg: drawing.to_inline_svg(&id)?,
            linear: None,
            notes: drawing.notes().to_vec(),
            table: table_of(format!("{id}-numbers"), numbers),
            id,
        })
    }
}

fn table_of(id: String, numbers: &Numbers) -> Table {
    Table {
        id,
        caption: "The numbers of the chart".to_owned(),
        columns: numbers.columns.iter().map(|name| Column::text(name)).collect(),
        rows: numbers.rows.iter().cloned().map(Row::of).collect(),
        kinds: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_web_is_led_to() {
        assert!(address("https://example.org/a?b=1").is_some());
        for other in [
            "javascript:alert(1)",
            "data:text/html,x",
            " https://x",
            "HTTPS:alert",
            "//x",
            "",
        ] {
            assert_eq!(address(other), None, "{other}");
        }
    }
}
