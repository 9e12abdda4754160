//! 8-bit floating point of 4 exponent and 3 significand bits: E4M3 of the OCP 8-bit Floating Point Specification,
//! revision 1.0, which has no infinity, a NaN of each sign, and 448 as its largest value.

/// Bit pattern of the positive NaN.
pub(super) const NAN: u8 = 0x7f;

/// Bit pattern of 448, to which all larger magnitudes saturate.
const LARGEST: u8 = 0x7e;

const BIAS: i32 = 7;

/// Exponent of the least normal number, and of all below it.
const LEAST_EXPONENT: i32 = 1 - BIAS;

/// Rounds to nearest, ties to even; saturates.
pub(super) fn from_f64(value: f64) -> u8 {
    let sign = u8::from(value.is_sign_negative()) << 7;
    if value.is_nan() {
        return sign | NAN;
    }
    let magnitude = value.abs();
    let exponent = exponent(magnitude).clamp(LEAST_EXPONENT, BIAS + 2);
    // In units of the last of the three bits: 8 to 15 for a normal number, less for a subnormal one. Rounding up to 16
    // carries into the exponent, as the sum below does.
    let units = (magnitude / 2f64.powi(exponent - 3)).round_ties_even();
    let code = f64::from((exponent + BIAS) * 8 - 8) + units;
    sign | code.min(f64::from(LARGEST)) as u8
}

/// The value, exactly.
pub(super) fn to_f64(byte: u8) -> f64 {
    let code = byte & 0x7f;
    if code == NAN {
        return f64::NAN;
    }
    let (field, fraction) = (i32::from(code >> 3), f64::from(code & 7));
    let magnitude = match field {
        0 => fraction * 2f64.powi(LEAST_EXPONENT - 3),
        _ => (8.0 + fraction) * 2f64.powi(field - BIAS - 3),
    };
    if byte > 0x7f { -magnitude } else { magnitude }
}

/// Exponent of a normal f64; far below everything here for 0 and subnormal ones, far above for infinity.
fn exponent(magnitude: f64) -> i32 {
    (magnitude.to_bits() >> 52) as i32 - 1023
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values() {
        for (byte, value) in [
            (0x00, 0.0),
            (0x01, 0.5f64.powi(9)),
            (0x07, 7.0 * 0.5f64.powi(9)),
            (0x08, 0.5f64.powi(6)),
        ] {
            assert_eq!(to_f64(byte), value, "{byte:#x}");
        }
        for (byte, value) in [(0x38, 1.0), (0xb8, -1.0), (0x3c, 1.5), (0x7e, 448.0), (0xfe, -448.0)] {
            assert_eq!(to_f64(byte), value, "{byte:#x}");
        }
        assert!(to_f64(0x7f).is_nan() && to_f64(0xff).is_nan());
        assert!(to_f64(0x80) == 0.0 && to_f64(0x80).is_sign_negative());
    }

    #[test]
    fn every_value_is_its_own_rounding_and_ties_go_to_the_even_one() {
        for code in 0..LARGEST {
            let (value, next) = (to_f64(code), to_f64(code + 1));
            assert_eq!(from_f64(value), code);
            assert_eq!(from_f64(-value), code | 0x80);
            let middle = f64::midpoint(value, next);
            assert_eq!(from_f64(middle), code + code % 2, "tie above {value}");
            assert_eq!(from_f64(middle.next_down()), code);
            assert_eq!(from_f64(middle.next_up()), code + 1);
        }
    }

    #[test]
    fn what_is_too_large_saturates_and_nan_stays() {
        for value in [448.0, 449.0, 464.0, 512.0, 1e300, f64::INFINITY] {
            assert_eq!((from_f64(value), from_f64(-value)), (0x7e, 0xfe), "{value}");
        }
        assert_eq!(from_f64(f64::NAN) & 0x7f, NAN);
        assert_eq!((from_f64(1e-300), from_f64(f64::MIN_POSITIVE / 4.0)), (0, 0));
    }
}
