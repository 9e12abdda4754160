//! The work that two chips are compared in: what the models of the suites do, grouped into layers.

use std::collections::BTreeMap;

use super::axis::stored_as;
use super::roofline::Part;
use crate::kernels;
use crate::normalise::published_precision;
use crate::published::Precision;
use crate::suites::{Per, Setting, WorkScope, Workload, workloads};

/// Workloads by scope and precision, made once for all audits: whatever chips are compared, the work is the same.
#[derive(Debug, Clone)]
pub(super) struct WorkTable(BTreeMap<(WorkScope, kernels::Precision), Vec<Workload>>);

/// A layer of a model as a whole.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Layer {
    pub(super) model: &'static str,
    pub(super) parts: Vec<Part>,
}

impl WorkTable {
    pub(super) fn new() -> Self {
        let scopes = [WorkScope::Training, WorkScope::Prefill, WorkScope::Decode];
        let keys = scopes.into_iter().flat_map(|scope| {
            let named = Precision::ALL.iter().filter_map(|precision| stored_as(*precision));
            named.map(move |precision| (scope, precision))
        });
        Self(keys.map(|key| (key, workloads(key.0, key.1))).collect())
    }

    /// What is done at a setting and precision.
    pub(super) fn at(&self, setting: &'static Setting, precision: Precision) -> Vec<&Workload> {
        let of_scope = stored_as(precision).and_then(|stored| self.0.get(&(setting.scope, stored)));
        of_scope
            .into_iter()
            .flatten()
            .filter(|workload| *workload.setting == *setting)
            .collect()
    }
}

/// The layers that workloads of one setting belong to, in the order of the models. What a model does besides its layers
/// is left out.
pub(super) fn layers(workloads: &[&Workload]) -> Vec<Layer> {
    let mut layers: Vec<Layer> = Vec::new();
    for workload in workloads.iter().filter(|workload| workload.per == Per::Layer) {
        let part = part_of(workload);
        match layers.iter_mut().find(|layer| layer.model == workload.model) {
            Some(layer) => layer.parts.push(part),
            None => layers.push(Layer {
                model: workload.model,
                parts: vec![part],
            }),
        }
    }
    layers
}

/// A workload as the rooflines see it.
pub(super) fn part_of(workload: &Workload) -> Part {
    Part {
        precision: workload.case.precision.and_then(published_precision),
        operations: workload.work.operations as f64,
        bytes: workload.work.bytes() as f64,
        count: workload.count as f64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suites::SETTINGS;

    #[test]
    fn every_setting_has_a_layer_of_every_model() {
        let table = WorkTable::new();
        for setting in SETTINGS {
            let workloads = table.at(setting, Precision::Bf16);
            let layers = layers(&workloads);
            assert_eq!(layers.len(), crate::suites::models().len());
            assert!(layers.iter().all(|layer| layer.parts.len() > 5));
        }
    }
}
