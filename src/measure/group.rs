//! Cases that are measured together, in turns. What the machine does meanwhile (it warms up, somebody else works on it)
//! then falls on all of them alike, and not on the one that happened to be at work.

use serde::{Deserialize, Serialize};

use super::contender::Contender;
use super::evict::Evictor;
use super::verify::Ended;
use super::{Event, Item, Row, Settings, Start, Status};
use crate::device::Device;
use crate::kernels::{self, Buffer, BufferRole, Cache};
use crate::suites;

/// Most cases that take turns.
const MOST: usize = 8;
/// Most bytes that they may take together, buffers on the device and right answers on the host. WebGPU does not tell how
/// much memory there is; this is a quarter of what the smallest machine has on which anybody measures.
const BYTES: u64 = 2 << 30;
/// Bytes of the right answer to one output element, and its tolerance.
const ANSWER: u64 = 16;

/// The order in which cases are sampled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// In groups, by turns.
    #[default]
    Interleaved,
    /// One after the other.
    Sequential,
}

/// Cuts a plan into groups of neighbours that are measured together. Each has at least one case.
#[must_use]
pub fn groups(items: &[Item], order: Order) -> Vec<&[Item]> {
    if order == Order::Sequential {
        return items.chunks(1).collect();
    }
    let mut groups = Vec::new();
    let mut rest = items;
    while !rest.is_empty() {
        let (group, after) = rest.split_at(together(rest));
        groups.push(group);
        rest = after;
    }
    groups
}

/// How many of the first cases can be measured together, at least one.
fn together(items: &[Item]) -> usize {
    let mut bytes = 0_u64;
    let fits = items.iter().take(MOST).take_while(|item| {
        bytes = bytes.saturating_add(memory(item));
        bytes <= BYTES
    });
    fits.count().max(1)
}

fn memory(item: &Item) -> u64 {
    let kernel = kernels::find(&item.case.kernel).filter(|kernel| kernel.check(&item.case).is_ok());
    let buffers = kernel.map(|kernel| (kernel.buffers)(&item.case)).unwrap_or_default();
    let of = |buffer: &Buffer| {
        let answers = if buffer.role == BufferRole::Output {
            buffer.elements
        } else {
            0
        };
        buffer.bytes().saturating_add(answers.saturating_mul(ANSWER))
    };
    buffers.iter().map(of).fold(0, u64::saturating_add)
}

/// Measures the cases of a group. The observer hears whose turn it is, of every variant tried, of every block of samples,
/// and of the row that each case ends with. Says whether the device is still there: where it was lost, the cases without
/// a row are to be begun anew on another.
pub fn measure_group(
    device: &mut dyn Device,
    items: &[Item],
    settings: &Settings,
    observe: &mut dyn FnMut(Event),
) -> bool {
    let evictor = items
        .iter()
        .any(|item| item.case.cache == Cache::Cold)
        .then(|| Evictor::new(device, &suites::evictor(), settings.clock));
    let mut group = Group {
        device,
        settings,
        evictor: evictor.as_ref(),
        observe,
        contenders: Vec::with_capacity(items.len()),
    };
    let alive = items.iter().all(|item| group.enter(item)) && group.take_turns();
    group.leave();
    if let Some(Ok(evictor)) = evictor {
        evictor.release(device);
    }
    alive
}

/// Measures a case by itself, as [`measure_group`] does, and returns the status of its row.
pub fn measure(device: &mut dyn Device, item: &Item, settings: &Settings, observe: &mut dyn FnMut(Event)) -> Status {
    let mut status = Status::Ok;
    measure_group(device, std::slice::from_ref(item), settings, &mut |event| {
        if let Event::Row(row) = &event {
            status = row.status;
        }
        observe(event);
    });
    status
}

struct Group<'a, 'b> {
    device: &'a mut dyn Device,
    settings: &'a Settings,
    /// For cold cases, if there are any, or why there can be none.
    evictor: Option<&'b Result<Evictor, Ended>>,
    observe: &'a mut dyn FnMut(Event),
    contenders: Vec<Contender<'b>>,
}

impl<'b> Group<'_, 'b> {
    /// Makes a case ready; one that comes to nothing gets its row.
    fn enter(&mut self, item: &'b Item) -> bool {
        self.begin(item);
        let cold = self.evictor.filter(|_| item.case.cache == Cache::Cold);
        let evictor = match cold.map(Result::as_ref).transpose() {
            Ok(evictor) => evictor,
            Err(Ended { status, reason }) => {
                let Settings { run, clock, .. } = *self.settings;
                return self.report(Row::failed(item, run, clock, *status, reason.clone()));
            }
        };
        match Contender::new(self.device, item, self.settings, evictor, self.observe) {
            Ok(contender) => {
                self.contenders.push(contender);
                true
            }
            Err(row) => self.report(*row),
        }
    }

    /// Turn after turn, until every case has its row.
    fn take_turns(&mut self) -> bool {
        let mut next = 0;
        while !self.contenders.is_empty() {
            if next >= self.contenders.len() {
                next = 0;
            }
            let item = self.contenders[next].item();
            self.begin(item);
            let contender = &mut self.contenders[next];
            let outcome = match contender.turn(self.device, self.observe) {
                Ok(None) => {
                    next += 1;
                    continue;
                }
                Ok(Some(stop)) => contender.finish(self.device, stop, self.observe),
                Err(ended) => Err(ended),
            };
            let row = self.contenders.remove(next).end(self.device, outcome);
            if !self.report(row) {
                return false;
            }
        }
        true
    }

    fn begin(&mut self, item: &Item) {
        (self.observe)(Event::Start(Start {
            run: self.settings.run,
            place: item.place,
            case: item.case.clone(),
        }));
    }

    /// Hands on a row, and says whether the device outlived it.
    fn report(&mut self, row: Row) -> bool {
        let alive = row.status != Status::Lost;
        (self.observe)(Event::Row(row));
        alive
    }

    /// Gives back what cases without a row still hold.
    fn leave(self) {
        for contender in self.contenders {
            contender.abandon(self.device);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::{Case, Precision};

    fn copies(elements: &[u64]) -> Vec<Item> {
        let case = |n: &u64| Case::hot("copy", Precision::F32, "", &[("n", *n)]);
        let items = (0..).zip(elements.iter().map(case));
        items.map(|(place, case)| Item::new(place, case)).collect()
    }

    fn sizes(items: &[Item], order: Order) -> Vec<usize> {
        groups(items, order).iter().map(|group| group.len()).collect()
    }

    #[test]
    fn a_group_has_at_most_eight_cases() {
        let items = copies(&[64; 19]);
        assert_eq!(sizes(&items, Order::Interleaved), [8, 8, 3]);
        assert_eq!(sizes(&items, Order::Sequential), [1; 19]);
        assert_eq!(sizes(&[], Order::Interleaved), [0_usize; 0]);
    }

    /// A copy of n takes 4 n bytes to read, 4 n to write and 16 n for the answers: 24 n and what fills the last 16 bytes.
    #[test]
    fn a_group_fits_into_the_memory_and_what_does_not_is_alone() {
        let third = BYTES / 25 / 3;
        let items = copies(&[third, third, third, BYTES, third, 64]);
        assert_eq!(sizes(&items, Order::Interleaved), [3, 1, 2]);
    }
}
