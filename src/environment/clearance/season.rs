//! The season in continuous time, solved in closed form: what the days of the clearance approach as they get shorter.
//!
//! Source: G. Gallego and G. van Ryzin, Management Science 40(8), 1994, section 2.3.

/// A selling season in continuous time: Poisson demand that falls exponentially with the price.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Season {
    /// Customers of the whole season at price zero.
    pub demand: f64,
    /// Rate at which a rising price turns customers away.
    pub sensitivity: f64,
}

impl Season {
    /// Customers of the season who buy at a price.
    pub fn customers(&self, price: f64) -> f64 {
        self.demand * libm::exp(-self.sensitivity * price)
    }

    /// J*(n, t): the largest expected revenue of `units` with a share `time` of the season left, ln Σ (demand × time / e)^i / i! / sensitivity.
    pub fn best_revenue(&self, units: u32, time: f64) -> f64 {
        let mean = self.demand * time / std::f64::consts::E;
        let (mut sum, mut term, mut scale) = (1.0, 1.0, 0.0);
        for i in 1..=units {
            term *= mean / f64::from(i);
            sum += term;
            // A large sum is carried as its logarithm, since it would leave the range of numbers.
            if sum > 1e200 {
                scale += libm::log(sum);
                term /= sum;
                sum = 1.0;
            }
        }
        (libm::log(sum) + scale) / self.sensitivity
    }

    /// p*(n, t): what the last unit is worth, and a markup of 1 / sensitivity.
    pub fn best_price(&self, units: u32, time: f64) -> f64 {
        self.best_revenue(units, time) - self.best_revenue(units.saturating_sub(1), time) + 1.0 / self.sensitivity
    }

    /// The price at which expected demand just clears the stock, or the most profitable price if stock is plenty.
    pub fn run_out_price(&self, units: u32, time: f64) -> f64 {
        libm::log(self.demand * time / f64::from(units)).max(1.0) / self.sensitivity
    }
}
