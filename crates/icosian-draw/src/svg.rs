//! SVG documents.

mod edge_path;
mod footer;
mod links;
mod node_box;
mod shape;

use std::collections::HashMap;
use std::fmt::Write as _;

use crate::appearance::ColorTheme;
use crate::escape::{single_line, xml};
use crate::layout::{
    self, BoxSpec, GraphLayout, GroupSpec, LayoutGraph, LayoutLink, LinkLabel, PADDING, Size, TITLE_HEIGHT,
};
use crate::scene::{Emphasis, Scene, SceneEdge, SceneGroup};
use crate::text_width::{shorten, text_width};
use edge_path::{EdgePath, edge_path};
pub(crate) use links::NodeLinks;
use node_box::NodeBox;

/// The distance between the content and the border of the picture.
const MARGIN: i64 = 16;
const TITLE_SIZE: f64 = 17.0;
const SUBTITLE_SIZE: f64 = 12.0;
const GROUP_TITLE_SIZE: f64 = 11.0;
const LABEL_SIZE: f64 = 10.5;
const BASE_STYLE: &str = include_str!("svg/base.css");
const DARK_STYLE: &str = include_str!("svg/dark.css");

/// A document with its size.
#[derive(Debug)]
pub(crate) struct SvgDocument {
    pub(crate) text: String,
    pub(crate) size: Size,
}

/// Writes the document of a scene.
pub(crate) fn write_svg(scene: &Scene, theme: ColorTheme, links: NodeLinks) -> SvgDocument {
    let boxes: Vec<NodeBox> = scene.nodes.iter().map(NodeBox::new).collect();
    let placement = layout::arrange(&layout_graph(scene, &boxes));
    let (header, header_size) = match links {
        NodeLinks::Sources => write_header(scene),
        // The page has its own title.
        NodeLinks::Sections => (String::new(), Size::default()),
    };
    let content_width = placement.size.width.max(header_size.width);
    let (footer, footer_size) = footer::write_legend(&scene.legend(), content_width.max(360));
    let size = Size {
        width: content_width.max(footer_size.width) + 2 * MARGIN,
        height: header_size.height + placement.size.height + footer_size.height + 2 * MARGIN,
    };
    let Size { width, height } = size;
    // The content of an image is hidden from screen readers, but the links of a page are not.
    let role = if links == NodeLinks::Sections { "group" } else { "img" };
    let name = xml(&single_line(scene.title.as_deref().unwrap_or("graph")));
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"icosian-graph\" role=\"{role}\" aria-label=\"{name}\" \
         viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\">\n<style>\n{}</style>\n\
         <rect class=\"canvas\" width=\"{width}\" height=\"{height}\"/>\n{header}",
        style(theme),
    );
    let left = MARGIN + (content_width - placement.size.width) / 2;
    let _ = writeln!(text, "<g transform=\"translate({left} {})\">", MARGIN + header_size.height);
    for (group, rect) in scene.groups.iter().zip(&placement.groups) {
        write_group(&mut text, group, *rect);
    }
    write_edges(&mut text, scene, &placement);
    for (group, rect) in scene.groups.iter().zip(&placement.groups) {
        write_group_title(&mut text, group, *rect);
    }
    for (index, (node, node_box)) in scene.nodes.iter().zip(&boxes).enumerate() {
        node_box.write(&mut text, node, index, placement.boxes[index], links);
    }
    text.push_str("</g>\n");
    if !footer.is_empty() {
        let top = height - MARGIN - footer_size.height;
        let _ = write!(text, "<g class=\"legend\" transform=\"translate({MARGIN} {top})\">\n{footer}</g>\n");
    }
    text.push_str("</svg>\n");
    SvgDocument { text, size }
}

fn style(theme: ColorTheme) -> String {
    match theme {
        ColorTheme::Light => BASE_STYLE.to_owned(),
        ColorTheme::Dark => format!("{BASE_STYLE}{DARK_STYLE}"),
        ColorTheme::Automatic => {
            format!("{BASE_STYLE}@media (prefers-color-scheme: dark) {{\n{DARK_STYLE}}}\n")
        }
    }
}

fn layout_graph(scene: &Scene, boxes: &[NodeBox]) -> LayoutGraph {
    let mut texts: HashMap<&str, usize> = HashMap::new();
    let links = scene.edges.iter().map(|edge| LayoutLink {
        from: edge.from,
        to: edge.to,
        label: edge.label.as_deref().map(|label| {
            let next = texts.len();
            let size = Size { width: text_width(label, LABEL_SIZE) + 8, height: 16 };
            LinkLabel { text: *texts.entry(label).or_insert(next), size }
        }),
    });
    let links = links.collect();
    LayoutGraph {
        axis: scene.axis,
        boxes: scene
            .nodes
            .iter()
            .zip(boxes)
            .map(|(node, it)| BoxSpec { size: it.size(), group: node.group })
            .collect(),
        links,
        groups: scene
            .groups
            .iter()
            .map(|it| GroupSpec {
                parent: it.parent,
                title_width: text_width(&shorten(&it.title, 40), GROUP_TITLE_SIZE),
            })
            .collect(),
    }
}

fn write_header(scene: &Scene) -> (String, Size) {
    let mut text = String::new();
    let mut size = Size::default();
    for (line, font_size, class) in
        [(&scene.title, TITLE_SIZE, "title"), (&scene.subtitle, SUBTITLE_SIZE, "subtitle")]
    {
        let Some(line) = line else { continue };
        let line = shorten(&single_line(line), 100);
        size.height += if class == "title" { 24 } else { 18 };
        size.width = size.width.max(text_width(&line, font_size));
        let _ = writeln!(
            text,
            "<text class=\"{class}\" x=\"{MARGIN}\" y=\"{}\">{}</text>",
            MARGIN + size.height - 8,
            xml(&line)
        );
    }
    if size.height > 0 {
        size.height += 8;
    }
    (text, size)
}

fn write_group(text: &mut String, group: &SceneGroup, rect: layout::Rect) {
    let layout::Rect { x, y, width, height } = rect;
    let _ = writeln!(
        text,
        "<g class=\"group {}{}\"><title>{}</title>\
         <rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"10\"/></g>",
        group.kind.word(),
        group.emphasis.class(),
        xml(&group.title),
    );
}

/// Writes the title of a group, above the edges that cross it.
fn write_group_title(text: &mut String, group: &SceneGroup, rect: layout::Rect) {
    let limit = usize::try_from((rect.width - 2 * PADDING) * 10 / 67).unwrap_or_default().max(6);
    let _ = writeln!(
        text,
        "<text class=\"group-title {}{}\" x=\"{}\" y=\"{}\">{}</text>",
        group.kind.word(),
        group.emphasis.class(),
        rect.x + PADDING,
        rect.y + TITLE_HEIGHT - 9,
        xml(&shorten(&single_line(&group.title), limit)),
    );
}

/// Writes the edges. Dimmed edges come first, because edges of one producer share their line.
fn write_edges(text: &mut String, scene: &Scene, placement: &GraphLayout) {
    let order =
        |emphasis: Emphasis| scene.edges.iter().enumerate().filter(move |it| it.1.emphasis == emphasis);
    let mut labels = HashMap::new();
    let all = order(Emphasis::Dimmed).chain(order(Emphasis::Normal)).chain(order(Emphasis::Highlighted));
    for (index, edge) in all {
        let route = &placement.routes[index];
        let Some(path) = edge_path(scene.axis, route) else { continue };
        write_edge(text, edge, &path);
        if let (Some(label), Some(rect)) = (&edge.label, route.label) {
            let shared = labels.entry((rect.x, rect.y)).or_insert((index, edge, label, rect, Vec::new()));
            // The last edge is the most prominent.
            shared.1 = edge;
            shared.4.push(edge.to.to_string());
        }
    }
    // Edges of one producer can share a label.
    let mut labels: Vec<_> = labels.into_values().collect();
    labels.sort_by_key(|it| it.0);
    for (_, edge, label, rect, readers) in labels {
        let center = rect.center();
        let _ = writeln!(
            text,
            "<text class=\"edge-label{}\" data-from=\"{}\" data-to=\"{}\" x=\"{}\" y=\"{}\">{}</text>",
            edge.emphasis.class(),
            edge.from,
            readers.join(" "),
            center.x,
            center.y + 4,
            xml(&single_line(label))
        );
    }
}

fn write_edge(text: &mut String, edge: &SceneEdge, path: &EdgePath) {
    let optional = if edge.is_optional { " optional" } else { "" };
    let change = edge.change.map_or(String::new(), |it| format!(" {}", it.word()));
    let _ = writeln!(
        text,
        "<g class=\"edge{optional}{change}{}\" data-from=\"{}\" data-to=\"{}\"><title>{}</title>\
         <path class=\"line\" d=\"{}\"/><path class=\"head\" d=\"{}\"/></g>",
        edge.emphasis.class(),
        edge.from,
        edge.to,
        xml(&edge.tooltip),
        path.line,
        path.head
    );
}
