//! Renderers: results in, text or bytes out. Nothing here prints or opens a file.

pub mod plot;
