//! A parsed chapter.

use std::collections::BTreeMap;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// The parts of a chapter that the tests check.
#[derive(Debug, Default)]
pub(crate) struct Chapter {
    pub(crate) text: String,
    /// The number of headings of level 1.
    pub(crate) titles: usize,
    /// The anchors of the headings.
    pub(crate) anchors: Vec<String>,
    /// The targets of links and images.
    pub(crate) links: Vec<String>,
    pub(crate) blocks: Vec<CodeBlock>,
}

/// A fenced code block.
#[derive(Debug, Default)]
pub(crate) struct CodeBlock {
    /// The language and its attributes, such as `rust,compile_fail`.
    pub(crate) info: String,
    pub(crate) text: String,
    /// The file of a comment `<!-- quote: FILE -->` above the block.
    pub(crate) quoted_from: Option<String>,
}

impl Chapter {
    pub(crate) fn parse(text: &str) -> Self {
        let mut chapter = Self { text: text.to_owned(), ..Self::default() };
        let mut used = BTreeMap::new();
        let mut heading: Option<String> = None;
        let mut block: Option<CodeBlock> = None;
        let mut quoted_from = None;
        for event in Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES) {
            match event {
                Event::Start(Tag::Heading { level, .. }) => {
                    chapter.titles += usize::from(level == HeadingLevel::H1);
                    heading = Some(String::new());
                }
                Event::End(TagEnd::Heading(_)) => {
                    let anchor = anchor(&heading.take().unwrap_or_default());
                    let count: &mut usize = used.entry(anchor.clone()).or_default();
                    chapter.anchors.push(if *count == 0 { anchor } else { format!("{anchor}-{count}") });
                    *count += 1;
                }
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    chapter.links.push(dest_url.into_string());
                }
                Event::Start(Tag::CodeBlock(kind)) => {
                    let CodeBlockKind::Fenced(info) = kind else { panic!("indented code block in:\n{text}") };
                    block = Some(CodeBlock {
                        info: info.into_string(),
                        quoted_from: quoted_from.take(),
                        ..CodeBlock::default()
                    });
                }
                Event::End(TagEnd::CodeBlock) => chapter.blocks.extend(block.take()),
                Event::Html(html) | Event::InlineHtml(html) => {
                    let quote =
                        html.trim().strip_prefix("<!-- quote: ").and_then(|it| it.strip_suffix(" -->"));
                    quoted_from = quote.map(str::to_owned).or(quoted_from);
                }
                Event::Text(text) | Event::Code(text) => {
                    if let Some(block) = &mut block {
                        block.text.push_str(&text);
                    } else if let Some(heading) = &mut heading {
                        heading.push_str(&text);
                    }
                }
                _ => {}
            }
        }
        assert_eq!(quoted_from, None, "a comment `quote` has no code block below");
        chapter
    }
}

/// Returns the anchor that mdBook gives a heading.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().chars().filter_map(|char| {
        if char.is_alphanumeric() || char == '_' || char == '-' {
            Some(char.to_ascii_lowercase())
        } else {
            char.is_whitespace().then_some('-')
        }
    });
    kept.collect()
}

#[test]
fn chapter_is_parsed() {
    let chapter = Chapter::parse(
        "# A `b` c\n## Same\n## Same\n[x](y.md#z)\n\n<!-- quote: a/b.rs -->\n\n```rs\nlet x = 1;\n```\n",
    );
    assert_eq!(chapter.titles, 1);
    assert_eq!(chapter.anchors, ["a-b-c", "same", "same-1"]);
    assert_eq!(chapter.links, ["y.md#z"]);
    assert_eq!(chapter.blocks.len(), 1);
    assert_eq!(chapter.blocks[0].quoted_from.as_deref(), Some("a/b.rs"));
    assert_eq!((&*chapter.blocks[0].info, &*chapter.blocks[0].text), ("rs", "let x = 1;\n"));
}
