use std::io;

use icosian_diagnostics::nearest;
use icosian_rules::{
    ExplanationKind, Rule, RuleMetadata, Safety, explain, explanations, omitted_rules, rules,
};
use miette::MietteDiagnostic;

use crate::Exit;
use crate::screen::Screen;

/// Prints the page of a code or name: a rule, a custom rule, or an error of an execution or of the linter.
pub(crate) fn run(name: &str, custom: &[&'static dyn Rule], screen: &mut Screen<'_>) -> io::Result<Exit> {
    // `0201` is short for `ICO0201`.
    let is_number = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
    let wanted = if is_number { format!("ICO{name}") } else { name.to_owned() };
    let all_metadata = || rules().iter().chain(custom).map(|rule| rule.metadata());
    if let Some(metadata) = all_metadata().find(|metadata| is_called(&wanted, metadata.code, metadata.name)) {
        write_rule(metadata, screen)?;
    } else if let Some(page) = explain(&wanted) {
        let out = screen.out();
        let kind = match page.kind {
            ExplanationKind::ToolError => "Error of the linter",
            _ => "Error of an execution",
        };
        writeln!(out, "# {} {}\n\n{kind}: {}.\n", page.code, page.name, page.title)?;
        writeln!(out, "{}", page.text.trim_end())?;
    } else if let Some(rule) = omitted_rules().iter().find(|rule| is_called(&wanted, rule.code, rule.name)) {
        let (code, name, reason) = (rule.code, rule.name, rule.reason);
        writeln!(screen.out(), "# {code} {name}\n\nThis rule does not exist: {reason}.")?;
    } else {
        screen.draw(&unknown(name, &wanted, all_metadata()))?;
        return Ok(Exit::Failed);
    }
    Ok(Exit::Clean)
}

fn is_called(wanted: &str, code: &str, name: &str) -> bool {
    wanted.eq_ignore_ascii_case(code) || wanted.replace('_', "-") == name
}

fn write_rule(metadata: &RuleMetadata, screen: &mut Screen<'_>) -> io::Result<()> {
    let fix = match metadata.fix {
        None => "",
        Some(Safety::Safe) => ", `--fix` applies a fix",
        Some(Safety::Unsafe) => ", `--unsafe-fixes` applies a fix",
    };
    let out = screen.out();
    writeln!(out, "# {} {}\n", metadata.code, metadata.name)?;
    writeln!(out, "Level: {}; from stage: {}{fix}.\n", metadata.level, metadata.stage)?;
    write!(out, "{}", metadata.page())
}

/// Returns the error for a code or name that does not exist, with the most similar one as help.
fn unknown(
    name: &str,
    wanted: &str,
    all_metadata: impl Iterator<Item = &'static RuleMetadata>,
) -> MietteDiagnostic {
    let of_rules = all_metadata.map(|metadata| (metadata.code, metadata.name));
    let known: Vec<_> = of_rules.chain(explanations().map(|page| (page.code, page.name))).collect();
    let hyphenated = wanted.replace('_', "-");
    let names = || known.iter().map(|(_, name)| *name);
    let similar = if wanted.to_uppercase().starts_with("ICO") {
        nearest(&wanted.to_uppercase(), known.iter().map(|(code, _)| *code))
    } else {
        nearest(&hyphenated, names()).or_else(|| names().find(|known| known.contains(&hyphenated)))
    };
    let help = match similar {
        Some(similar) => format!("write `{similar}`"),
        None => "run `cargo icosian rules` to list all rules".to_owned(),
    };
    let error = MietteDiagnostic::new(format!("unknown rule or error `{name}`"));
    error.with_code("ICO1301 unknown-rule-name").with_help(help)
}

#[cfg(test)]
mod tests {
    use icosian_rules::{explanations, omitted_rules};

    use super::run;
    use crate::Exit;
    use crate::screen::Screen;

    fn explain(name: &str) -> (String, Exit) {
        let mut text = Vec::new();
        let exit = Screen::text(&mut text, 100).end(|screen| run(name, &[], screen));
        (String::from_utf8(text).unwrap(), exit)
    }

    #[test]
    fn every_code_and_name_is_explained() {
        let pages = explanations().map(|page| (page.code, page.name));
        for (code, name) in pages.chain(omitted_rules().iter().map(|it| (it.code, it.name))) {
            let digits = code.strip_prefix("ICO").unwrap();
            for called in [code, name, digits, &code.to_lowercase(), &name.replace('-', "_")] {
                let (text, exit) = explain(called);
                assert!(text.starts_with(&format!("# {code} {name}\n")), "{called}: {text}");
                assert_eq!(exit, Exit::Clean);
            }
        }
    }

    #[test]
    fn similar_code_or_name_is_suggested() {
        for (called, suggested) in [
            ("bussy-wait", "busy-wait"),
            ("blocking_inline", "blocking-node-inline"),
            ("node_faild", "node-failed"),
            ("ICOO902", "ICO0902"),
        ] {
            let (text, exit) = explain(called);
            assert!(text.contains(&format!("write `{suggested}`")), "{called}: {text}");
            assert_eq!(exit, Exit::Failed);
        }
        assert!(explain("99999").0.contains("cargo icosian rules"));
    }
}
