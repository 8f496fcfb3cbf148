//! `-A`, `-W` and `-D`, in the order in which they are given.

use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};
use icosian_lint::Settings;
use icosian_rules::Level;

/// The levels of rules on the command line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Levels(Vec<(String, Level)>);

const OPTIONS: [(&str, char, Level, &str); 3] = [
    ("allow", 'A', Level::Allow, "Hide the findings of this rule"),
    ("warn", 'W', Level::Warn, "Report the findings of this rule as warnings"),
    ("deny", 'D', Level::Deny, "Report the findings of this rule as errors"),
];

impl Levels {
    /// Adds the levels to `settings`. A level of one rule overrides a level of `all`; the last level of a rule wins.
    pub(crate) fn put_into(&self, mut settings: Settings) -> Settings {
        let (of_all, of_one): (Vec<_>, Vec<_>) = self.0.iter().partition(|(name, _)| name == "all");
        for (name, level) in of_all.into_iter().chain(of_one) {
            settings = settings.with_level(name, *level);
        }
        settings
    }
}

impl Args for Levels {
    fn augment_args(command: Command) -> Command {
        command.args(OPTIONS.map(|(name, short, _, help)| {
            let arg = Arg::new(name).short(short).long(name).value_name("RULE").action(ArgAction::Append);
            arg.help(if name == "allow" {
                format!("{help}; `all` means all rules and has the lowest priority. The last `-A`, `-W` or `-D` of a rule wins")
            } else {
                help.to_owned()
            })
        }))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Levels {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut said = Vec::new();
        for (name, _, level, _) in OPTIONS {
            let rules = matches.get_many::<String>(name).into_iter().flatten();
            let places = matches.indices_of(name).into_iter().flatten();
            said.extend(places.zip(rules).map(|(place, rule)| (place, rule.clone(), level)));
        }
        said.sort_by_key(|(place, ..)| *place);
        Ok(Self(said.into_iter().map(|(_, rule, level)| (rule, level)).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
