//! Change points: where the level of a series changes.
//!
//! Both methods go over the series twice. Windows that slide over it are divided where they fall apart most, as long as
//! the parts differ ([`windows`]); of the places found that way those stay that separate two levels. [`Method::Robust`] and
//! [`Method::Otava`] differ in what they call a difference.

mod divergence;
mod otava;
mod pooled;
mod robust;
mod windows;

use windows::{Scale, Windows};

/// A place at which the level of a series changes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChangePoint {
    /// Index of the first value of the new level.
    pub index: usize,
    /// The level before it.
    pub before: f64,
    /// The level from there on.
    pub after: f64,
    /// How probable such a difference is without a change, at a place that was chosen without looking. Places are chosen by
    /// looking, so this orders change points and says nothing about how often there is a false one: simulation does.
    pub p: f64,
}

impl ChangePoint {
    /// How much the level changes, as a part of what it was. Not finite where it was 0.
    #[must_use]
    pub fn change(&self) -> f64 {
        (self.after - self.before) / self.before.abs()
    }
}

/// What counts as a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Ranks: neither outliers nor skewness nor two modes make a difference. Levels are medians, and a change point has
    /// at least four values on either side.
    Robust,
    /// Student's test and means, as apache-otava 0.8.0 has them: the same change points for the same settings.
    Otava,
}

impl Method {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Robust => "robust",
            Self::Otava => "otava",
        }
    }
}

/// How change points are looked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// What counts as a difference.
    pub method: Method,
    /// How improbable a difference must be. The windows are divided at ten times that, as far as there is room.
    pub p: f64,
    /// The smallest change, as a part of the level.
    pub least: f64,
    /// Values in a window.
    pub window: usize,
}

impl Settings {
    /// What a method is used with where nothing else is asked for. For [`Method::Robust`] its false alarms and its power
    /// are in `docs/methodology.md`; for [`Method::Otava`] it is what Otava does by itself.
    #[must_use]
    pub const fn of(method: Method) -> Self {
        let (p, least) = match method {
            Method::Robust => (5e-4, 0.02),
            Method::Otava => (1e-3, 0.0),
        };
        Self {
            method,
            p,
            least,
            window: 50,
        }
    }

    /// How improbable a difference within a window must be.
    fn first_p(&self) -> f64 {
        if self.p < 0.05 {
            self.p * 10.0
        } else if self.p < 0.5 {
            self.p * 2.0
        } else {
            self.p
        }
    }
}

/// Finds the change points of a series that grows.
#[derive(Debug, Clone)]
pub struct Detector {
    settings: Settings,
    windows: Windows,
    /// Change points that no further value can alter.
    settled: Vec<ChangePoint>,
}

impl Detector {
    /// One that has seen nothing.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let scale = match settings.method {
            Method::Robust => Scale::Ranks,
            Method::Otava => Scale::Values,
        };
        Self {
            settings,
            windows: Windows::new(settings.window, settings.first_p(), scale),
            settled: Vec::new(),
        }
    }

    /// The change points of a series, ascending. It has to begin with the series given last time; only the windows that
    /// the new values reach are gone through again. All values have to be finite.
    ///
    /// Needs time proportional to the number of values times the length of a window.
    pub fn find(&mut self, series: &[f64]) -> Vec<ChangePoint> {
        let Settings {
            method,
            p,
            least,
            window,
        } = self.settings;
        let places = self.windows.places(series);
        if method == Method::Otava {
            return otava::merge(series, &places, p, least);
        }
        let rule = robust::Rule {
            p,
            least,
            reach: 2 * window,
        };
        let mut found = Vec::new();
        for cluster in places.chunk_by(|place, next| next - place < rule.reach) {
            let change_points = rule.merge(series, cluster);
            if self.windows.is_past(cluster, rule.reach) {
                self.windows.forget(cluster);
                self.settled.extend(change_points);
            } else {
                found.extend(change_points);
            }
        }
        self.settled.iter().copied().chain(found).collect()
    }
}

/// Where what lies on the two sides of a place begins and ends: at the places beside it, or with the `length` values.
fn around(index: usize, length: usize, place: impl Fn(usize) -> Option<usize>) -> (usize, usize) {
    let start = index.checked_sub(1).and_then(&place).unwrap_or(0);
    (start, place(index + 1).unwrap_or(length))
}
