//! Values on their way to and from a device: random inputs, the poison in outputs, decoding to f64.

use half::{bf16, f16};
use rand::rngs::StdRng;
use rand::{Rng as _, RngExt as _, SeedableRng as _};

use super::{Buffer, BufferRole, Precision, e4m3};
use crate::parallel::{MANY, chunked};

/// Random bytes of an input: elements uniform in its range, NaN in the padding behind the last one, so that a kernel
/// that uses what lies beyond the end is found out. Outputs and scratch come out poisoned.
#[must_use]
pub fn random(buffer: &Buffer, seed: u64) -> Vec<u8> {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut bytes = poison(buffer);
    let (low, high) = match buffer.role {
        BufferRole::Input { low, high } => (low, high),
        BufferRole::Cycle => {
            let links = encode(&cycle(buffer.elements, &mut rng), buffer.precision);
            bytes[..links.len()].copy_from_slice(&links);
            return bytes;
        }
        BufferRole::Output | BufferRole::Scratch => return bytes,
    };
    match buffer.precision {
        Precision::F32 => {
            let elements = usize::try_from(buffer.elements).unwrap_or(usize::MAX);
            let (low, width) = (low as f32, (high - low) as f32);
            for word in bytes.chunks_exact_mut(4).take(elements) {
                // 24 random bits fill the significand: nothing for a memory compressor to find.
                let unit = (rng.next_u32() >> 8) as f32 * (1.0 / 16_777_216.0);
                word.copy_from_slice(&(low + unit * width).to_le_bytes());
            }
            bytes
        }
        precision => {
            let mut value = || normal(rng.random_range(low..high), precision);
            let values: Vec<f64> = (0..buffer.elements).map(|_| value()).collect();
            let encoded = encode(&values, precision);
            bytes[..encoded.len()].copy_from_slice(&encoded);
            bytes
        }
    }
}

/// A random permutation of one cycle (Sattolo, An algorithm to generate a random cyclic permutation, 1986).
fn cycle(elements: u64, rng: &mut StdRng) -> Vec<f64> {
    let mut next: Vec<f64> = (0..elements).map(|element| element as f64).collect();
    for last in (1..next.len()).rev() {
        next.swap(last, rng.random_range(0..last));
    }
    next
}

/// Zero for what f16 could only hold as a subnormal number, which WGSL lets a device take for zero. The other precisions
/// have none that a random input would ever be.
fn normal(value: f64, precision: Precision) -> f64 {
    let subnormal = precision == Precision::F16 && value.abs() < 0.5f64.powi(14);
    if subnormal { 0.0 } else { value }
}

/// The bytes of a buffer full of poison: NaN, or the lowest number where there is no NaN.
#[must_use]
pub fn poison(buffer: &Buffer) -> Vec<u8> {
    let pattern: &[u8] = match buffer.precision {
        Precision::F64 => &f64::NAN.to_le_bytes(),
        Precision::F32 => &f32::NAN.to_le_bytes(),
        Precision::F16 => &0x7e00_u16.to_le_bytes(),
        Precision::Bf16 => &0x7fc0_u16.to_le_bytes(),
        Precision::F8 => &[e4m3::NAN],
        Precision::I32 => &i32::MIN.to_le_bytes(),
        Precision::I8 => &i8::MIN.to_le_bytes(),
    };
    let size = usize::try_from(buffer.bytes()).unwrap_or(usize::MAX);
    pattern.repeat(size / pattern.len())
}

/// The stored form of values, rounded to nearest even (8-bit floating point saturates), without padding.
#[must_use]
pub fn encode(values: &[f64], precision: Precision) -> Vec<u8> {
    let each = values.iter();
    match precision {
        Precision::F64 => each.flat_map(|v| v.to_le_bytes()).collect(),
        Precision::F32 => each.flat_map(|v| (*v as f32).to_le_bytes()).collect(),
        Precision::F16 => each.flat_map(|v| f16::from_f64(*v).to_le_bytes()).collect(),
        Precision::Bf16 => each.flat_map(|v| bf16::from_f64(*v).to_le_bytes()).collect(),
        Precision::F8 => each.map(|v| e4m3::from_f64(*v)).collect(),
        Precision::I32 => each.flat_map(|v| (*v as i32).to_le_bytes()).collect(),
        Precision::I8 => each.flat_map(|v| (*v as i8).to_le_bytes()).collect(),
    }
}

/// The first `elements` stored values, exactly.
#[must_use]
pub fn decode(bytes: &[u8], elements: u64, precision: Precision) -> Vec<f64> {
    let count = usize::try_from(elements).unwrap_or(usize::MAX);
    match precision {
        Precision::F64 => words(bytes, count, f64::from_le_bytes),
        Precision::F32 => words(bytes, count, |w| f64::from(f32::from_le_bytes(w))),
        Precision::F16 => words(bytes, count, |w| f16::from_le_bytes(w).to_f64()),
        Precision::Bf16 => words(bytes, count, |w| bf16::from_le_bytes(w).to_f64()),
        Precision::F8 => words(bytes, count, |[byte]| e4m3::to_f64(byte)),
        Precision::I32 => words(bytes, count, |w| f64::from(i32::from_le_bytes(w))),
        Precision::I8 => words(bytes, count, |w| f64::from(i8::from_le_bytes(w))),
    }
}

fn words<const N: usize>(bytes: &[u8], count: usize, value: impl Fn([u8; N]) -> f64 + Sync) -> Vec<f64> {
    let (words, _) = bytes.as_chunks::<N>();
    let words = &words[..count.min(words.len())];
    chunked(words, MANY, |words| words.iter().map(|word| value(*word)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_fill_their_range_and_the_padding_is_poison() {
        let buffer = Buffer::input(1001, Precision::F32, -1.0, 1.0);
        let bytes = random(&buffer, 7);
        assert_eq!(bytes.len(), 4016);
        let values = decode(&bytes, 1004, Precision::F32);
        assert!(values[..1001].iter().all(|v| (-1.0..1.0).contains(v)));
        assert!(values[1001..].iter().all(|v| v.is_nan()));
        let mean = values[..1001].iter().sum::<f64>() / 1001.0;
        assert!(mean.abs() < 0.1, "{mean}");
        assert_eq!(bytes, random(&buffer, 7));
        assert_ne!(bytes, random(&buffer, 8));
    }

    #[test]
    fn inputs_of_f16_hold_no_subnormal_number() {
        let buffer = Buffer::input(1 << 18, Precision::F16, -1.0, 1.0);
        let values = decode(&random(&buffer, 7), buffer.elements, Precision::F16);
        let zeros = values.iter().filter(|v| **v == 0.0).count();
        assert!(zeros > 0 && zeros < 40, "{zeros}");
        assert!(values.iter().all(|v| *v == 0.0 || v.abs() >= 0.5f64.powi(14)));
    }

    #[test]
    fn a_cycle_leads_through_every_element() {
        for elements in [1, 2, 3, 1000] {
            let buffer = Buffer::new(elements, Precision::I32, BufferRole::Cycle);
            let next = decode(&random(&buffer, 7), elements, Precision::I32);
            let (mut at, mut steps) = (0, 0);
            loop {
                at = next[at] as usize;
                steps += 1;
                if at == 0 {
                    break;
                }
            }
            assert_eq!(steps, elements);
        }
    }

    #[test]
    fn every_precision_keeps_what_it_can_hold() {
        for precision in Precision::ALL {
            let values = [-3.0, 0.0, 1.0, 64.0];
            assert_eq!(decode(&encode(&values, precision), 4, precision), values);
        }
    }
}
