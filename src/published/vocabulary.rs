//! The closed vocabularies of the data files, each word a variant.

use crate::units::Unit;

/// A word that its column does not allow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` is not one of {allowed}")]
pub struct UnknownWord {
    /// The word as it was written.
    pub word: String,
    /// Every allowed word, in the order of the documentation.
    pub allowed: String,
}

/// One enum per vocabulary: the word is written once and serves parsing, display, JSON and the documentation.
macro_rules! vocabulary {
    ($(#[$about:meta])* $name:ident { $($variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $(#[doc = concat!("`", $word, "`")] $variant,)+
        }

        impl $name {
            /// Every word, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word as the data files write it.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.word())
            }
        }

        impl std::str::FromStr for $name {
            type Err = UnknownWord;

            fn from_str(word: &str) -> Result<Self, UnknownWord> {
                Self::ALL.iter().copied().find(|known| known.word() == word).ok_or_else(|| UnknownWord {
                    word: word.to_owned(),
                    allowed: [$($word),+].join(", "),
                })
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.word())
            }
        }
    };
}

vocabulary! {
    /// Whether a chip can be had.
    Status { Shipping = "shipping", Announced = "announced", Rumoured = "rumoured" }
}

vocabulary! {
    /// Where the content of a source comes from, whoever printed it.
    SourceClass {
        Datasheet = "datasheet",
        VendorStatement = "vendor_statement",
        VendorCode = "vendor_code",
        VendorMeasurement = "vendor_measurement",
        RegulatorOrContract = "regulator_or_contract",
        StateTv = "state_tv",
        Analyst = "analyst",
        Press = "press",
        OperatorStatement = "operator_statement",
        ThirdPartyTable = "third_party_table",
        ThirdPartyMeasurement = "third_party_measurement",
        EngineeringConfig = "engineering_config",
        Aggregator = "aggregator",
        Derived = "derived",
    }
}

vocabulary! {
    /// What a figure is about.
    Metric {
        PeakCompute = "peak_compute",
        MemoryBandwidth = "memory_bandwidth",
        MemoryCapacity = "memory_capacity",
        Tdp = "tdp",
        InterconnectBandwidth = "interconnect_bandwidth",
        HostLinkBandwidth = "host_link_bandwidth",
        L2Cache = "l2_cache",
        ComputeUnits = "compute_units",
        CoreClock = "core_clock",
    }
}

vocabulary! {
    /// What was searched for and not found: a metric, or a fact that no figure holds.
    Sought {
        PeakCompute = "peak_compute",
        MemoryBandwidth = "memory_bandwidth",
        MemoryCapacity = "memory_capacity",
        Tdp = "tdp",
        InterconnectBandwidth = "interconnect_bandwidth",
        HostLinkBandwidth = "host_link_bandwidth",
        L2Cache = "l2_cache",
        ComputeUnits = "compute_units",
        CoreClock = "core_clock",
        Datasheet = "datasheet",
        ProcessNode = "process_node",
    }
}

vocabulary! {
    /// The number format a rate holds for.
    Precision {
        Fp64 = "fp64",
        Fp32 = "fp32",
        Tf32 = "tf32",
        Bf16 = "bf16",
        Fp16 = "fp16",
        Fp8 = "fp8",
        Int8 = "int8",
        Fp4 = "fp4",
    }
}

vocabulary! {
    /// The part of the chip that reaches a rate.
    Engine { Matrix = "matrix", Vector = "vector", Unstated = "unstated" }
}

vocabulary! {
    /// The accumulator a matrix rate is restricted to; most rates have no such restriction.
    Accumulator { Fp16 = "fp16" }
}

vocabulary! {
    /// Whether a rate counts the skipped half of a structured-sparse operand as work.
    Sparsity { Dense = "dense", Sparse = "sparse", Unstated = "unstated" }
}

vocabulary! {
    /// What a figure is counted over, or that somebody computed it.
    Basis { Card = "card", Die = "die", Node = "node", Derived = "derived" }
}

vocabulary! {
    /// How far a value is to be believed.
    Standing { Accepted = "accepted", Disputed = "disputed", Rejected = "rejected" }
}

vocabulary! {
    /// What a claim says of its subject against its reference.
    Relation {
        OnPar = "on_par",
        Ahead = "ahead",
        Behind = "behind",
        Multiple = "multiple",
        NonClaim = "non_claim",
    }
}

vocabulary! {
    /// The kind of work a claim is about.
    Scope {
        Overall = "overall",
        Training = "training",
        Inference = "inference",
        Prefill = "prefill",
        Decode = "decode",
        Gemm = "gemm",
        Memory = "memory",
        Interconnect = "interconnect",
        Power = "power",
        Cost = "cost",
        Unspecified = "unspecified",
    }
}

vocabulary! {
    /// Who makes a claim.
    ClaimantClass {
        Vendor = "vendor",
        AnonymousSource = "anonymous_source",
        Press = "press",
        Analyst = "analyst",
        StateTv = "state_tv",
        Operator = "operator",
        ThirdParty = "third_party",
    }
}

vocabulary! {
    /// What somebody ran to get a measured value.
    MeasuredKernel {
        Gemm = "gemm",
        AttentionPrefill = "attention_prefill",
        AttentionDecode = "attention_decode",
        MlaDecode = "mla_decode",
        GroupedGemm = "grouped_gemm",
        MemoryCopy = "memory_copy",
        Allreduce = "allreduce",
        Serving = "serving",
        Other = "other",
    }
}

vocabulary! {
    /// What a measured value is.
    MeasuredMetric {
        Throughput = "throughput",
        Bandwidth = "bandwidth",
        Time = "time",
        TokensPerSecond = "tokens_per_s",
    }
}

impl Metric {
    /// The base unit of every figure of this metric.
    #[must_use]
    pub const fn unit(self) -> Unit {
        match self {
            Self::PeakCompute => Unit::OpPerSecond,
            Self::MemoryBandwidth | Self::InterconnectBandwidth | Self::HostLinkBandwidth => Unit::BytePerSecond,
            Self::MemoryCapacity | Self::L2Cache => Unit::Byte,
            Self::Tdp => Unit::Watt,
            Self::ComputeUnits => Unit::Count,
            Self::CoreClock => Unit::Hertz,
        }
    }
}

impl Sought {
    /// The metric that was sought, unless it was a fact that no figure holds.
    #[must_use]
    pub fn metric(self) -> Option<Metric> {
        self.word().parse().ok()
    }
}

impl MeasuredMetric {
    /// The base unit of every value of this metric.
    #[must_use]
    pub const fn unit(self) -> Unit {
        match self {
            Self::Throughput => Unit::OpPerSecond,
            Self::Bandwidth => Unit::BytePerSecond,
            Self::Time => Unit::Second,
            Self::TokensPerSecond => Unit::TokenPerSecond,
        }
    }
}

/// The word of a unit in the data files, which spell bytes and counts out.
#[must_use]
pub const fn unit_word(unit: Unit) -> &'static str {
    match unit {
        Unit::BytePerSecond => "byte/s",
        Unit::Byte => "byte",
        Unit::Count => "count",
        other => other.symbol(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_word_is_answered_with_the_allowed_ones() {
        let error = "sure".parse::<Standing>().expect_err("not a word");
        assert_eq!(error.to_string(), "`sure` is not one of accepted, disputed, rejected");
    }

    #[test]
    fn whatever_is_a_metric_can_be_sought() {
        for metric in Metric::ALL {
            let sought = metric.word().parse().map(Sought::metric);
            assert_eq!(sought, Ok(Some(*metric)));
        }
    }
}
