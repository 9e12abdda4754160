//! Merging collections of sessions is a union by id. This is the rule where both have the same id.

/// How two journals of one session stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// The same whole lines: either may go.
    Same,
    /// The second goes on where the first ends: the second stays.
    FirstIsPrefix,
    /// The first goes on where the second ends: the first stays.
    SecondIsPrefix,
    /// They went different ways: both stay, and the conflict is reported.
    Conflict,
}

/// Compares the bytes of two journals with the same id. Only whole lines count: a torn last line says nothing, and is cut
/// off when its session is taken up again.
#[must_use]
pub fn merge_relation(a: &[u8], b: &[u8]) -> Relation {
    let (a, b) = (whole_lines(a), whole_lines(b));
    match (b.starts_with(a), a.starts_with(b)) {
        (true, true) => Relation::Same,
        (true, false) => Relation::FirstIsPrefix,
        (false, true) => Relation::SecondIsPrefix,
        (false, false) => Relation::Conflict,
    }
}

/// The bytes up to the last line feed.
pub(super) fn whole_lines(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
    &bytes[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_longer_journal_takes_the_place_of_its_beginning() {
        assert_eq!(merge_relation(b"a\nb\n", b"a\nb\n"), Relation::Same);
        assert_eq!(merge_relation(b"a\nb\n", b"a\nb\nc"), Relation::Same);
        assert_eq!(merge_relation(b"a\n", b"a\nb\n"), Relation::FirstIsPrefix);
        assert_eq!(merge_relation(b"a\nb\n", b"a\nbut torn"), Relation::SecondIsPrefix);
        assert_eq!(merge_relation(b"a\nb\n", b"a\nc\n"), Relation::Conflict);
        assert_eq!(merge_relation(b"", b"a\n"), Relation::FirstIsPrefix);
    }
}
