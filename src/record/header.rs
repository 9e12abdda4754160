//! The first line of a session: what was to be measured, on what, and with which settings.

use std::fmt;

use jiff::Timestamp;
use rand::TryRng as _;
use rand::rngs::SysRng;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::hash;
use super::keys::{Keys, differences};
use crate::device::{Facts, Selection};
use crate::error::{Error, Result};
use crate::kernels::Case;
use crate::measure::{Order, TimerReport};
use crate::tune::Depth;

/// Version of the format that this program writes and reads. Fields and kinds of lines may be added within a version;
/// whatever would make an older reader misunderstand a line raises it.
pub const SCHEMA: u32 = 1;

/// What is known of a session when it begins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// Version of the format.
    pub schema: u32,
    /// Name of the session: [`SessionId::of`] the rest of the header.
    pub id: SessionId,
    /// 128 random bits in hexadecimal, so that two sessions that agree in all else have two names.
    pub nonce: String,
    /// When it began: UTC, to the second.
    #[serde(with = "rfc3339")]
    pub started: Timestamp,
    /// How the numbers came about.
    pub provenance: Provenance,
    /// What was asked for.
    pub options: Options,
    /// What measured it, with the versions of driver, wgpu and onpar.
    pub facts: Facts,
    /// Keys of the facts' identity, for readers without this program; within it, make them with [`Keys::of`].
    pub keys: Keys,
    /// What the timer self-test found; none if it was not done.
    pub timer: Option<TimerReport>,
    /// The cases of each run, in order. The same case may stand here twice: a place in the plan and the number of the
    /// run name an observation.
    pub plan: Vec<Case>,
}

/// How the numbers of a session came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Provenance {
    /// Measured by this program.
    Measured,
    /// Measured by another program, and imported: nothing of it is proved.
    External,
}

/// What the user asked for, as far as it bears on the numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Options {
    /// Name of the suite.
    pub suite: String,
    /// Parts of case names, any of which selects a case; empty for all.
    pub filter: Vec<String>,
    /// Which variants are raced.
    pub candidates: Candidates,
    /// How thoroughly the tuner searched for the variants of all runs; none where variants race in every run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tune: Option<Depth>,
    /// Number of runs.
    pub runs: u32,
    /// Seed of the inputs and of the order of the races.
    pub seed: u64,
    /// Seconds after which a case is given up.
    pub timeout_s: f64,
    /// The order in which cases were sampled; sequential in sessions that do not say.
    #[serde(default = "sequential")]
    pub order: Order,
    /// Whether run-time checks were timed as well.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub checks: bool,
    /// A name that sessions have in common whose runs were measured by turns; none of a session measured by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turns: Option<String>,
    /// What the device was chosen by: its number or a part of its name, `scripted` for a script whatever its file, none
    /// where nothing was said.
    pub device: Option<String>,
}

const fn sequential() -> Order {
    Order::Sequential
}

impl Options {
    /// What a header may say of a selection. The file of a script is a path, and no path is recorded.
    #[must_use]
    pub fn device_word(selection: &Selection) -> Option<String> {
        match selection {
            Selection::Default => None,
            Selection::Named(text) => Some(text.clone()),
            Selection::Scripted(_) => Some("scripted".to_owned()),
        }
    }
}

/// Which variants of a kernel are raced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Candidates {
    /// Those that are best guesses.
    Default,
    /// All there are.
    All,
}

/// What makes a session another than the one before it: the time and chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Birth {
    /// When it begins; fractions of a second are not kept.
    pub started: Timestamp,
    /// Random bits.
    pub nonce: [u8; 16],
}

impl Birth {
    /// Now, with bits from the operating system.
    ///
    /// # Errors
    /// [`Error::Device`] if the operating system gives no random bits.
    pub fn now() -> Result<Self> {
        let mut nonce = [0; 16];
        SysRng.try_fill_bytes(&mut nonce).map_err(|cause| {
            Error::Device(format!(
                "the operating system gives no random bits for the session's name: {cause}"
            ))
        })?;
        let started = Timestamp::now();
        Ok(Self { started, nonce })
    }

    /// A name for what several sessions have in common.
    #[must_use]
    pub fn name(&self) -> String {
        hash::hex(&self.nonce)
    }
}

impl Header {
    /// The header of a new session.
    ///
    /// # Errors
    /// [`Error::Device`] if the device cannot be identified: nothing is recorded for a device without a name.
    pub fn new(
        birth: Birth,
        options: Options,
        facts: Facts,
        timer: Option<TimerReport>,
        plan: Vec<Case>,
    ) -> Result<Self> {
        Self::with(Provenance::Measured, birth, options, facts, timer, plan)
    }

    /// As [`Header::new`], of numbers that came about in this way.
    pub(super) fn with(
        provenance: Provenance,
        birth: Birth,
        options: Options,
        facts: Facts,
        timer: Option<TimerReport>,
        plan: Vec<Case>,
    ) -> Result<Self> {
        if !facts.identity.is_known() {
            return Err(Error::Device(
                "this device cannot be identified (its adapter name, or for a software adapter the host's processor, \
                 is unknown), so nothing is recorded for it; choose another with --device"
                    .to_owned(),
            ));
        }
        let mut header = Self {
            schema: SCHEMA,
            id: SessionId(String::new()),
            nonce: hash::hex(&birth.nonce),
            started: to_the_second(birth.started),
            provenance,
            keys: Keys::of(&facts.identity),
            options,
            facts,
            timer,
            plan,
        };
        let value = serde_json::to_value(&header)
            .map_err(|cause| Error::Device(format!("the header cannot be written as JSON: {cause}")))?;
        header.id = SessionId::of(value);
        Ok(header)
    }

    /// Whether what is measured with these facts may be added to this session.
    ///
    /// # Errors
    /// [`Error::Usage`] with the facts that differ: one session is of one device, behind one driver.
    pub fn admits(&self, facts: &Facts) -> Result<()> {
        let differences = differences(&self.facts.identity, &facts.identity);
        if differences.is_empty() {
            return Ok(());
        }
        let list: Vec<_> = differences.iter().map(ToString::to_string).collect();
        Err(Error::Usage(format!(
            "session {} was begun with something else: {}; begin a new session",
            self.id,
            list.join("; ")
        )))
    }
}

/// Name of a session: the first 16 characters of the SHA-256 of its header's canonical JSON. It is part of a folder's
/// name, so a file that claims another kind of id is not read.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SessionId(String);

impl SessionId {
    /// The id of a header, given as JSON; `id` and `kind` are left out of what is hashed.
    #[must_use]
    pub fn of(mut header: Value) -> Self {
        if let Some(fields) = header.as_object_mut() {
            fields.remove("id");
            fields.remove("kind");
        }
        Self(hash::short(header))
    }

    /// Its characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for SessionId {
    type Error = String;

    fn try_from(text: String) -> std::result::Result<Self, String> {
        if hash::is_short(&text) {
            return Ok(Self(text));
        }
        Err(format!("id '{text}' is not {} characters of 0-9 and a-f", hash::SHORT))
    }
}

impl From<SessionId> for String {
    fn from(id: SessionId) -> Self {
        id.0
    }
}

/// Without the fraction, which nobody needs and which would make the text's width vary.
pub(super) fn to_the_second(time: Timestamp) -> Timestamp {
    // The whole seconds of a valid time are a valid time.
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}

/// Times as RFC 3339 in UTC. `jiff` could do this itself, with a feature that nothing else here needs.
pub(super) mod rfc3339 {
    use jiff::Timestamp;
    use serde::{Deserialize, Deserializer, Serializer, de::Error as _};

    pub(in super::super) fn serialize<S: Serializer>(time: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(time)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
        let text = String::deserialize(from)?;
        text.parse()
            .map_err(|cause| D::Error::custom(format!("time '{text}' is not RFC 3339: {cause}")))
    }
}
