//! What a reader should know about a session that can be read all the same.

use std::fmt;

/// Something about a journal that does not keep it from being read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// The last line is incomplete and was not read: writing it was cut short.
    TornLine {
        /// Its number.
        line: u64,
        /// Its length.
        bytes: u64,
    },
    /// The seal is not that of the bytes before it, or something follows it.
    BrokenSeal {
        /// Whether the lines end in CR LF, which no journal is written with.
        carriage_returns: bool,
    },
    /// The id is not that of the header.
    ChangedHeader,
    /// Lines of a kind that this version does not know were passed over.
    UnknownKind {
        /// The kind.
        kind: String,
        /// The first such line.
        line: u64,
        /// How many there are.
        count: u64,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TornLine { line, bytes } => write!(
                f,
                "line {line} is incomplete ({bytes} bytes) and was not read: writing it was cut short; onpar run --resume \
                 measures it again"
            ),
            Self::BrokenSeal { carriage_returns: true } => f.write_str(
                "the seal does not fit: the lines end in CR LF, so something converted the file; take the original, \
                 and mark *.jsonl as -text in .gitattributes if it came through git",
            ),
            Self::BrokenSeal {
                carriage_returns: false,
            } => f.write_str("the seal does not fit: the file was changed after it was finished; take the original"),
            Self::ChangedHeader => {
                f.write_str("the id is not that of the header: the header was changed; take the original")
            }
            Self::UnknownKind { kind, line, count } => write!(
                f,
                "{count} lines of the unknown kind {kind:?} were passed over, the first at line {line}; a newer onpar \
                 reads them"
            ),
        }
    }
}
