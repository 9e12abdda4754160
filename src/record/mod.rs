//! The on-disk formats: what a session keeps, where, and how it is read back. `docs/formats.md` is their description.
//!
//! A session is one folder with one journal: JSON Lines, append-only, a header first, then what was observed, line by
//! line as it happens, and a seal when it is finished. Nothing derived is stored in it.

mod folder;
mod hash;
mod header;
mod keys;

pub use folder::{JOURNAL, folder, slug};
pub use header::{Birth, Candidates, Header, Options, Provenance, SCHEMA, SessionId};
pub use keys::{Difference, Hardness, KEY_VERSION, Keys, differences};
