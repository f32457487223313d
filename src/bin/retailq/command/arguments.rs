//! The arguments of the command line.

pub const USAGE: &str = "usage: retailq solve [--compact] LINK|FILE|-
       retailq train [--seeds N] [--save FILE] [--compact] LINK|FILE|-
       retailq evaluate [--episodes N] [--compact] LINK|FILE|-
       retailq compare [--seeds N] [--compact] LINK|FILE|- LINK|FILE|-
       retailq list [--compact] [PRESET|SCENARIO]

  solve      the exact optimum at the start, the whole policy with labels, average reward
  train      runs the learner to the link's position, or to its planned episodes:
             fingerprint, exact value of the greedy policy, gap to the optimum, steps per second
  list       every scenario, or one: its presets, and its parameters with meaning, type, range, columns and default: all that a
             file can set; also its state factors and actions, by which `solve` tells states apart (the first 40 where all are listed)
  evaluate   the verdict: trains like train, then learner, baselines of the trade, random and short-sighted choice and the
             optimum, exactly and simulated on customers that training never saw, with 95 % intervals of the paired differences,
             and the states in which the learner is still wrong, by what that costs
  compare    two experiments over the planned episodes, pair by pair with the same seed: what differs, means at the end,
             paired 95 % intervals, states in which the greedy policies differ

  --seeds N     train, compare: repeat with the seeds S, S+1, ...; train gives the mean gap
  --episodes N  evaluate: episodes that each policy plays (1000)
  --save FILE   train: write the experiment with the trained network (of the last seed), from which a further run begins;
                a file that exists is overwritten
  --compact     JSON on one line

A LINK is the page's address or what follows its #; a FILE is an experiment file (see README); - reads either from standard input.";

/// Each command with its options.
const COMMANDS: [(&str, &[&str]); 5] = [
    ("solve", &["--compact"]),
    ("train", &["--seeds", "--save", "--compact"]),
    ("evaluate", &["--episodes", "--compact"]),
    ("compare", &["--seeds", "--compact"]),
    ("list", &["--compact"]),
];

pub struct Options {
    pub command: String,
    pub input: String,
    /// What it is compared with.
    pub other: Option<String>,
    pub seeds: u32,
    pub episodes: u32,
    pub save: Option<String>,
    pub compact: bool,
}

pub fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Options, String> {
    let (mut plain, mut given) = (Vec::new(), Vec::new());
    let (mut seeds, mut episodes, mut save, mut compact) = (1, 1000, None, false);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--seeds" => {
                let count = arguments.next().and_then(|text| text.parse().ok()).filter(|count| (1..=10_000).contains(count));
                seeds = count.ok_or("--seeds takes a whole number from 1 to 10000")?;
            }
            "--episodes" => {
                let count = arguments.next().and_then(|text| text.parse().ok()).filter(|count| (2..=10_000_000).contains(count));
                episodes = count.ok_or("--episodes takes a whole number from 2 to 10000000")?;
            }
            "--save" => save = Some(arguments.next().ok_or("--save takes the name of a file")?),
            "--compact" => compact = true,
            option if option.starts_with("--") => return Err(format!("unknown option {option}")),
            _ => {
                plain.push(argument);
                continue;
            }
        }
        given.push(argument);
    }
    if plain == ["list"] {
        plain.push(String::new());
    }
    let other = if plain.first().is_some_and(|command| command == "compare") && plain.len() == 3 { plain.pop() } else { None };
    let needed = "a command and one link or file are needed, two to compare";
    let [command, input] = <[String; 2]>::try_from(plain).map_err(|_| needed)?;
    let (_, options) = COMMANDS.iter().find(|(name, _)| *name == command).ok_or(needed)?;
    if (command == "compare") != other.is_some() {
        return Err(needed.to_owned());
    }
    match given.iter().find(|option| !options.contains(&option.as_str())) {
        Some(option) => Err(format!("{option} means nothing to {command}, whose options are {}", options.join(", "))),
        None => Ok(Options { command, input, other, seeds, episodes, save, compact }),
    }
}
