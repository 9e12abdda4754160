//! Names of cases that stand together, without what they have in common.

use std::collections::{BTreeMap, BTreeSet};

use crate::kernels::{Case, Shape};

/// Extents that are longer than this are not written into the name of a case that is the only one of its kernel.
const LONG: usize = 24;

/// A name for each case: its kernel and layout, and those extents by which it differs from another case of these; all
/// extents of one that has no other, if they are short. The precision is not part of it.
pub(in crate::report) fn names(cases: &[&Case]) -> Vec<String> {
    let likes = likes(cases);
    let name = |case: &&Case| {
        let like = likes.get(&(case.kernel.as_str(), case.layout.as_str()));
        like.map_or_else(|| kernel(case), |like| like.name(case))
    };
    cases.iter().map(name).collect()
}

/// What the cases of each kernel and layout have in common, a sentence each; none where the names say it.
pub(in crate::report) fn common(cases: &[&Case]) -> Vec<String> {
    let likes = likes(cases);
    let sentences = likes.values().filter_map(|like| {
        let case = like.cases.first()?;
        let shared = extents(case, |name| !like.shown.contains(name));
        (!shared.is_empty()).then(|| format!("{}: {shared}", kernel(case)))
    });
    sentences.collect()
}

/// Short names with the precision that tell cases apart, and what these have in common; the whole name of a case outside
/// the grammar.
pub(in crate::report) fn labels(of: &[&str]) -> (Vec<String>, Vec<String>) {
    let cases: Vec<Option<Case>> = of.iter().map(|name| name.parse().ok()).collect();
    let known: Vec<&Case> = cases.iter().flatten().collect();
    let mut short = names(&known).into_iter();
    let label = |(whole, case): (&&str, &Option<Case>)| {
        let known = case.as_ref().and_then(|case| Some((case, short.next()?)));
        known.map_or_else(
            || (*whole).to_owned(),
            |(case, name)| match case.precision {
                Some(precision) => format!("{name}, {}", precision.word()),
                None => name,
            },
        )
    };
    let labels = of.iter().zip(&cases).map(label).collect();
    (labels, common(&known))
}

/// Cases of the same kernel and layout.
struct Like<'c> {
    cases: Vec<&'c Case>,
    /// The extents that a name has.
    shown: BTreeSet<&'c str>,
    shows_cache: bool,
}

fn likes<'c>(cases: &[&'c Case]) -> BTreeMap<(&'c str, &'c str), Like<'c>> {
    let mut groups: BTreeMap<(&str, &str), Vec<&Case>> = BTreeMap::new();
    for case in cases {
        let key = (case.kernel.as_str(), case.layout.as_str());
        groups.entry(key).or_default().push(case);
    }
    groups.into_iter().map(|(key, cases)| (key, Like::new(cases))).collect()
}

impl<'c> Like<'c> {
    fn new(cases: Vec<&'c Case>) -> Self {
        let shapes: BTreeSet<&Shape> = cases.iter().map(|case| &case.shape).collect();
        let differs = |name: &&str| cases.iter().any(|case| case.extent(name) != cases[0].extent(name));
        let is_short = |case: &&Case| extents(case, |_| true).len() <= LONG;
        let says_all = shapes.len() == 1 && cases.first().is_some_and(is_short);
        let names = cases.first().into_iter().flat_map(|case| case.shape.names());
        Self {
            shown: names.filter(|name| says_all || differs(name)).collect(),
            shows_cache: cases.iter().any(|case| case.cache != cases[0].cache),
            cases,
        }
    }

    fn name(&self, case: &Case) -> String {
        let shown = extents(case, |name| self.shown.contains(name));
        let cache = if self.shows_cache { case.cache.word() } else { "" };
        let parts = [kernel(case), shown, cache.to_owned()];
        let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join(" ")
    }
}

/// Some extents of a case as [`merged`] writes them.
fn extents(case: &Case, which: impl Fn(&str) -> bool) -> String {
    let some: Vec<(&str, u64)> = case.shape.extents().filter(|(name, _)| which(name)).collect();
    merged(&some)
}

/// A note of what [`common`] found, of several lists of cases; none where it is nothing.
pub(in crate::report) fn in_common(mut sentences: Vec<String>) -> Option<String> {
    sentences.sort();
    sentences.dedup();
    (!sentences.is_empty()).then(|| format!("In common: {}.", sentences.join("; ")))
}

/// Extents with those of equal value written once: `b=1, d=dv=128`.
pub(super) fn merged(of: &[(&str, u64)]) -> String {
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
            ["attention_decode: b=1, d=dv=128, hkv=2, hq=8", "matmul nn: n=64"]
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
        assert_eq!(names, ["copy n=64 hot", "copy n=64 cold"]);
    }
}
