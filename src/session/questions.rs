//! Questions about a run that take time: answered a part at a call, they never move it.

use std::rc::Rc;

use super::Running;
use crate::export::{Export, Sheet};
use crate::mdp::{Action, State};
use crate::protocol::{Event, Reply};
use crate::rollout::{Player, Rollout};
use crate::story::Story;
use crate::verdict::Verdict;
use crate::words::Language;

impl Running {
    /// The verdict on the learner as it is when the question is put.
    pub(super) fn verdict(&mut self, begin: bool, episodes: u32, budget: u32) -> Event {
        if begin {
            self.verdict = Some(Verdict::new(Rc::clone(&self.setup), Rc::clone(&self.yardstick), self.trainer.greedy()));
        }
        let report = self.verdict.as_mut().map(|verdict| {
            verdict.advance(&mut self.baselines, episodes, u64::from(budget));
            Box::new(verdict.report(episodes))
        });
        Event::Verdict(report)
    }

    /// An episode as the learner plays it where the run stands, and as another does.
    pub(super) fn rollouts(&mut self, rival: Player, episode: u32) -> Event {
        let (setup, yardstick, trainer, baselines) = (&self.setup, &self.yardstick, &self.trainer, &mut self.baselines);
        let mut rollout = |player: Player| {
            let policy = player.policy(|| trainer.greedy(), setup, yardstick, baselines)?;
            Some(Rollout::new(setup, yardstick, player, &policy, episode))
        };
        Event::Rollouts(rollout(Player::Learner).zip(rollout(rival)).map(|(learner, rival)| Box::new([learner, rival])))
    }

    /// The updates of a pair up to where the run stands when the question is put.
    pub(super) fn story(&mut self, begin: bool, state: u32, action: u32, budget: u32) -> Event {
        if begin {
            let model = &self.setup.model;
            let state = State(state);
            let slot = (state.0 < model.states()).then(|| model.slot(state, Action(action))).flatten();
            self.story = slot.map(|slot| Story::new(&self.trainer, &self.checkpoints, state, slot));
        }
        let report = self.story.as_mut().map(|story| {
            story.advance(u64::from(budget));
            Box::new(story.report())
        });
        if report.as_ref().is_some_and(|report| report.done) {
            // It holds copies of the learner.
            self.story = None;
        }
        Event::Story(report)
    }

    /// The next rows of a table to take away, as the run was when the table was begun.
    pub(super) fn sheet(&mut self, sheet: Sheet, language: Language, begin: bool, rows: u32) -> Event {
        if begin {
            let earlier = |position| self.checkpoints.latest(|trainer| trainer.position() <= position);
            self.export = Some(Export::new(Rc::clone(&self.setup), &self.trainer, earlier, sheet, language));
        }
        let part = self.export.as_mut().map(|export| export.part(rows));
        if part.as_ref().is_none_or(|part| part.last) {
            self.export = None;
        }
        part.map_or(Event::NothingLoaded, Event::Sheet)
    }

    /// The values of single states.
    pub(super) fn rows(&self, states: &[u32]) -> Reply {
        let states: Vec<u32> = states.iter().copied().filter(|state| *state < self.setup.model.states()).collect();
        let ranges: Vec<_> = states.iter().map(|state| *state..state + 1).collect();
        Reply { numbers: self.action_values(&ranges).numbers(), event: Event::Rows { states } }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Session;
    use super::super::tests::{go, loaded};
    use crate::protocol::{Command, Event, Goal};
    use crate::rollout::Player;

    #[test]
    fn questions_about_a_run_leave_it_as_it_is() {
        let (mut asked, mut left_alone) = (loaded("1&p=puterman"), loaded("1&p=puterman"));
        let before = go(&mut asked, Goal::Steps(12_345.0), 1000);
        let verdict = |session: &mut Session, begin| match session.handle(&Command::Verdict { begin, episodes: 50, budget: 900 }).event {
            Event::Verdict(report) => *report.unwrap(),
            other => panic!("{other:?}"),
        };
        let mut report = verdict(&mut asked, true);
        // The run goes on meanwhile, the verdict is on the learner as it was.
        go(&mut asked, Goal::Steps(20_000.0), 1000);
        while !report.is_done() {
            report = verdict(&mut asked, false);
        }
        assert_eq!(go(&mut asked, Goal::Steps(12_345.0), 1000), before);
        let mut alone = (go(&mut left_alone, Goal::Steps(12_345.0), 1000), verdict(&mut left_alone, true)).1;
        while !alone.is_done() {
            alone = verdict(&mut left_alone, false);
        }
        assert_eq!(report, alone);
        let mut begin = true;
        let told = loop {
            let event = asked.handle(&Command::Story { begin, state: 0, action: 3, budget: 1000 }).event;
            let Event::Story(Some(story)) = event else { panic!("{event:?}") };
            begin = false;
            if story.done {
                break story;
            }
        };
        assert_eq!((told.position, told.last.len()), (before.position, crate::story::LAST));
        assert_eq!(go(&mut asked, Goal::Steps(12_345.0), 1000), before);
        let unavailable = Command::Story { begin: true, state: 3, action: 3, budget: 1 };
        assert_eq!(asked.handle(&unavailable).event, Event::Story(None));
    }

    #[test]
    fn the_learner_at_work_is_the_learner_as_it_stands() {
        let mut session = loaded("1&p=puterman");
        let rollouts = |session: &mut Session, rival| match session.handle(&Command::Rollouts { rival, episode: 2 }).event {
            Event::Rollouts(rollouts) => rollouts.map(|rollouts| *rollouts),
            other => panic!("{other:?}"),
        };
        let untrained = rollouts(&mut session, Player::Optimum).unwrap();
        let before = go(&mut session, Goal::Steps(1_000_000.0), 100_000);
        let [learner, optimum] = rollouts(&mut session, Player::Optimum).unwrap();
        assert_eq!((learner.player, optimum.player), (Player::Learner, Player::Optimum));
        assert_eq!(learner.steps, optimum.steps);
        assert_ne!(untrained[0].steps, learner.steps);
        assert_eq!(rollouts(&mut session, Player::Baseline(99)), None);
        assert_eq!(go(&mut session, Goal::Steps(1_000_000.0), 100_000), before);
    }

    #[test]
    fn single_rows_are_those_of_the_table() {
        let mut session = loaded("1&p=puterman");
        go(&mut session, Goal::Steps(500.0), 1000);
        let table = session.handle(&Command::Table { first: 0, count: 4 }).numbers;
        let rows = session.handle(&Command::Rows { states: vec![3, 1, 99] });
        assert_eq!(rows.event, Event::Rows { states: vec![3, 1] });
        for (part, numbers) in rows.numbers.chunks(8).zip(table.chunks(16)) {
            assert_eq!((&part[..4], &part[4..]), (&numbers[12..], &numbers[4..8]));
        }
    }
}
