//! What a file weighs on its way to the visitor.

use brotli::enc::BrotliEncoderParams;

/// Bytes of a file compressed as a good host would.
pub fn compressed(plain: &[u8]) -> usize {
    let mut compressed = Vec::new();
    let parameters = BrotliEncoderParams { quality: 11, ..Default::default() };
    brotli::BrotliCompress(&mut &*plain, &mut compressed, &parameters).expect("compression");
    compressed.len()
}
