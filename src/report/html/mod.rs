//! Pages: one HTML file that needs nothing beside it, neither network nor font nor script.
//!
//! What stands on a page is values ([`Page`]), made from sessions, audits, comparisons and histories by pure functions; one
//! template turns them into HTML and escapes every text. The only things that it does not escape are the stylesheet, the
//! script and the pictures, which this program wrote. A Content-Security-Policy admits stylesheet and script by a nonce that
//! follows from everything on the page, so that markup which found a way in would still do nothing.

mod audit;
mod compare;
mod history;
mod page;
mod samples;
mod session;
mod template;

pub use audit::{claim_page, claims_page, pair_page};
pub use compare::comparison_page;
pub use history::history_page;
pub use page::{Block, Cell, Column, Figure, Page, Part, Row, Section, Sentence, Table};
pub use samples::Strip;
pub use session::{Reported, sessions_page};
pub use template::render;
