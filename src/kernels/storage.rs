//! Elements on their way between memory and arithmetic: WGSL that reads and writes f32 values in any storage precision,
//! and what that costs in accuracy.
//!
//! Arithmetic is in f32 whatever the storage is. f16 is what the device has; bf16, which no shading language has, is the
//! upper half of an f32, two in a word of 32 bits.

use super::{Case, Needs, Precision};

/// Precisions that [`vectors`] and its like know.
pub(super) const PRECISIONS: &[Precision] = &[Precision::F32, Precision::F16, Precision::Bf16];
/// Those that shaders have a type for.
pub(super) const NATIVE: &[Precision] = &[Precision::F32, Precision::F16];

/// The precision of a case, of a kernel whose cases all have one.
pub(super) fn stored(case: &Case) -> Precision {
    case.precision.unwrap_or(Precision::F32)
}

/// What the storage of a case asks of a device.
pub(super) fn needs(case: &Case) -> Needs {
    Needs {
        f16: case.precision == Some(Precision::F16),
        f64: case.precision == Some(Precision::F64),
        ..Needs::default()
    }
}

/// Largest error of storing `value`, beyond that of the f32 that is stored.
///
/// WGSL leaves open to which of its two neighbours a number goes when it is converted to f16, and lets one below the
/// least normal number become zero. bf16 is packed below, and rounded to nearest.
pub(super) fn rounding(precision: Precision, value: f64) -> f64 {
    /// Least normal number of f16.
    const LEAST: f64 = 1.0 / 16384.0;
    match precision {
        Precision::F16 if value.abs() < 2.0 * LEAST => LEAST,
        Precision::F16 => 2.0 * precision.unit_roundoff() * value.abs(),
        Precision::Bf16 => precision.unit_roundoff() * value.abs(),
        _ => 0.0,
    }
}

/// A binding to read from, and `load_name(i) -> vec4<f32>`, the elements from 4 i on; `vec4<i32>` of 8 bits.
pub(super) fn vectors(name: &str, binding: u32, precision: Precision) -> String {
    let (stored, value) = match precision {
        Precision::F16 => ("vec4<f16>", format!("vec4<f32>({name}[i])")),
        Precision::Bf16 => ("vec2<u32>", format!("unpack4_{name}({name}[i])")),
        Precision::I8 => ("u32", format!("unpack4xI8({name}[i])")),
        _ => ("vec4<f32>", format!("{name}[i]")),
    };
    let number = number(precision);
    let unpack = match precision {
        Precision::Bf16 => format!(
            "fn unpack4_{name}(w: vec2<u32>) -> vec4<f32> {{
    return bitcast<vec4<f32>>(vec4<u32>(w.x << 16u, w.x & 0xffff0000u, w.y << 16u, w.y & 0xffff0000u));
}}
"
        ),
        _ => String::new(),
    };
    format!(
        "@group(0) @binding({binding}) var<storage, read> {name}: array<{stored}>;
{unpack}fn load_{name}(i: u32) -> vec4<{number}> {{ return {value}; }}
"
    )
}

/// What elements are read as.
const fn number(precision: Precision) -> &'static str {
    match precision {
        Precision::I8 => "i32",
        _ => "f32",
    }
}

/// A binding to read from, and `load_name(i) -> f32`, element i; `i32` of 8 bits.
pub(super) fn scalars(name: &str, binding: u32, precision: Precision) -> String {
    let (stored, value) = match precision {
        Precision::F16 => ("f16", format!("f32({name}[i])")),
        Precision::Bf16 => (
            "u32",
            format!("bitcast<f32>(({name}[i / 2u] >> (16u * (i % 2u))) << 16u)"),
        ),
        Precision::I8 => ("u32", format!("unpack4xI8({name}[i / 4u])[i % 4u]")),
        _ => ("f32", format!("{name}[i]")),
    };
    let number = number(precision);
    format!(
        "@group(0) @binding({binding}) var<storage, read> {name}: array<{stored}>;
fn load_{name}(i: u32) -> {number} {{ return {value}; }}
"
    )
}

/// A binding to write to, and `store_name(i, value: vec4<f32>)`, the elements from 4 i on.
pub(super) fn vectors_out(name: &str, binding: u32, precision: Precision) -> String {
    let (stored, value) = match precision {
        Precision::F16 => ("vec4<f16>", "vec4<f16>(value)"),
        Precision::Bf16 => ("vec2<u32>", "pack_bf16(value)"),
        _ => ("vec4<f32>", "value"),
    };
    let pack = match precision {
        Precision::Bf16 => ROUND_BF16.to_owned() + PACK_BF16,
        _ => String::new(),
    };
    format!(
        "@group(0) @binding({binding}) var<storage, read_write> {name}: array<{stored}>;
{pack}fn store_{name}(i: u32, value: vec4<f32>) {{ {name}[i] = {value}; }}
"
    )
}

/// A binding to write to, and `store_name(i, value: f32)`, element i.
///
/// Two elements of bf16 share a word, and two invocations may own one each: each clears its half and fills it, and
/// neither ever touches the other's.
pub(super) fn scalars_out(name: &str, binding: u32, precision: Precision) -> String {
    let (stored, store) = match precision {
        Precision::F16 => ("f16", format!("{name}[i] = f16(value);")),
        Precision::Bf16 => (
            "atomic<u32>",
            format!(
                "let shift = 16u * (i % 2u);
    let half = round_bf16(vec4<f32>(value)).x;
    atomicAnd(&{name}[i / 2u], ~(0xffffu << shift));
    atomicOr(&{name}[i / 2u], half << shift);"
            ),
        ),
        _ => ("f32", format!("{name}[i] = value;")),
    };
    let round = if precision == Precision::Bf16 { ROUND_BF16 } else { "" };
    format!(
        "@group(0) @binding({binding}) var<storage, read_write> {name}: array<{stored}>;
{round}fn store_{name}(i: u32, value: f32) {{
    {store}
}}
"
    )
}

/// Rounds to nearest, ties to even. NaN would need care; there is none among proved results.
const ROUND_BF16: &str = "\
fn round_bf16(value: vec4<f32>) -> vec4<u32> {
    let bits = bitcast<vec4<u32>>(value);
    return (bits + vec4<u32>(0x7fffu) + ((bits >> vec4<u32>(16u)) & vec4<u32>(1u))) >> vec4<u32>(16u);
}
";

const PACK_BF16: &str = "\
fn pack_bf16(value: vec4<f32>) -> vec2<u32> {
    let half = round_bf16(value);
    return vec2<u32>(half.x | (half.y << 16u), half.z | (half.w << 16u));
}
";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::{decode, encode};

    /// Values from far below the least normal number of f16 to far above 1, of both signs.
    fn values() -> impl Iterator<Item = f64> {
        let magnitudes =
            (-60..20).flat_map(|e| (0..50).map(move |i| 2f64.powf(f64::from(e) / 2.0 + f64::from(i) / 101.0)));
        magnitudes.flat_map(|m| [m, -m])
    }

    #[test]
    fn a_stored_value_is_no_further_off_whichever_neighbour_it_becomes() {
        for value in values() {
            let nearest = decode(&encode(&[value], Precision::F16), 1, Precision::F16)[0];
            let other =
                nearest + (value - nearest).signum() * 2f64.powi(nearest.abs().max(1e-9).log2().floor() as i32 - 10);
            let allowed = rounding(Precision::F16, value);
            assert!((value - nearest).abs() <= allowed / 2.0, "{value:e}");
            assert!((value - other).abs() <= allowed, "{value:e}: {other:e}");
            let packed = decode(&encode(&[value], Precision::Bf16), 1, Precision::Bf16)[0];
            assert!((value - packed).abs() <= rounding(Precision::Bf16, value), "{value:e}");
        }
    }

    #[test]
    fn a_subnormal_result_may_become_zero_and_f32_is_not_rounded_again() {
        for value in values().filter(|v| v.abs() < 0.5f64.powi(14)) {
            assert!(value.abs() <= rounding(Precision::F16, value), "{value:e}");
        }
        assert!(values().all(|value| rounding(Precision::F32, value) == 0.0));
    }
}
