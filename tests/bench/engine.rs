//! Speed of the engine on fixed tasks: `cargo xtask bench`.

use criterion::{Criterion, criterion_group, criterion_main};
use retailq::environment::puterman;
use retailq::model::Model;
use retailq::planner;

fn planner(criterion: &mut Criterion) {
    let shop = puterman::SCENARIO.instance(&[]).expect("the defaults are valid");
    let model = Model::compile(shop.as_ref(), &vec![1.0; shop.reward_parts().len()]);
    criterion.bench_function("planner, Puterman's shop to 1e-9", |bencher| bencher.iter(|| planner::solve(&model, 0.95, 1e-9)));
}

criterion_group!(benches, planner);
criterion_main!(benches);
