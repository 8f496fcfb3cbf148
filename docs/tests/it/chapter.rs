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
    /// The comment above the block, if the block is the text of a file.
    pub(crate) origin: Option<Origin>,
}

/// The relation of a code block and a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    /// `<!-- quote: FILE -->`: the block consists of lines of the file.
    Quote(String),
    /// `<!-- copy: FILE -->`: the block is a copy, which `copies.rs` compares.
    Copy,
}

impl Origin {
    fn of_comment(html: &str) -> Option<Self> {
        let comment = html.trim().strip_prefix("<!-- ")?.strip_suffix(" -->")?;
        let quote = comment.strip_prefix("quote: ").map(|file| Self::Quote(file.to_owned()));
        quote.or_else(|| comment.starts_with("copy: ").then_some(Self::Copy))
    }
}

impl Chapter {
    pub(crate) fn parse(text: &str) -> Self {
        let mut chapter = Self { text: text.to_owned(), ..Self::default() };
        let mut used = BTreeMap::new();
        let mut heading: Option<String> = None;
        let mut block: Option<CodeBlock> = None;
        let mut origin = None;
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
                // A table below a comment is not a code block.
                Event::Start(Tag::Table(_)) => origin = None,
                Event::Start(Tag::CodeBlock(kind)) => {
                    let CodeBlockKind::Fenced(info) = kind else { panic!("indented code block in:\n{text}") };
                    block = Some(CodeBlock {
                        info: info.into_string(),
                        origin: origin.take(),
                        ..CodeBlock::default()
                    });
                }
                Event::End(TagEnd::CodeBlock) => chapter.blocks.extend(block.take()),
                Event::Html(html) | Event::InlineHtml(html) => {
                    origin = Origin::of_comment(&html).or(origin);
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
        assert!(!matches!(origin, Some(Origin::Quote(_))), "a comment `quote` has no code block below");
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
    assert_eq!(chapter.blocks[0].origin, Some(Origin::Quote("a/b.rs".to_owned())));
    assert_eq!((&*chapter.blocks[0].info, &*chapter.blocks[0].text), ("rs", "let x = 1;\n"));
}
