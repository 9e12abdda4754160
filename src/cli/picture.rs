//! A picture that the user wants as a file.

use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::report::plot::Drawing;

/// A file for a picture, and which kind the ending of its name asks for.
#[derive(Debug, Clone)]
pub(super) struct Picture {
    path: PathBuf,
    is_svg: bool,
}

impl Picture {
    /// Reads the option.
    pub(super) fn parse(text: &str) -> std::result::Result<Self, String> {
        let path = Path::new(text);
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        let is_svg = match ending.as_deref() {
            Some("svg") => true,
            Some("png") => false,
            _ => return Err("the name must end in .svg or .png".to_owned()),
        };
        let path = path.to_owned();
        Ok(Self { path, is_svg })
    }

    /// Draws into the file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn write(&self, drawing: &Drawing) -> Result<()> {
        let bytes = if self.is_svg {
            drawing.to_svg()?.into_bytes()
        } else {
            drawing.to_png()?
        };
        std::fs::write(&self.path, bytes).map_err(|cause| Error::io(&self.path, "cannot write the plot", cause))
    }
}
