//! The audit of one axis: its layers and workloads, or its figure.

use std::collections::BTreeSet;

use super::axis::Axis;
use super::figures::{FigureKey, Figures};
use super::judge::{Judgement, binding, judge, judge_quantity, speed};
use super::need::{Wanted, wanted};
use super::roofline::Part;
use super::verdict::{Better, Verdict};
use super::work::{Layer, layers, part_of};
use crate::judge::{Ratio, Region};
use crate::normalise::Resource;
use crate::published::{Cell, State};
use crate::suites::Workload;
use crate::units::Interval;

/// What one comparison came to, with everything that a reader needs to check it.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding<'p> {
    /// The verdict.
    pub verdict: Verdict,
    /// The ratio that it rests on; absent where a chip has no path, which is the finding then.
    pub deciding: Option<Interval>,
    /// The ratio with derived figures taken into account: shown, and deciding nothing.
    pub shown: Option<Interval>,
    /// What binds subject and reference, where the figures say.
    pub binding: [Option<Resource>; 2],
    /// What would decide it.
    pub wanted: Vec<Wanted>,
    /// The figures of both chips that it rests on.
    pub figures: BTreeSet<FigureKey>,
    /// The ids of their sources.
    pub sources: Vec<&'p str>,
}

/// An operation of a layer, judged alone.
#[derive(Debug, Clone)]
pub struct WorkloadFinding<'p> {
    /// What is done.
    pub workload: Workload,
    /// The same as the rooflines see it.
    pub part: Part,
    /// What the figures say.
    pub finding: Finding<'p>,
}

/// A layer of a model, judged as a whole.
#[derive(Debug, Clone)]
pub struct LayerFinding<'p> {
    /// The name of the model.
    pub model: &'static str,
    /// What it does, as the rooflines see it.
    pub parts: Vec<Part>,
    /// What the figures say.
    pub finding: Finding<'p>,
}

/// What the figures say along one axis.
#[derive(Debug, Clone)]
pub struct ScopeAudit<'p> {
    /// The axis.
    pub axis: Axis,
    /// The verdict of all its layers, or of its figure; `None` where there is nothing to compare because neither chip has a
    /// path.
    pub verdict: Option<Verdict>,
    /// From the least to the largest ratio of its layers, or the ratio of its figure: what is shown.
    pub shown: Option<Interval>,
    /// What binds subject and reference in every layer.
    pub binding: [Option<Resource>; 2],
    /// What would decide it.
    pub wanted: Vec<Wanted>,
    /// The layers, in the order of the models.
    pub layers: Vec<LayerFinding<'p>>,
    /// What they consist of, and what the models do besides.
    pub workloads: Vec<WorkloadFinding<'p>>,
    /// The figures of both chips that it rests on.
    pub figures: BTreeSet<FigureKey>,
    /// The ids of their sources.
    pub sources: Vec<&'p str>,
}

impl ScopeAudit<'_> {
    /// The verdicts that a claim stands or falls with: of the layers, or of the figure.
    pub(super) fn verdicts(&self) -> Vec<Verdict> {
        if self.layers.is_empty() {
            self.verdict.into_iter().collect()
        } else {
            self.layers.iter().map(|layer| layer.finding.verdict).collect()
        }
    }
}

/// Both chips and the region that is asked about.
pub(super) struct Pair<'a, 'p> {
    pub(super) subject: &'a Figures<'p>,
    pub(super) reference: &'a Figures<'p>,
    pub(super) region: Region,
}

impl<'p> Pair<'_, 'p> {
    /// Judges work along one axis.
    pub(super) fn work(&self, axis: Axis, workloads: &[&Workload]) -> ScopeAudit<'p> {
        let layers: Vec<_> = layers(workloads)
            .into_iter()
            .filter_map(|layer| {
                let (finding, _) = self.judge(&layer.parts)?;
                let Layer { model, parts } = layer;
                Some(LayerFinding { model, parts, finding })
            })
            .collect();
        let mut needs = Vec::new();
        let workloads: Vec<_> = workloads
            .iter()
            .filter_map(|workload| {
                let part = part_of(workload);
                let (finding, judgement) = self.judge(&[part])?;
                needs.extend(judgement.needs);
                let workload = (*workload).clone();
                Some(WorkloadFinding {
                    workload,
                    part,
                    finding,
                })
            })
            .collect();
        let verdict = Verdict::of_all(layers.iter().map(|layer| layer.finding.verdict));
        let decided = layers.iter().all(|layer| layer.finding.wanted.is_empty());
        let figures: BTreeSet<_> = workloads.iter().flat_map(|part| part.finding.figures.clone()).collect();
        ScopeAudit {
            axis,
            verdict,
            shown: layers.iter().filter_map(|layer| layer.finding.shown).reduce(hull),
            binding: common(layers.iter().map(|layer| layer.finding.binding)),
            wanted: if decided { Vec::new() } else { wanted(&needs, None) },
            sources: self.sources(&figures),
            figures,
            layers,
            workloads,
        }
    }

    /// Judges one figure.
    pub(super) fn figure(&self, axis: Axis, key: FigureKey) -> ScopeAudit<'p> {
        let judgement = self.judge_figure(key, axis.better());
        let figures = BTreeSet::from([key]);
        ScopeAudit {
            axis,
            verdict: judgement.as_ref().map(|judgement| judgement.verdict),
            shown: self.shown_figure(key),
            binding: [None; 2],
            wanted: wanted(judgement.iter().flat_map(|judgement| &judgement.needs), Some(key)),
            layers: Vec::new(),
            workloads: Vec::new(),
            sources: self.sources(&figures),
            figures,
        }
    }

    fn judge(&self, parts: &[Part]) -> Option<(Finding<'p>, Judgement)> {
        let (subject, reference) = (&self.subject.deciding, &self.reference.deciding);
        let judgement = judge(subject, reference, parts, self.region)?;
        let figures: BTreeSet<_> = self.subject.behind(parts);
        let finding = Finding {
            verdict: judgement.verdict,
            deciding: judgement.ratio.map(Ratio::quotient),
            shown: speed(&self.subject.shown, &self.reference.shown, parts).map(Ratio::quotient),
            binding: binding(subject, reference, parts),
            wanted: wanted(&judgement.needs, None),
            sources: self.sources(&figures),
            figures,
        };
        Some((finding, judgement))
    }

    fn judge_figure(&self, key: FigureKey, better: Better) -> Option<Judgement> {
        if self.is_one_chip() {
            return Some(Judgement::ONE);
        }
        match self.both(key, |cell| cell.deciding) {
            [Some(subject), Some(reference)] => Some(judge_quantity(subject, reference, self.region, better)),
            [None, Some(_)] => Some(Judgement::without_ratio(Verdict::Behind)),
            [Some(_), None] => Some(Judgement::without_ratio(Verdict::Ahead)),
            [None, None] => None,
        }
    }

    fn shown_figure(&self, key: FigureKey) -> Option<Interval> {
        if self.is_one_chip() {
            return Some(Ratio::ONE.quotient());
        }
        let [subject, reference] = self.both(key, |cell| cell.shown);
        Some(Ratio::new(subject?, reference?).quotient())
    }

    /// What is known of a figure of both chips; `None` where there is no such path.
    fn both(&self, key: FigureKey, known: impl Fn(&Cell<'_>) -> Interval) -> [Option<Interval>; 2] {
        [self.subject, self.reference].map(|side| match side.cell(key) {
            Some(cell) if cell.state == State::Unsupported => None,
            Some(cell) => Some(known(cell)),
            None => Some(Interval::UNKNOWN),
        })
    }

    fn is_one_chip(&self) -> bool {
        self.subject.chip.id == self.reference.chip.id
    }

    fn sources(&self, figures: &BTreeSet<FigureKey>) -> Vec<&'p str> {
        let cells = figures
            .iter()
            .flat_map(|key| [self.subject, self.reference].map(|side| side.cell(*key)));
        let mut seen = BTreeSet::new();
        let ids = cells.flatten().flat_map(Cell::sources);
        ids.filter(|id| seen.insert(*id)).collect()
    }
}

fn hull(a: Interval, b: Interval) -> Interval {
    Interval::new(a.low.min(b.low), a.high.max(b.high))
}

/// What binds each side in all of them, if it is the same.
fn common(bindings: impl Iterator<Item = [Option<Resource>; 2]>) -> [Option<Resource>; 2] {
    let same = |a: Option<Resource>, b| a.filter(|_| a == b);
    bindings
        .reduce(|a, b| [same(a[0], b[0]), same(a[1], b[1])])
        .unwrap_or_default()
}
