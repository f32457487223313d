//! Tables to take away: the worker writes them part by part, and the page only hands the parts on.

use std::rc::Rc;

use leptos::prelude::*;

use super::driver::Driver;
use super::store::Store;
use retailq::export::{Part, Sheet};
use retailq::protocol::Command;

/// Rows of a part: few enough that no part is felt.
const ROWS: u32 = 1000;

/// A table that is wanted, and who takes its parts; `None` says that there will be no more.
pub struct Wish {
    sheet: Sheet,
    rows: u32,
    begun: bool,
    deliver: Rc<dyn Fn(Option<Part>)>,
}

impl Store {
    /// Asks for a table of the run as it is now. Whatever other table was wanted is given up.
    pub fn want_sheet(self, sheet: Sheet, rows: Option<u32>, deliver: impl Fn(Option<Part>) + 'static) {
        self.drop_sheet();
        let wish = Wish { sheet, rows: rows.unwrap_or(ROWS), begun: false, deliver: Rc::new(deliver) };
        self.driver.update_value(|driver| driver.sheet = Some(wish));
        self.pump();
    }

    /// Gives up the table that is wanted, and says so to whoever wanted it.
    pub fn drop_sheet(self) {
        let wish = self.driver.try_update_value(|driver| driver.sheet.take()).flatten();
        if let Some(wish) = wish {
            (wish.deliver)(None);
        }
    }

    /// The next part to ask for; while the run goes on, every other command.
    pub(super) fn sheet_command(self, driver: &mut Driver) -> Option<Command> {
        let was_asked = std::mem::take(&mut driver.sheet_asked);
        let wish = driver.sheet.as_mut().filter(|_| !was_asked || self.heading.with_untracked(Option::is_none))?;
        driver.sheet_asked = true;
        let begin = !std::mem::replace(&mut wish.begun, true);
        Some(Command::Sheet { sheet: wish.sheet, language: self.language.get_untracked(), begin, rows: wish.rows })
    }

    /// Hands a part to whoever wants it, unless it belongs to a table given up meanwhile.
    pub(super) fn take_part(self, part: Part) {
        let deliver = self.driver.try_update_value(|driver| {
            let deliver = driver.sheet.as_ref().filter(|wish| wish.begun).map(|wish| Rc::clone(&wish.deliver));
            if deliver.is_some() && part.last {
                driver.sheet = None;
            }
            deliver
        });
        if let Some(Some(deliver)) = deliver {
            deliver(Some(part));
        }
    }
}
