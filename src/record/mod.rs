//! The on-disk formats: what a session keeps, where, and how it is read back. `docs/formats.md` is their description.
//!
//! A session is one folder with one journal: JSON Lines, append-only, a header first, then what was observed, line by
//! line as it happens, and a seal when it is finished. Nothing derived is stored in it.

mod archive;
mod collect;
mod external;
mod folder;
mod hash;
mod header;
mod journal;
mod keys;
mod line;
mod lines;
mod merge;
mod moment;
mod parse;
mod series_table;
mod session;
mod summary;
mod table;
mod table_header;
mod warning;

pub use archive::{Archive, Note};
pub use collect::{Merged, journals, merge};
pub use external::external;
pub use folder::{JOURNAL, folder, slug};
pub use header::{Birth, Candidates, Header, Options, Provenance, SCHEMA, SessionId};
pub use journal::Journal;
pub use keys::{Difference, Hardness, KEY_VERSION, Keys, changes, differences};
pub use merge::{Relation, merge_relation};
pub use series_table::{SeriesTable, TableSeries};
pub use session::{Attempt, Finished, Seal, Session};
pub use summary::{CaseSummary, Summary};
pub use table::{Quantity, RunTable, RunValue, TableCase};
pub use warning::Warning;
