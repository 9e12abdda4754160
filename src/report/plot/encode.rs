//! Pixels to a PNG file.
//!
//! A chart has few colours, so a pixel is stored as its place in a palette: a third of the size of plain RGB, which
//! counts where pictures are kept beside every result.

use png::{BitDepth, ColorType, Compression, Encoder, EncodingError, Filter};
use std::collections::HashMap;

/// The colours in use, three bytes each, and for every pixel the place of its colour.
struct Indexed {
    palette: Vec<u8>,
    places: Vec<u8>,
}

/// Writes RGB pixels, three bytes each, as a PNG file.
pub(super) fn png(pixels: &[u8], width: u32, height: u32) -> Result<Vec<u8>, EncodingError> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, width, height);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::Balanced);
    encoder.set_filter(Filter::NoFilter);
    let indexed = indexed(pixels);
    let data = match &indexed {
        Some(image) => {
            encoder.set_color(ColorType::Indexed);
            encoder.set_palette(&image.palette);
            &image.places
        }
        None => {
            encoder.set_color(ColorType::Rgb);
            pixels
        }
    };
    let mut writer = encoder.write_header()?;
    writer.write_image_data(data)?;
    writer.finish()?;
    Ok(file)
}

/// `None` where there are more colours than a byte can number.
fn indexed(pixels: &[u8]) -> Option<Indexed> {
    let mut known = HashMap::new();
    let mut palette = Vec::new();
    let mut places = Vec::with_capacity(pixels.len() / 3);
    // Most pixels have the colour of the one before.
    for run in pixels.as_chunks::<3>().0.chunk_by(|one, next| one == next) {
        let next = known.len();
        let place = *known.entry(run[0]).or_insert_with(|| {
            palette.extend_from_slice(&run[0]);
            next
        });
        let place = u8::try_from(place).ok()?;
        places.resize(places.len() + run.len(), place);
    }
    Some(Indexed { palette, places })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colors(count: u32) -> Vec<u8> {
        (0..count).flat_map(|i| [(i % 256) as u8, (i / 256) as u8, 7]).collect()
    }

    fn decoded(file: &[u8]) -> Vec<u8> {
        let mut decoder = png::Decoder::new(std::io::Cursor::new(file));
        decoder.set_transformations(png::Transformations::EXPAND);
        let mut reader = decoder.read_info().expect("a PNG header");
        let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
        reader.next_frame(&mut pixels).expect("image data");
        pixels
    }

    #[test]
    fn pixels_survive_with_a_palette_and_without() {
        for count in [1, 256, 257, 600] {
            let pixels = colors(count);
            let file = png(&pixels, count, 1).expect("encodes");
            assert_eq!(decoded(&file), pixels, "{count} colours");
        }
    }
}
