use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::parse::ParseStream;

use super::argument::{Dotted, Reading};
use super::tag::Words;
use crate::fault::invalid;
use crate::inlined::Inlined;
use crate::model::{Decorates, ExpandContext, ReadResult};

/// `#[tag_outputs(node(key = "word"), ..)]`
struct TagOutputsArgs(Vec<(Dotted, Vec<Words>)>);

pub(super) fn read(input: ParseStream<'_>, reading: &mut Reading<'_>) -> ReadResult {
    if input.is_empty() {
        reading.refuse("has no tags", "write `node(key = \"word\")`");
    }
    let mut all = Vec::new();
    reading.each(input, |input, reading| {
        let node: Dotted = input.parse()?;
        reading.once(&node.name, &node)?;
        if !input.peek(syn::token::Paren) {
            let message = format!("node `{}` has no tags", node.name);
            let help = format!("write `{}(key = \"word\")`", node.name);
            return Err(invalid(node, message, help));
        }
        let content;
        syn::parenthesized!(content in input);
        let mut tags: Vec<Words> = Vec::new();
        reading.each(&content, |content, _| {
            let words = Words::read(content)?;
            if tags.iter().any(|other| other.key.name == words.key.name) {
                let message = format!("`{}` is repeated", words.key.name);
                return Err(invalid(words.key, message, "remove one of the two"));
            }
            tags.push(words);
            Ok(())
        });
        all.push((node, tags));
        Ok(())
    });
    Ok(Box::new(TagOutputsArgs(all)))
}

impl Decorates for TagOutputsArgs {
    fn inlined(&self, _: &ExpandContext<'_>) -> Option<Inlined<'_>> {
        Some(Inlined::Nothing)
    }

    fn written(&self, scope: &ExpandContext<'_>) -> TokenStream {
        let door = scope.door();
        let tags = self.0.iter().flat_map(|(node, tags)| tags.iter().map(move |tag| (node, tag)));
        let tags = tags.map(|(node, tag)| {
            let (span, node, key, words) = (node.span(), node.text(), tag.key.text(), tag.written());
            quote_spanned!(span=> .with(#node, #key, #words))
        });
        quote_spanned!(scope.span=> #door::TagOutputs::new()#(#tags)*)
    }

    fn outputs(&self) -> Vec<&Dotted> {
        self.0.iter().map(|(node, _)| node).collect()
    }
}
