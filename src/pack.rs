//! Long texts made short for links: packed in whole numbers, the same on every machine, and written in letters that links keep.
//!
//! Every bit is predicted from several contexts: the bytes just before it, and what a table held in the same column. A logistic mixer
//! weighs the predictions by how right they were so far, and an arithmetic coder writes the bit. After M. Mahoney's lpaq1 (2007), with the
//! contexts that tables need; ten times shorter than the text is usual. A check sum tells a damaged text from a whole one.

use xxhash_rust::xxh64::xxh64;

use crate::base64::{ADDRESS, decode, encode};

/// Packs a text into letters, digits, `-` and `_`.
pub fn pack(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.len();
    while rest >= 0x80 {
        bytes.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    bytes.push(rest as u8);
    bytes.extend(check_sum(text.as_bytes()));
    let mut coder = Encoder { low: 0, high: u32::MAX, bytes };
    let mut model = Predictor::new();
    for byte in text.bytes() {
        for place in (0..8).rev() {
            let bit = u32::from(byte >> place & 1);
            coder.write(bit, model.probability());
            model.learn(bit);
        }
    }
    coder.bytes.extend(coder.low.wrapping_add(1 << 24).to_be_bytes().first());
    encode(&coder.bytes, ADDRESS)
}

/// Unpacks what [`pack`] made, if it is whole and no longer than `most` bytes.
pub fn unpack(packed: &str, most: usize) -> Option<String> {
    let bytes = decode(packed, ADDRESS)?;
    let mut length = 0;
    let size = bytes.iter().take(4).position(|byte| byte & 0x80 == 0)? + 1;
    for (place, byte) in bytes[..size].iter().enumerate() {
        length |= usize::from(byte & 0x7f) << (7 * place);
    }
    let (sum, coded) = bytes[size..].split_at_checked(SUM_BYTES)?;
    if length > most {
        return None;
    }
    let mut coder = Decoder::new(coded);
    let mut model = Predictor::new();
    let mut text = Vec::new();
    // A cut text reads as noise once its bytes are used up; there is no point in going on.
    while text.len() < length && coder.beyond <= 4 {
        let byte = (0..8).fold(0, |byte: u32, _| {
            let bit = coder.read(model.probability());
            model.learn(bit);
            byte << 1 | bit
        });
        text.push(byte as u8);
    }
    (text.len() == length && check_sum(&text) == sum).then(|| String::from_utf8(text).ok()).flatten()
}

const SUM_BYTES: usize = 3;

fn check_sum(bytes: &[u8]) -> [u8; SUM_BYTES] {
    let [a, b, c, ..] = xxh64(bytes, 0).to_be_bytes();
    [a, b, c]
}

struct Encoder {
    low: u32,
    high: u32,
    bytes: Vec<u8>,
}

/// Where the interval is cut for a probability of 1, in 4096ths.
fn cut(low: u32, high: u32, probability: i32) -> u32 {
    low + ((u64::from(high - low) * probability as u64) >> 12) as u32
}

impl Encoder {
    fn write(&mut self, bit: u32, probability: i32) {
        let middle = cut(self.low, self.high, probability);
        if bit == 1 {
            self.high = middle
        } else {
            self.low = middle + 1
        }
        while (self.low ^ self.high) >> 24 == 0 {
            self.bytes.push((self.high >> 24) as u8);
            (self.low, self.high) = (self.low << 8, self.high << 8 | 0xff);
        }
    }
}

struct Decoder<'a> {
    low: u32,
    high: u32,
    code: u32,
    rest: std::slice::Iter<'a, u8>,
    /// Bytes read past the end.
    beyond: u32,
}

impl<'a> Decoder<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        let mut decoder = Self { low: 0, high: u32::MAX, code: 0, rest: bytes.iter(), beyond: 0 };
        (0..4).for_each(|_| decoder.code = decoder.code << 8 | decoder.next());
        decoder
    }

    fn next(&mut self) -> u32 {
        let byte = self.rest.next();
        self.beyond += u32::from(byte.is_none());
        byte.map_or(0, |byte| u32::from(*byte))
    }

    fn read(&mut self, probability: i32) -> u32 {
        let middle = cut(self.low, self.high, probability);
        let bit = u32::from(self.code <= middle);
        if bit == 1 {
            self.high = middle
        } else {
            self.low = middle + 1
        }
        while (self.low ^ self.high) >> 24 == 0 {
            (self.low, self.high) = (self.low << 8, self.high << 8 | 0xff);
            self.code = self.code << 8 | self.next();
        }
        bit
    }
}

const CONTEXTS: usize = 7;
/// Logarithm of the number of slots that all contexts share.
const SLOT_BITS: u32 = 18;
/// Observations after which a slot weighs old and new evenly.
const MOST_SEEN: u16 = 30;
/// A byte that separates cells, and one that separates rows.
const CELL: u8 = b',';
const ROW: u8 = b';';

/// What a context has seen: probability of a 1 in 65536ths, and how often it was asked.
#[derive(Clone, Copy)]
struct Slot {
    probability: u16,
    seen: u16,
}

struct Predictor {
    slots: Vec<Slot>,
    /// Weights of the contexts in 65536ths, by how many of them know anything.
    weights: [[i32; CONTEXTS]; CONTEXTS + 1],
    /// Hashes of the contexts of the current byte.
    hashes: [u32; CONTEXTS],
    /// Slots, inputs and mixed prediction of the current bit.
    used: [usize; CONTEXTS],
    inputs: [i32; CONTEXTS],
    known: usize,
    mixed: i32,
    /// Bits of the current byte after a leading 1.
    partial: u32,
    /// The last eight bytes.
    history: u64,
    column: u32,
    /// Hashes of the current cell so far and of the one before it.
    cell: u32,
    before: u32,
    logit: Vec<i16>,
}

/// Inverse logit in 4096ths of `x` / 256.
fn logistic(x: i32) -> i32 {
    const KNOTS: [i32; 33] = [
        1, 2, 3, 6, 10, 16, 27, 45, 73, 120, 194, 310, 488, 747, 1101, 1546, 2047, 2549, 2994, 3348, 3607, 3785, 3901, 3975, 4022, 4050,
        4068, 4079, 4085, 4089, 4092, 4093, 4094,
    ];
    let x = x.clamp(-2047, 2047);
    let (knot, share) = (((x >> 7) + 16) as usize, x & 127);
    (KNOTS[knot] * (128 - share) + KNOTS[knot + 1] * share + 64) >> 7
}

fn hash(seed: u32, value: u32) -> u32 {
    (seed ^ value).wrapping_mul(0x9E37_79B1).rotate_left(13).wrapping_add(seed)
}

impl Predictor {
    fn new() -> Self {
        let mut logit = Vec::with_capacity(4096);
        for x in -2047..=2047 {
            logit.resize(logistic(x) as usize + 1, x as i16);
        }
        logit.resize(4096, 2047);
        let mut predictor = Self {
            slots: vec![Slot { probability: 1 << 15, seen: 0 }; 1 << SLOT_BITS],
            weights: [[(1 << 16) * 2 / 5; CONTEXTS]; CONTEXTS + 1],
            hashes: [0; CONTEXTS],
            used: [0; CONTEXTS],
            inputs: [0; CONTEXTS],
            known: 0,
            mixed: 2048,
            partial: 1,
            history: 0,
            column: 0,
            cell: 0,
            before: 0,
            logit,
        };
        predictor.begin_byte();
        predictor.predict();
        predictor
    }

    /// Probability of a 1 as the next bit, in 4096ths.
    fn probability(&self) -> i32 {
        self.mixed
    }

    fn begin_byte(&mut self) {
        let last = |bytes: u32| {
            let text = self.history & ((1 << (8 * bytes)) - 1);
            hash(hash(bytes, text as u32), (text >> 32) as u32)
        };
        self.hashes =
            [last(1), last(2), last(3), last(4), last(6), hash(hash(101, self.column), self.cell), hash(hash(102, self.before), self.cell)];
    }

    fn predict(&mut self) {
        self.known = 0;
        let mut sum = 0i64;
        for (context, hashed) in self.hashes.iter().enumerate() {
            let slot = (hash(*hashed, self.partial.wrapping_mul(0x85EB_CA6B)) >> (32 - SLOT_BITS)) as usize;
            self.used[context] = slot;
            self.inputs[context] = i32::from(self.logit[usize::from(self.slots[slot].probability >> 4)]);
            self.known += usize::from(self.slots[slot].seen > 0);
        }
        for (weight, input) in self.weights[self.known].iter().zip(self.inputs) {
            sum += i64::from(*weight) * i64::from(input);
        }
        self.mixed = logistic((sum >> 16).clamp(-2047, 2047) as i32).clamp(1, 4095);
    }

    fn learn(&mut self, bit: u32) {
        let error = ((bit as i32) * 4096 - self.mixed) * 20;
        for (weight, input) in self.weights[self.known].iter_mut().zip(self.inputs) {
            *weight = weight.saturating_add((input * error + 0x8000) >> 16);
        }
        for slot in self.used {
            let slot = &mut self.slots[slot];
            let change = (bit as i32) * 65535 - i32::from(slot.probability);
            slot.probability = (i32::from(slot.probability) + change * 2 / (2 * i32::from(slot.seen) + 3)) as u16;
            slot.seen = (slot.seen + 1).min(MOST_SEEN);
        }
        self.partial = self.partial << 1 | bit;
        if self.partial >= 0x100 {
            self.end_byte(self.partial as u8);
            self.partial = 1;
        }
        self.predict();
    }

    fn end_byte(&mut self, byte: u8) {
        self.history = self.history << 8 | u64::from(byte);
        match byte {
            CELL => (self.column, self.before, self.cell) = (self.column + 1, self.cell, 0),
            ROW => (self.column, self.before, self.cell) = (0, self.cell, 0),
            other => self.cell = hash(self.cell, u32::from(other) + 1),
        }
        self.begin_byte();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "cart filled|已加购,leave alone|不打扰,.45,bought|已购买,30;cart filled|已加购,leave alone|不打扰,.4,cart left|弃购,0;\
        cart filled|已加购,coupon|优惠券,.75,bought|已购买,20;cart filled|已加购,coupon|优惠券,.15,cart left|弃购,0";

    #[test]
    fn what_is_packed_unpacks() {
        let long: String = (0..2000).map(|row| format!("s{},go {},{},s{},-{row};", row % 70, row % 7, row * 37 % 11, row % 13)).collect();
        for text in ["", "a", ";", "茶", TABLE, &long] {
            let packed = pack(text);
            assert!(packed.bytes().all(|letter| ADDRESS.contains(&letter)));
            assert_eq!(unpack(&packed, text.len()).as_deref(), Some(text), "{text}");
        }
    }

    #[test]
    fn the_format_stays_as_it_is() {
        // Links once given out must open for ever: this text may be read by nothing newer only if it reads the same.
        assert_eq!(pack("low,order,.8,high,-5;low,order,.2,low,-1;high"), "Lbl65JQkFWI6ohqYRtHiOGnHkj_ussFCBiVmsI_eCSYyNQ");
    }

    #[test]
    fn tables_become_short() {
        let percent = 100 * pack(TABLE).len() / TABLE.len();
        assert!(percent < 60, "{percent} %");
        let regular: String =
            (0..300).map(|row| format!("stock {},order {},.25,stock {},-{};", row % 30, row % 7, row % 13, row % 9)).collect();
        let percent = 100 * pack(&regular).len() / regular.len();
        assert!(percent < 15, "{percent} %");
    }

    #[test]
    fn what_is_damaged_is_noticed() {
        let packed = pack(TABLE);
        for end in 0..packed.len() {
            assert_eq!(unpack(&packed[..end], 1000), None, "{end}");
        }
        for place in 0..packed.len() - 1 {
            let mut other = packed.clone().into_bytes();
            other[place] = if other[place] == b'A' { b'B' } else { b'A' };
            assert_eq!(unpack(&String::from_utf8(other).unwrap(), 1000), None, "{place}");
        }
        assert_eq!(unpack(&packed, TABLE.len() - 1), None);
        assert_eq!(unpack("_____________", 1000), None);
        assert_eq!(unpack("a+b", 1000), None);
    }
}
