//! The name of a case: kernel, precision, layout, shape, cache mode, in one fixed grammar.
//!
//! `matmul/f32/nn/k=1024,m=1024,n=1024/hot`: five parts, `-` where a kernel has no precision or layout, shape keys
//! sorted. The name is the identity of a case in every format, so it says nothing that could change without the work
//! changing: the variant that ran is recorded beside it.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// How the elements of the inputs are stored, and therefore which published peak the work is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// IEEE binary64.
    F64,
    /// IEEE binary32.
    F32,
    /// IEEE binary16.
    F16,
    /// bfloat16.
    Bf16,
    /// 8-bit floating point with 4 exponent and 3 significand bits, finite values and NaN only (OCP E4M3, "e4m3fn").
    F8,
    /// 32-bit integers.
    I32,
    /// 8-bit integers.
    I8,
}

impl Precision {
    /// Every precision, in the order of the tables.
    pub const ALL: [Self; 7] = [
        Self::F64,
        Self::F32,
        Self::F16,
        Self::Bf16,
        Self::F8,
        Self::I32,
        Self::I8,
    ];

    /// The word used in case names.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::F64 => "f64",
            Self::F32 => "f32",
            Self::F16 => "f16",
            Self::Bf16 => "bf16",
            Self::F8 => "f8",
            Self::I32 => "i32",
            Self::I8 => "i8",
        }
    }

    /// Bytes of one stored element.
    #[must_use]
    pub const fn bytes(self) -> u64 {
        match self {
            Self::F64 => 8,
            Self::F32 | Self::I32 => 4,
            Self::F16 | Self::Bf16 => 2,
            Self::F8 | Self::I8 => 1,
        }
    }

    /// Bytes of one stored element of a product of such inputs: 2 (bfloat16) for 8-bit inputs, whose products do not fit
    /// into 8 bits, and the size of the inputs for all others.
    #[must_use]
    pub const fn result_bytes(self) -> u64 {
        match self {
            Self::F8 | Self::I8 => Self::Bf16.bytes(),
            _ => self.bytes(),
        }
    }

    /// Unit roundoff: half the distance from 1 to the next larger number; 0 for integers.
    #[must_use]
    pub fn unit_roundoff(self) -> f64 {
        match self {
            Self::F64 => f64::EPSILON / 2.0,
            Self::F32 => f64::from(f32::EPSILON) / 2.0,
            Self::F16 => 0.5f64.powi(11),
            Self::Bf16 => 0.5f64.powi(8),
            Self::F8 => 0.5f64.powi(4),
            Self::I32 | Self::I8 => 0.0,
        }
    }
}

impl FromStr for Precision {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|p| p.word() == word).ok_or_else(|| {
            let words: Vec<_> = Self::ALL.iter().map(|p| p.word()).collect();
            format!("unknown precision '{word}'; expected one of {} or -", words.join(", "))
        })
    }
}

/// Whether the working set may stay in the device's caches from one dispatch to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cache {
    /// The same buffers again and again: what fits in a cache is served from it.
    Hot,
    /// Every dispatch meets inputs that are in no cache.
    Cold,
}

impl Cache {
    /// The word used in case names.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Hot => "hot",
            Self::Cold => "cold",
        }
    }
}

/// The extents of a case by name. Names are sorted, so equal shapes have one spelling.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Shape(BTreeMap<String, u64>);

impl Shape {
    /// A shape from (name, extent) pairs.
    #[must_use]
    pub fn new(extents: &[(&str, u64)]) -> Self {
        Self(
            extents
                .iter()
                .map(|(name, extent)| ((*name).to_owned(), *extent))
                .collect(),
        )
    }

    /// The extent called `name`; 0 if the shape has none, which no valid case of a kernel lets happen (the registry
    /// checks the names of a case against the kernel's before anything reads them).
    #[must_use]
    pub fn extent(&self, name: &str) -> u64 {
        self.0.get(name).copied().unwrap_or_default()
    }

    /// The names in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Names and extents in order.
    pub fn extents(&self) -> impl Iterator<Item = (&str, u64)> {
        self.0.iter().map(|(name, extent)| (name.as_str(), *extent))
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("-");
        }
        for (i, (name, extent)) in self.0.iter().enumerate() {
            write!(f, "{}{name}={extent}", if i == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}

/// What is measured: one kernel at one precision, layout, shape and cache mode.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Case {
    /// The kernel's name in the registry, or the name that an imported file uses.
    pub kernel: String,
    /// Storage precision of the inputs; none for kernels without data.
    pub precision: Option<Precision>,
    /// Layout or mode of the operands, a word of the kernel's own (`nn`, `causal`); empty where there is no choice.
    pub layout: String,
    /// The extents.
    pub shape: Shape,
    /// Cache mode.
    pub cache: Cache,
}

impl Case {
    /// A hot case, which is what every kernel has.
    #[must_use]
    pub fn hot(kernel: &str, precision: Precision, layout: &str, extents: &[(&str, u64)]) -> Self {
        Self {
            kernel: kernel.to_owned(),
            precision: Some(precision),
            layout: layout.to_owned(),
            shape: Shape::new(extents),
            cache: Cache::Hot,
        }
    }

    /// The extent called `name`; see [`Shape::extent`].
    #[must_use]
    pub fn extent(&self, name: &str) -> u64 {
        self.shape.extent(name)
    }

    /// Bytes of one input element; 0 for a kernel without data.
    #[must_use]
    pub fn element_bytes(&self) -> u64 {
        self.precision.map_or(0, Precision::bytes)
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let layout = if self.layout.is_empty() { "-" } else { &self.layout };
        let precision = self.precision.map_or("-", Precision::word);
        write!(
            f,
            "{}/{precision}/{layout}/{}/{}",
            self.kernel,
            self.shape,
            self.cache.word()
        )
    }
}

impl FromStr for Case {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts: Vec<&str> = text.split('/').collect();
        let [kernel, precision, layout, shape, cache] = parts[..] else {
            return Err(format!(
                "case '{text}' has {} parts; expected kernel/precision/layout/shape/cache, as matmul/f32/nn/k=64,m=64,n=64/hot",
                parts.len()
            ));
        };
        let in_case = |message: String| format!("case '{text}': {message}");
        Ok(Self {
            kernel: word("kernel", kernel).map_err(in_case)?,
            precision: match precision {
                "-" => None,
                word => Some(word.parse().map_err(in_case)?),
            },
            layout: match layout {
                "-" => String::new(),
                layout => word("layout", layout).map_err(in_case)?,
            },
            shape: parse_shape(shape).map_err(in_case)?,
            cache: match cache {
                "hot" => Cache::Hot,
                "cold" => Cache::Cold,
                other => return Err(in_case(format!("unknown cache mode '{other}'; expected hot or cold"))),
            },
        })
    }
}

fn word(what: &str, text: &str) -> Result<String, String> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if text.is_empty() || !text.chars().all(allowed) {
        return Err(format!("{what} '{text}' must be of the characters a-z, 0-9 and _"));
    }
    Ok(text.to_owned())
}

fn parse_shape(text: &str) -> Result<Shape, String> {
    if text == "-" {
        return Ok(Shape::default());
    }
    let mut extents = BTreeMap::new();
    for part in text.split(',') {
        let Some((name, extent)) = part.split_once('=') else {
            return Err(format!("shape part '{part}' is not name=extent"));
        };
        let name = word("shape name", name)?;
        let extent = match extent.parse::<u64>() {
            Ok(extent) if extent > 0 => extent,
            _ => return Err(format!("extent '{extent}' of {name} is not a whole number from 1 on")),
        };
        if extents.insert(name.clone(), extent).is_some() {
            return Err(format!("shape names {name} twice"));
        }
    }
    Ok(Shape(extents))
}

impl Serialize for Case {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Case {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_spelling() {
        let case = Case::hot("matmul", Precision::F32, "nn", &[("n", 3), ("k", 1), ("m", 2)]);
        assert_eq!(case.to_string(), "matmul/f32/nn/k=1,m=2,n=3/hot");
        assert_eq!("matmul/f32/nn/m=2,n=3,k=1/hot".parse::<Case>().expect("parses"), case);
        let floor = "empty/-/-/-/hot".parse::<Case>().expect("parses");
        assert_eq!(floor.to_string(), "empty/-/-/-/hot");
    }

    #[test]
    fn a_malformed_name_is_told_what_was_expected() {
        for (text, part) in [
            ("matmul/f32", "has 2 parts"),
            ("matmul/f31/nn/k=1/hot", "unknown precision 'f31'"),
            ("matmul/f32/nn/k=0/hot", "from 1 on"),
            ("matmul/f32/nn/k=1,k=2/hot", "names k twice"),
            ("matmul/f32/nn/k/hot", "is not name=extent"),
            ("matmul/f32/nn/k=1/warm", "expected hot or cold"),
            ("Mat mul/f32/nn/k=1/hot", "must be of the characters"),
        ] {
            let error = text.parse::<Case>().expect_err(text);
            assert!(error.contains(part), "{error}");
        }
    }
}
