//! Holds nothing but the benchmarks beside it: as a package of its own, it keeps criterion out of a plain `cargo test`.
