//! From sessions to series: one for each case on each machine, with a point for each session that tried it.

use std::collections::{BTreeMap, HashMap};

use super::history::{Better, Boundary, History, Machine, Moment, Series};
use crate::device::Identity;
use crate::record::{CaseSummary, Keys, Summary, differences};
use crate::stats::{median, median_interval, sorted};

impl History {
    /// The history of some sessions in the order of time. Sessions of different hard identities are never mixed; a change
    /// of the soft one, or of the variant that ran, is a boundary.
    #[must_use]
    pub fn of_sessions(sessions: &[Summary]) -> Self {
        let mut builder = Builder::default();
        for (moment, session) in (0..).zip(sessions) {
            builder.add(moment, session);
        }
        let moment = |session: &Summary| Moment {
            time: session.started.to_string(),
            session: Some(session.id.to_string()),
        };
        Self {
            moments: sessions.iter().map(moment).collect(),
            machines: builder.machines,
            series: builder.series.into_iter().map(|(series, _)| series).collect(),
            better: Better::Lower,
        }
    }
}

#[derive(Default)]
struct Builder<'a> {
    machines: Vec<Machine>,
    /// Each with its last point that has a value.
    series: Vec<(Series, Option<Last<'a>>)>,
    /// Places of the series by machine and case.
    places: HashMap<(usize, &'a str), usize>,
    /// What changed between two sessions, by their places.
    changed: HashMap<(u32, u32), Vec<String>>,
}

/// What a point was measured with.
#[derive(Clone, Copy)]
struct Last<'a> {
    moment: u32,
    identity: &'a Identity,
    variant: &'a str,
}

impl<'a> Builder<'a> {
    fn add(&mut self, moment: u32, session: &'a Summary) {
        let machine = self.machine(&session.identity);
        for case in &session.cases {
            let place = self.place(machine, &case.name);
            let value = value(case);
            let (series, last) = &mut self.series[place];
            let point = Last {
                moment,
                identity: &session.identity,
                variant: &case.variant,
            };
            if value.is_some()
                && let Some(last) = last.replace(point)
            {
                let known = self.changed.entry((last.moment, moment));
                let changed = known.or_insert_with(|| soft_changes(last.identity, point.identity));
                let changed: Vec<String> = changed
                    .iter()
                    .cloned()
                    .chain(variants(last.variant, point.variant))
                    .collect();
                if !changed.is_empty() {
                    let index = series.values.len();
                    series.boundaries.push(Boundary { index, changed });
                }
            }
            let (middle, low, high) = value.unwrap_or((f64::NAN, f64::NAN, f64::NAN));
            series.moments.push(moment);
            series.values.push(middle);
            series.ranges.push((low, high));
        }
    }

    /// The place of a machine, which is the last one's that has its key.
    fn machine(&mut self, identity: &Identity) -> usize {
        let key = Keys::of(identity).hard;
        if let Some(known) = self.machines.iter().position(|machine| machine.key == key) {
            self.machines[known].identity = identity.clone();
            return known;
        }
        self.machines.push(Machine {
            key,
            identity: identity.clone(),
        });
        self.machines.len() - 1
    }

    fn place(&mut self, machine: usize, name: &'a str) -> usize {
        *self.places.entry((machine, name)).or_insert_with(|| {
            let series = Series {
                name: name.to_owned(),
                machine: Some(machine),
                moments: Vec::new(),
                values: Vec::new(),
                ranges: Vec::new(),
                boundaries: Vec::new(),
            };
            self.series.push((series, None));
            self.series.len() - 1
        })
    }
}

fn soft_changes(before: &Identity, after: &Identity) -> Vec<String> {
    differences(before, after).iter().map(ToString::to_string).collect()
}

fn variants(before: &str, after: &str) -> Option<String> {
    (before != after).then(|| format!("variant '{before}' -> '{after}'"))
}

/// The median over the runs, and what they span: the 95 % interval of that median, or all of them where they are too few
/// for it. In each run the faster of two places of the case counts. None if a run failed, as in every report.
fn value(case: &CaseSummary) -> Option<(f64, f64, f64)> {
    let mut runs: BTreeMap<u32, f64> = BTreeMap::new();
    for (run, seconds) in &case.rows {
        let seconds = (*seconds)?;
        let fastest = runs.entry(*run).or_insert(seconds);
        *fastest = fastest.min(seconds);
    }
    let medians = sorted(&runs.into_values().collect::<Vec<_>>());
    let middle = median(&medians)?;
    let all = || (medians[0], medians[medians.len() - 1]);
    let (low, high) = median_interval(&medians, 0.95).unwrap_or_else(all);
    Some((middle, low, high))
}
