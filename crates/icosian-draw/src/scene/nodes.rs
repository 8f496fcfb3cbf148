use icosian_schema::graph::{Execution, GraphDescription, NodeDescription, NodeKind};
use icosian_spec::BuiltIn;

use super::part::{Badge, BadgeKind, Emphasis, NodeLook, SceneNode, SceneStatus};
use crate::change::{ChangeKind, FieldChange, GraphChange};
use crate::detail::NodeDetail;
use crate::options::PictureOptions;
use crate::source_link::source_link;
use crate::text_width::shorten;

const NAME_LIMIT: usize = 48;
const TYPE_LIMIT: usize = 36;
const BADGE_LIMIT: usize = 28;
/// Further badges of one kind are replaced by their number.
const MAX_BADGES: usize = 6;
/// Fields that are lists of short texts.
const LIST_FIELDS: [&str; 2] = ["decorators", "tags"];
/// Decorators that a picture shows in another way.
const DRAWN_DECORATORS: [BuiltIn; 6] =
    [BuiltIn::Tag, BuiltIn::Subdag, BuiltIn::Expand, BuiltIn::Offload, BuiltIn::Spawn, BuiltIn::Limit];

pub(super) fn build_node(
    graph: &GraphDescription,
    index: usize,
    group: Option<usize>,
    options: &PictureOptions,
) -> SceneNode {
    let node = &graph.nodes[index];
    let look = match node.kind {
        NodeKind::Function => NodeLook::Function,
        NodeKind::Derived => NodeLook::Derived,
        NodeKind::Input => NodeLook::Input,
        NodeKind::Config => NodeLook::Config,
        NodeKind::Shared => NodeLook::Shared,
    };
    let change = options.marks.as_ref().and_then(|marks| marks.node(&node.name));
    let emphasis = match &options.highlighted {
        None => Emphasis::Normal,
        Some(highlighted) if highlighted[index] => Emphasis::Highlighted,
        Some(_) => Emphasis::Dimmed,
    };
    SceneNode {
        index,
        name: shorten(&node.name, NAME_LIMIT),
        look,
        subtitle: subtitle(node, look, options),
        badges: badges(node, options),
        status: status(node, options),
        change: change.map(|change| (change.kind(), change_text(change))),
        emphasis,
        tooltip: tooltip(node, change, options),
        link: node
            .location
            .as_ref()
            .filter(|_| options.shows(NodeDetail::Locations))
            .and_then(|location| Some(source_link(options.source_link.as_ref()?, location))),
        group,
    }
}

/// Returns the type, after the kind of a node that runs no function.
fn subtitle(node: &NodeDescription, look: NodeLook, options: &PictureOptions) -> Option<String> {
    let output = node.output.as_ref().filter(|it| options.shows(NodeDetail::Types) && !it.is_empty());
    let output =
        output.map(|it| if node.expansion.is_some() { format!("items of {it}") } else { it.clone() });
    let word = match look {
        NodeLook::Function | NodeLook::Derived => None,
        _ => Some(look.word().to_owned()),
    };
    match (word, output) {
        (Some(word), Some(output)) => Some(shorten(&format!("{word} · {output}"), TYPE_LIMIT)),
        (Some(text), None) | (None, Some(text)) => Some(shorten(&text, TYPE_LIMIT)),
        (None, None) => None,
    }
}

fn badges(node: &NodeDescription, options: &PictureOptions) -> Vec<Badge> {
    let mut badges = Vec::new();
    let mut add = |kind, texts: Vec<String>| {
        let omitted = texts.len().saturating_sub(MAX_BADGES);
        for text in texts.into_iter().take(MAX_BADGES) {
            badges.push(Badge { kind, text: shorten(&text, BADGE_LIMIT) });
        }
        if omitted > 0 {
            badges.push(Badge { kind, text: format!("+{omitted}") });
        }
    };
    if options.shows(NodeDetail::Execution) {
        let text = match node.execution {
            Execution::Sync => None,
            Execution::Async => Some("async"),
            Execution::Offloaded => Some("offload"),
            Execution::Spawned => Some("spawn"),
        };
        add(BadgeKind::Execution, text.map(str::to_owned).into_iter().collect());
        if node.expansion.is_some() {
            add(BadgeKind::Expansion, vec!["expand".to_owned()]);
        }
    }
    if options.shows(NodeDetail::Decorators) {
        let is_drawn = |name: &str| BuiltIn::named(name).is_some_and(|it| DRAWN_DECORATORS.contains(&it));
        let decorators = node.decorators.iter().filter(|it| !is_drawn(it));
        add(BadgeKind::Decorator, decorators.cloned().collect());
    }
    if options.shows(NodeDetail::Limits)
        && let Some(group) = &node.group
    {
        add(BadgeKind::Limit, vec![format!("limit {group}")]);
    }
    if options.shows(NodeDetail::Tags) {
        let tags = node.tags.iter().map(|(key, values)| match values.as_slice() {
            [] => key.clone(),
            values => format!("{key}={}", values.join("|")),
        });
        add(BadgeKind::Tag, tags.collect());
    }
    badges
}

fn status(node: &NodeDescription, options: &PictureOptions) -> Option<SceneStatus> {
    let run = options.run.as_ref()?;
    let overlay = run.node(&node.name)?;
    let tone = overlay.status();
    let longest = run.longest();
    let share = (longest > 0 && overlay.run_time > 0).then(|| {
        i64::try_from(u128::from(overlay.run_time) * 100 / u128::from(longest)).unwrap_or(100).max(1)
    });
    Some(SceneStatus { tone, text: overlay.text(), share })
}

/// Returns the line about a change below the node's name.
fn change_text(change: &GraphChange) -> String {
    match change.kind() {
        ChangeKind::Changed => {
            let text = match change.fields() {
                [field] if LIST_FIELDS.contains(&field.field) => list_change(field),
                [field] => field.to_string().replace('`', "").replace(" -> ", " → "),
                fields => fields.iter().map(|it| it.field).collect::<Vec<_>>().join(", "),
            };
            shorten(&text, TYPE_LIMIT)
        }
        kind => kind.word().to_owned(),
    }
}

/// Returns the added and removed elements of a list.
fn list_change(field: &FieldChange) -> String {
    let elements =
        |list: &str| list.split(", ").filter(|it| !it.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let (old, new) = (elements(&field.old), elements(&field.new));
    let added = new.iter().filter(|it| !old.contains(it)).map(|it| format!("+{it}"));
    let removed = old.iter().filter(|it| !new.contains(it)).map(|it| format!("-{it}"));
    let changes: Vec<_> = added.chain(removed).collect();
    if changes.is_empty() { format!("order of {}", field.field) } else { changes.join(" ") }
}

fn tooltip(node: &NodeDescription, change: Option<&GraphChange>, options: &PictureOptions) -> String {
    let mut lines = vec![match &node.output {
        Some(output) if options.shows(NodeDetail::Types) => format!("{}: {output}", node.name),
        _ => node.name.clone(),
    }];
    if options.shows(NodeDetail::Documentation) && !node.documentation.is_empty() {
        lines.push(node.documentation.clone());
    }
    if options.shows(NodeDetail::Locations)
        && let Some(location) = &node.location
    {
        lines.push(format!("{}:{}", location.file, location.line));
    }
    if let Some(error) = options.run.as_ref().and_then(|run| run.node(&node.name)?.error.as_ref()) {
        lines.push(format!("error: {error}"));
    }
    if let Some(change) = change {
        lines.push(change.to_string());
    }
    lines.join("\n")
}
