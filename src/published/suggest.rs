//! Ids that a mistyped one may have meant.

/// At most this many suggestions.
const SHOWN: usize = 5;

/// The candidates nearest to `wanted`: those that contain it, then those a few keystrokes away, short ones first; at
/// most five.
#[must_use]
pub fn suggest<'a>(wanted: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted = wanted.to_lowercase();
    let reach = 1 + wanted.chars().count() / 4;
    let mut near: Vec<_> = candidates
        .into_iter()
        .filter_map(|id| {
            let contained = !wanted.is_empty() && id.to_lowercase().contains(&wanted);
            let distance = if contained { 0 } else { edit_distance(&wanted, id) };
            (distance <= reach).then_some((distance, id.len(), id))
        })
        .collect();
    near.sort_unstable();
    near.into_iter().take(SHOWN).map(|(_, _, id)| id).collect()
}

/// Levenshtein's distance: insertions, deletions and substitutions of one character each (Wagner and Fischer 1974).
fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        assert_eq!(edit_distance("kitten", "sitting"), 3);
        assert_eq!(edit_distance("", "ab"), 2);
    }

    #[test]
    fn a_part_of_an_id_comes_before_a_slip_of_the_finger() {
        let ids = ["nvidia-h20-96gb", "nvidia-h20-141gb", "nvidia-h200-sxm", "apple-m1"];
        assert_eq!(suggest("H20-", ids), ["nvidia-h20-96gb", "nvidia-h20-141gb"]);
        assert_eq!(suggest("aple-m1", ids), ["apple-m1"]);
        assert!(suggest("zzzzzzzz", ids).is_empty());
    }
}
