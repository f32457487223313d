//! The logit duopoly: how two firms with differentiated products share a market, and the prices theory expects.
//!
//! Prices of the one-shot game are solved numerically from the parameters, so that they stay right when a visitor changes these.
//! Source: E. Calvano, G. Calzolari, V. Denicolò and S. Pastorello, American Economic Review 110(10), 2020, section II.

/// A market of two equal firms and an outside option.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Logit {
    /// What a product is worth to customers.
    pub quality: f64,
    /// Marginal cost.
    pub cost: f64,
    /// What customers get who buy from neither.
    pub outside: f64,
    /// How different the products are: small values make customers chase the lower price.
    pub differentiation: f64,
}

impl Logit {
    /// Share of customers who buy at `own` price while the other firm asks `rival`.
    pub fn share(&self, own: f64, rival: f64) -> f64 {
        let (mu, outside) = (self.differentiation, self.outside - self.quality + own);
        1.0 / (1.0 + libm::exp((own - rival) / mu) + libm::exp(outside / mu))
    }

    /// Profit a customer in the market.
    pub fn profit(&self, own: f64, rival: f64) -> f64 {
        (own - self.cost) * self.share(own, rival)
    }

    /// The price of Bertrand and Nash, at which neither firm gains from changing its own: 1 = (p − cost)(1 − share) / µ.
    pub fn nash_price(&self) -> f64 {
        self.solve(|share| 1.0 - share)
    }

    /// The price that a single owner of both firms would set: 1 = (p − cost)(1 − 2 share) / µ.
    pub fn monopoly_price(&self) -> f64 {
        self.solve(|share| 1.0 - 2.0 * share)
    }

    /// The common price at which (p − cost) × `left(share)` = µ, by bisection; the left-hand side rises with the price.
    fn solve(&self, left: impl Fn(f64) -> f64) -> f64 {
        let mu = self.differentiation;
        // Far above what customers will pay almost nobody buys, and the margin alone exceeds µ.
        let (mut low, mut high) = (self.cost, self.cost.max(self.quality - self.outside) + 40.0 * mu);
        loop {
            let middle = low + (high - low) / 2.0;
            if middle <= low || middle >= high {
                return low;
            }
            if (middle - self.cost) * left(self.share(middle, middle)) < mu {
                low = middle;
            } else {
                high = middle;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calvanos_prices_and_identities() {
        let market = Logit { quality: 2.0, cost: 1.0, outside: 0.0, differentiation: 0.25 };
        let (nash, monopoly) = (market.nash_price(), market.monopoly_price());
        assert!((nash - 1.47292666).abs() < 1e-8 && (monopoly - 1.92498092).abs() < 1e-8, "{nash} {monopoly}");
        assert!((market.profit(nash, nash) - (nash - 1.0 - 0.25)).abs() < 1e-12);
        assert!((market.profit(monopoly, monopoly) - (monopoly - 1.0 - 0.25) / 2.0).abs() < 1e-12);
    }

    #[test]
    fn prices_are_finite_and_ordered_for_every_market() {
        for quality in [-100.0, 0.0, 100.0] {
            for differentiation in [0.01, 1.0, 10.0] {
                let market = Logit { quality, cost: 3.0, outside: -50.0, differentiation };
                let (nash, monopoly) = (market.nash_price(), market.monopoly_price());
                assert!(nash.is_finite() && nash > 3.0 && monopoly >= nash, "{market:?}: {nash} {monopoly}");
                assert!(market.share(nash, monopoly).is_finite());
            }
        }
    }
}
