//! Other parts of a chip's line, for what a reader will ask next. Their figures are theirs: nothing is decided by them.

use super::figures::FigureKey;
use crate::published::{Cell, CellKey, Chip, Metric, Published};

/// Parts of the same vendor whose name begins with the same word and that have a figure which this chip lacks, as
/// Zhenwu 810E beside Zhenwu PPU. A line with more parts than `MOST` is a brand, and says nothing about a chip.
#[must_use]
pub fn kin<'p>(published: &'p Published, chip: &Chip, key: FigureKey) -> Vec<(&'p Chip, Cell<'p>)> {
    const MOST: usize = 6;
    let line: Vec<_> = published
        .chips
        .iter()
        .filter(|other| other.id != chip.id && other.vendor == chip.vendor && is_of_line(chip, other))
        .collect();
    if line.len() > MOST {
        return Vec::new();
    }
    let figure = |other: &'p Chip| {
        let cell = match (key.metric, key.precision) {
            (Metric::PeakCompute, Some(precision)) => published.peak_compute(&other.id, precision),
            (metric, _) => published.cell(&other.id, CellKey::of(metric)),
        };
        cell.is_published().then_some((other, cell))
    };
    line.into_iter().filter_map(figure).collect()
}

fn is_of_line(a: &Chip, b: &Chip) -> bool {
    let line = |chip: &Chip| chip.name.split_once(' ').map(|(line, _)| line.to_owned());
    line(a).is_some() && line(a) == line(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bandwidth_floor_of_one_zhenwu_is_found_from_another() {
        let published = Published::embedded();
        let of = |id: &str, key| {
            let kin = kin(published, published.chip(id).expect(id), key);
            kin.into_iter().map(|(chip, _)| chip.id.as_str()).collect::<Vec<_>>()
        };
        assert_eq!(
            of("thead-zhenwu-ppu", FigureKey::of(Metric::MemoryBandwidth)),
            ["thead-zhenwu-810e"]
        );
        assert!(of("nvidia-h20-96gb", FigureKey::of(Metric::MemoryBandwidth)).is_empty());
    }
}
