//! One meaning, one colour, everywhere: from the colour-blind-safe palette of Okabe and Ito, darkened or lightened until text in it
//! reads against its background (contrast 4.5). The style sheet names the same values; a test compares them.

use plotters::style::RGBColor;

/// What a mark stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// What the learner knows: its returns, its greedy policy, exploiting.
    Learner,
    /// Acting at random to find out, and the rate of it.
    Explore,
    /// The exact optimum.
    Optimum,
    /// A policy of the trade.
    Baseline,
    /// Random choice, the zero of the scale.
    Random,
    /// What is set beside the learner: the same with other seeds, or with other settings.
    Beside,
    /// The learning rate.
    Alpha,
    /// The discount.
    Gamma,
    /// A reward part, by number of its colour.
    Part(usize),
}

impl Role {
    /// A reward part by its key: what means the same has the same colour in every scenario. Others go by their place.
    pub fn part(key: &str, index: usize) -> Self {
        Self::Part(match key {
            "right" => 0,
            "shortage" | "backlog" | "waiting" | "annoyance" | "wrong" => 1,
            "purchase" | "cost" => 2,
            "holding" | "warehouse" => 3,
            "ordering" | "contact" | "catalogue" | "questions" | "effort" => 4,
            "human" | "shop" | "extra" => 5,
            _ => index,
        })
    }
}

/// The colours of a theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette {
    /// Background.
    pub surface: RGBColor,
    /// Text and axes that matter.
    pub ink: RGBColor,
    /// Text that matters less.
    pub faint: RGBColor,
    /// Grid lines.
    pub grid: RGBColor,
    learner: RGBColor,
    explore: RGBColor,
    optimum: RGBColor,
    baseline: RGBColor,
    alpha: RGBColor,
    gamma: RGBColor,
    parts: [RGBColor; 6],
}

const fn rgb(hex: u32) -> RGBColor {
    RGBColor((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

impl Palette {
    /// For a light page.
    pub const LIGHT: Palette = Palette {
        surface: rgb(0xffffff),
        ink: rgb(0x1c2530),
        faint: rgb(0x5a6572),
        grid: rgb(0xe4e8ec),
        learner: rgb(0x0068a8),
        explore: rgb(0xb84a00),
        optimum: rgb(0x00775a),
        baseline: rgb(0x9c3f78),
        alpha: rgb(0x85600a),
        gamma: rgb(0x5a4fb0),
        parts: [rgb(0x1b8a7a), rgb(0xc9506a), rgb(0x8a7d12), rgb(0x6a5acd), rgb(0x8c5a3c), rgb(0x607080)],
    };
    /// For a dark page.
    pub const DARK: Palette = Palette {
        surface: rgb(0x171c22),
        ink: rgb(0xe6eaee),
        faint: rgb(0xa3adb8),
        grid: rgb(0x2c343d),
        learner: rgb(0x5cb8ee),
        explore: rgb(0xff9558),
        optimum: rgb(0x3ac79d),
        baseline: rgb(0xe58fc0),
        alpha: rgb(0xe6b043),
        gamma: rgb(0xa9a0f5),
        parts: [rgb(0x4cc4b3), rgb(0xf08a9c), rgb(0xcdbb4a), rgb(0xa99cff), rgb(0xd9a47e), rgb(0xa3b3c4)],
    };

    /// The colour of a meaning.
    pub fn color(&self, role: Role) -> RGBColor {
        match role {
            Role::Learner => self.learner,
            Role::Explore => self.explore,
            Role::Optimum => self.optimum,
            Role::Baseline => self.baseline,
            Role::Random => self.faint,
            Role::Beside => self.ink,
            Role::Alpha => self.alpha,
            Role::Gamma => self.gamma,
            Role::Part(index) => self.parts[index % self.parts.len()],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luminance(RGBColor(r, g, b): RGBColor) -> f64 {
        let linear = |channel: u8| {
            let x = f64::from(channel) / 255.0;
            if x <= 0.04045 { x / 12.92 } else { libm::pow((x + 0.055) / 1.055, 2.4) }
        };
        0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
    }

    fn contrast(a: RGBColor, b: RGBColor) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn text_reads_and_marks_are_seen() {
        for palette in [Palette::LIGHT, Palette::DARK] {
            let roles = [Role::Learner, Role::Explore, Role::Optimum, Role::Baseline, Role::Random, Role::Alpha, Role::Gamma];
            for role in roles {
                assert!(contrast(palette.color(role), palette.surface) >= 4.5, "{role:?}");
            }
            assert!(contrast(palette.ink, palette.surface) >= 7.0);
            for part in 0..6 {
                assert!(contrast(palette.color(Role::Part(part)), palette.surface) >= 3.0, "part {part}");
            }
        }
    }
}
