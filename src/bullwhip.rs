//! How much more orders swing than sales: the bullwhip effect of forecasting demand by a moving average.
//!
//! F. Chen, Z. Drezner, J. K. Ryan and D. Simchi-Levi, *Quantifying the bullwhip effect in a simple supply chain*, Management Science
//! 46(3), 2000: a shop that orders up to its forecast of lead-time demand, the forecast being the mean of the last `window` periods.

use crate::random::Stream;

/// Variance of orders over variance of independent demand: `1 + 2L/p + 2L²/p²`.
pub fn variance_ratio(lead_time: u32, window: u32) -> f64 {
    let share = f64::from(lead_time) / f64::from(window);
    1.0 + 2.0 * share + 2.0 * share * share
}

/// The same ratio measured over some simulated periods of uniform demand. Orders may be negative: the closed form takes returns as free.
pub fn simulated_ratio(lead_time: u32, window: u32, periods: u32, stream: &mut Stream) -> f64 {
    let window = window.max(1);
    let mut recent: Vec<f64> = (0..window).map(|_| stream.uniform()).collect();
    let mut sum: f64 = recent.iter().sum();
    let order_up_to = |sum: f64| f64::from(lead_time) * sum / f64::from(window);
    let (mut orders, mut demands) = (Moments::default(), Moments::default());
    for period in 0..periods {
        let demand = stream.uniform();
        let oldest = &mut recent[(period % window) as usize];
        let next = sum + demand - *oldest;
        orders.add(order_up_to(next) - order_up_to(sum) + demand);
        demands.add(demand);
        *oldest = demand;
        sum = next;
    }
    orders.variance() / demands.variance()
}

#[derive(Default)]
struct Moments {
    count: f64,
    sum: f64,
    squares: f64,
}

impl Moments {
    fn add(&mut self, x: f64) {
        self.count += 1.0;
        self.sum += x;
        self.squares += x * x;
    }

    fn variance(&self) -> f64 {
        let mean = self.sum / self.count;
        self.squares / self.count - mean * mean
    }
}
