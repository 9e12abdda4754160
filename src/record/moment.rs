//! Points in time as tables write them.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

/// Nanoseconds since 1970 of a time: RFC 3339, with a blank in place of the `T` too; a date or a date and a time of day,
/// in UTC; or a number, which counts as seconds, so that numbers of builds and commits keep their order. None of anything
/// else.
pub(super) fn nanoseconds(text: &str) -> Option<i128> {
    const SECOND: i128 = 1_000_000_000;
    if let Ok(whole) = text.parse::<i64>() {
        return Some(i128::from(whole) * SECOND);
    }
    if let Ok(number) = text.parse::<f64>() {
        return number.is_finite().then_some((number * SECOND as f64) as i128);
    }
    let utc = |time: DateTime| TimeZone::UTC.to_timestamp(time).ok();
    let timestamp = text
        .parse::<Timestamp>()
        .ok()
        .or_else(|| utc(text.parse::<DateTime>().ok()?))
        .or_else(|| utc(text.parse::<Date>().ok()?.to_datetime(Time::midnight())));
    timestamp.map(Timestamp::as_nanosecond)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_write_a_time_has_its_place() {
        let ascending = [
            "-5",
            "0",
            "1.5",
            "2026-01-02",
            "2026-01-02 03:04",
            "2026-01-02T03:04:05",
            "2026-01-02T03:04:05.5Z",
            "2026-01-02T03:04:06+00:00",
            "2026-01-02T02:04:07-01:00",
            "2026-01-02 03:04:08Z",
            "1767323049",
        ];
        let places: Vec<i128> = ascending.iter().map(|text| nanoseconds(text).expect(text)).collect();
        assert!(places.is_sorted(), "{places:?}");
        for text in [
            "",
            "yesterday",
            "nan",
            "inf",
            "2026-13-01",
            "1e400",
            "abc123",
            "02.01.2026",
        ] {
            assert_eq!(nanoseconds(text), None, "{text}");
        }
    }
}
