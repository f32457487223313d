//! Bytes as letters, six bits a letter, without padding (base64, RFC 4648).

/// The 64 letters of an alphabet, in their order.
pub type Alphabet = [u8; 64];

/// The standard alphabet.
pub const STANDARD: &Alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/// The alphabet that addresses keep as it is.
pub const ADDRESS: &Alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Writes bytes as letters.
pub fn encode(bytes: &[u8], alphabet: &Alphabet) -> String {
    let mut text = String::with_capacity((bytes.len() * 4).div_ceil(3));
    for group in bytes.chunks(3) {
        let bits = (0..3).fold(0, |bits, place| bits << 8 | u32::from(group.get(place).copied().unwrap_or(0)));
        text.extend((0..=group.len()).map(|place| char::from(alphabet[(bits >> (18 - 6 * place) & 63) as usize])));
    }
    text
}

/// Reads what [`encode`] wrote; `None` where a letter is not of the alphabet.
pub fn decode(text: &str, alphabet: &Alphabet) -> Option<Vec<u8>> {
    let value = |letter: u8| alphabet.iter().position(|known| *known == letter).map(|value| value as u32);
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    for group in text.as_bytes().chunks(4) {
        let bits = group.iter().try_fold(0, |bits, letter| Some(bits << 6 | value(*letter)?))? << (6 * (4 - group.len()));
        bytes.extend_from_slice(&bits.to_be_bytes()[1..group.len()]);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_those_of_the_standard() {
        // RFC 4648, section 10.
        for (plain, text) in [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE")] {
            assert_eq!(encode(plain.as_bytes(), STANDARD), text);
            assert_eq!(decode(text, ADDRESS).as_deref(), Some(plain.as_bytes()));
        }
        assert_eq!((encode(&[251, 255], STANDARD), encode(&[251, 255], ADDRESS)), ("+/8".to_owned(), "-_8".to_owned()));
        for text in ["Zg==", "Zm9*", "Zm9v\n", "+/8"] {
            assert_eq!(decode(text, ADDRESS), None, "{text}");
        }
    }
}
