//! Hashes as the formats write them: SHA-256 in lower-case hexadecimal.

use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// Characters of a shortened hash: 64 bits. Ids and keys are to be told apart, not defended: the chance that any two of a
/// million are equal is one in thirty-seven million.
pub(super) const SHORT: usize = 16;

/// Bytes in lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The first [`SHORT`] characters of the SHA-256 of a value's canonical JSON: no white space, keys sorted at every level.
pub(super) fn short(mut value: Value) -> String {
    value.sort_all_objects();
    let mut text = hex(&Sha256::digest(value.to_string()));
    text.truncate(SHORT);
    text
}

/// Whether a text could be a shortened hash.
pub(super) fn is_short(text: &str) -> bool {
    text.len() == SHORT && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_order_of_keys_does_not_matter() {
        let one: Value = serde_json::from_str(r#"{"b":[{"y":1.0,"x":2}],"a":"c"}"#).expect("parses");
        assert_eq!(one, json!({"a": "c", "b": [{"x": 2, "y": 1.0}]}));
        // printf '{"a":"c","b":[{"x":2,"y":1.0}]}' | sha256sum
        assert_eq!(short(one), "b21c2f7fd1f7b772");
    }

    #[test]
    fn only_sixteen_hexadecimal_characters_are_a_short_hash() {
        assert!(is_short("0123456789abcdef"));
        for text in [
            "",
            "0123456789abcde",
            "0123456789ABCDEF",
            "../../../../etc/",
            "0123456789abcdef0",
        ] {
            assert!(!is_short(text), "{text}");
        }
    }
}
