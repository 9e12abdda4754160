//! Names of cases that stand together, without what they have in common.

use std::collections::BTreeMap;

use crate::kernels::{Case, Shape};

/// Extents that are longer than this are not written into the name of a case that is the only one of its kernel.
const LONG: usize = 24;

/// A name for each case: its kernel and layout, and those extents by which it differs from another case of these; all
/// extents of one that has no other, if they are short. The precision is not part of it.
pub(super) fn names(cases: &[&Case]) -> Vec<String> {
    cases.iter().map(|case| name(case, &alike(case, cases))).collect()
}

/// What the cases of each kernel and layout have in common, a sentence each; none where a name says it.
pub(super) fn common(cases: &[&Case]) -> Vec<String> {
    let mut found = Vec::new();
    for case in cases {
        let others = alike(case, cases);
        let shared: Vec<(&str, u64)> = case
            .shape
            .extents()
            .filter(|(name, _)| !differs(name, &others))
            .collect();
        let shared = extents(&shared);
        if !shared.is_empty() && !is_said(&shared, &others) {
            let sentence = format!("{}: {shared}", kernel(case));
            if !found.contains(&sentence) {
                found.push(sentence);
            }
        }
    }
    found
}

/// A note of what [`common`] found; none where it is nothing.
pub(super) fn in_common(mut sentences: Vec<String>) -> Option<String> {
    sentences.sort();
    sentences.dedup();
    (!sentences.is_empty()).then(|| format!("In common: {}.", sentences.join("; ")))
}

/// Extents with those of equal value written once: `b=1, d=dv=128`.
pub(super) fn extents(of: &[(&str, u64)]) -> String {
    let mut merged: Vec<(String, u64)> = Vec::new();
    for (name, extent) in of {
        match merged.iter_mut().find(|(_, there)| there == extent) {
            // Ones have nothing to do with each other.
            Some((names, _)) if *extent > 1 => *names = format!("{names}={name}"),
            _ => merged.push(((*name).to_owned(), *extent)),
        }
    }
    let parts: Vec<_> = merged
        .iter()
        .map(|(names, extent)| format!("{names}={extent}"))
        .collect();
    parts.join(", ")
}

/// The kernel, with its layout.
pub(super) fn kernel(case: &Case) -> String {
    format!("{} {}", case.kernel, case.layout).trim_end().to_owned()
}

fn name(case: &Case, others: &[&Case]) -> String {
    let all: Vec<(&str, u64)> = case.shape.extents().collect();
    let different: Vec<(&str, u64)> = all.iter().filter(|(name, _)| differs(name, others)).copied().collect();
    let shown = if is_said(&extents(&all), others) {
        extents(&all)
    } else {
        extents(&different)
    };
    let cache = if others.iter().any(|other| other.cache != case.cache) {
        case.cache.word()
    } else {
        ""
    };
    let parts = [kernel(case), shown, cache.to_owned()];
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(" ")
}

/// Cases of the same kernel and layout, those that differ in their precision only once.
fn alike<'c>(case: &Case, cases: &[&'c Case]) -> Vec<&'c Case> {
    let mut alike: BTreeMap<(&Shape, &str), &Case> = BTreeMap::new();
    for other in cases {
        if (&other.kernel, &other.layout) == (&case.kernel, &case.layout) {
            alike.insert((&other.shape, other.cache.word()), other);
        }
    }
    alike.into_values().collect()
}

/// Whether a case that has no others says all its extents in its name.
fn is_said(extents: &str, others: &[&Case]) -> bool {
    others.len() == 1 && extents.len() <= LONG
}

fn differs(extent: &str, cases: &[&Case]) -> bool {
    cases
        .windows(2)
        .any(|pair| pair[0].extent(extent) != pair[1].extent(extent))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(cases: &[&str]) -> (Vec<String>, Vec<String>) {
        let cases: Vec<Case> = cases.iter().map(|case| case.parse().expect("a case")).collect();
        let cases: Vec<&Case> = cases.iter().collect();
        (names(&cases), common(&cases))
    }

    #[test]
    fn a_name_says_what_differs_and_the_rest_is_said_once() {
        let (names, common) = of(&[
            "matmul/f32/nn/k=64,m=64,n=64/hot",
            "matmul/f32/nn/k=512,m=1,n=64/hot",
            "attention_decode/f32/-/b=1,d=128,dv=128,hkv=2,hq=8,skv=256/hot",
            "attention_decode/f32/-/b=1,d=128,dv=128,hkv=2,hq=8,skv=512/hot",
        ]);
        assert_eq!(
            names,
            [
                "matmul nn k=m=64",
                "matmul nn k=512, m=1",
                "attention_decode skv=256",
                "attention_decode skv=512"
            ]
        );
        assert_eq!(
            common,
            ["matmul nn: n=64", "attention_decode: b=1, d=dv=128, hkv=2, hq=8"]
        );
    }

    #[test]
    fn a_case_alone_says_all_and_precisions_are_not_told_apart() {
        let (names, common) = of(&["matmul/f32/nn/k=64,m=64,n=64/hot", "matmul/f16/nn/k=64,m=64,n=64/hot"]);
        assert_eq!(names, ["matmul nn k=m=n=64"; 2]);
        assert!(common.is_empty());
        let (names, common) = of(&["attention_prefill/f32/full/b=1,d=64,dv=64,hkv=4,hq=4,skv=256,sq=256/hot"]);
        assert_eq!(names, ["attention_prefill full"]);
        assert_eq!(common, ["attention_prefill full: b=1, d=dv=64, hkv=hq=4, skv=sq=256"]);
        let (names, _) = of(&["copy/f32/-/n=64/hot", "copy/f32/-/n=64/cold"]);
        assert_eq!(names, ["copy hot", "copy cold"]);
    }
}
