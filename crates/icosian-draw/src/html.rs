//! A page with a picture and a description of each node.
//!
//! All information is in elements, so the page is readable without scripts. The script adds zoom, search and selection, and reads the
//! attributes `data-node`, `data-from` and `data-to`.

mod sections;

use std::fmt::Write as _;

use icosian_schema::graph::GraphDescription;

use crate::appearance::ColorTheme;
use crate::escape::{single_line, xml};
use crate::options::PictureOptions;
use crate::scene::Scene;
use crate::svg::{NodeLinks, SvgDocument, write_svg};
use sections::write_sections;

const STYLE: &str = include_str!("html/page.css");
const DARK_STYLE: &str = include_str!("html/dark.css");
const SCRIPT: &str = include_str!("html/page.js");

pub(crate) fn write_html(scene: &Scene, graph: &GraphDescription, options: &PictureOptions) -> String {
    let SvgDocument { text: svg, size } = write_svg(scene, options.theme, NodeLinks::Sections);
    let title = xml(&single_line(scene.title.as_deref().unwrap_or("Graph")));
    let (scheme, style) = match options.theme {
        ColorTheme::Automatic => {
            ("light dark", format!("{STYLE}@media (prefers-color-scheme: dark) {{\n{DARK_STYLE}}}\n"))
        }
        ColorTheme::Light => ("light", STYLE.to_owned()),
        ColorTheme::Dark => ("dark", format!("{STYLE}{DARK_STYLE}")),
    };
    let count = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    let mut summary = format!("{}, {}", count(scene.nodes.len(), "node"), count(scene.edges.len(), "edge"));
    if let Some(subtitle) = &scene.subtitle {
        let _ = write!(summary, " · {}", xml(&single_line(subtitle)));
    }
    let mut page = format!(
        r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="{scheme}">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<header>
<h1>{title}</h1>
<p class="summary">{summary}</p>
<div class="tools" hidden="">
<label class="search">Search <input type="search" id="search" autocomplete="off" spellcheck="false" placeholder="name, type, tag or text" aria-describedby="matches"></label>
<output id="matches" for="search"></output>
<span class="zoom" role="group" aria-label="Zoom">
<button type="button" data-zoom="in" aria-label="Zoom in">+</button>
<button type="button" data-zoom="out" aria-label="Zoom out">−</button>
<button type="button" data-zoom="fit">Fit</button>
<button type="button" data-zoom="original">1:1</button>
</span>
</div>
</header>
<main>
<div id="picture" data-width="{}" data-height="{}" tabindex="-1">
{svg}</div>
<div id="details">
<div class="help" hidden="">
<h2>Keyboard</h2>
<dl>
<dt><kbd>Tab</kbd></dt><dd>next node</dd>
<dt>arrow keys</dt><dd>nearest node in this direction</dd>
<dt><kbd>Enter</kbd></dt><dd>show a node</dd>
<dt><kbd>/</kbd></dt><dd>search</dd>
<dt><kbd>u</kbd>, <kbd>d</kbd>, <kbd>b</kbd></dt><dd>highlight upstream, downstream or both</dd>
<dt><kbd>+</kbd>, <kbd>-</kbd>, <kbd>0</kbd></dt><dd>zoom in, zoom out, fit</dd>
<dt><kbd>Esc</kbd></dt><dd>end the search or the selection</dd>
</dl>
<p>Drag the picture to move it. Select a node to see its details.</p>
</div>
"#,
        size.width, size.height
    );
    write_sections(&mut page, scene, graph, options);
    let _ = write!(page, "</div>\n</main>\n<script>\n{SCRIPT}</script>\n</body>\n</html>\n");
    page
}
