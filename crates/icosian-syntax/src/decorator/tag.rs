use proc_macro2::TokenStream;
use quote::{ToTokens, quote_spanned};
use syn::parse::ParseStream;
use syn::{Expr, ExprLit, Ident, Lit, LitStr, Token};

use super::argument::{Dotted, Reading, names, texts};
use super::{Decorates, Read, Scope};
use crate::read::shown;
use crate::span;

/// `#[tag(key = "word", other.key = ["a", "b"], on(node), on_all)]`
#[derive(Default)]
struct Tag {
    tags: Vec<Words>,
    on: Vec<Dotted>,
    on_all: bool,
}

/// `key = "word"` or `key = ["a", "b"]`
pub(super) struct Words {
    pub(super) key: Dotted,
    words: Expr,
}

impl Words {
    pub(super) fn read(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(Lit) && !input.peek(LitStr) {
            let key: Lit = input.parse()?;
            let why = format!("a tag's key is a name or a text; write `\"{}\" = ..`", shown(&key));
            return Err(syn::Error::new_spanned(key, why));
        }
        let key: Dotted = input.parse()?;
        if !input.peek(Token![=]) {
            let why = format!("tag `{}` has no words; write `{} = \"word\"`", key.name, key.name);
            return Err(syn::Error::new_spanned(key, why));
        }
        input.parse::<Token![=]>()?;
        let words: Expr = input.parse()?;
        if matches!(&words, Expr::Array(array) if array.elems.is_empty()) {
            let why = format!("tag `{}` has no words; write `{} = \"word\"`", key.name, key.name);
            return Err(syn::Error::new_spanned(words, why));
        }
        let all = match &words {
            Expr::Array(array) => array.elems.iter().collect(),
            one => vec![one],
        };
        for word in all {
            if let Expr::Lit(ExprLit { lit, .. }) = word
                && !matches!(lit, Lit::Str(_))
            {
                let why = format!("a tag is text; write `\"{}\"`", shown(lit));
                return Err(syn::Error::new_spanned(lit, why));
            }
        }
        Ok(Self { key, words })
    }

    /// Writes `["a", "b"]`.
    pub(super) fn written(&self) -> TokenStream {
        match &self.words {
            Expr::Array(array) => array.to_token_stream(),
            one => {
                let span = span::own(span::ends(one).0);
                quote_spanned!(span=> [#one])
            }
        }
    }
}

pub(super) fn read(input: ParseStream<'_>, reading: &mut Reading<'_>) -> Read {
    let mut tag = Tag::default();
    if input.is_empty() {
        reading.refuse("has no tags; write `key = \"word\"`");
    }
    reading.each(input, |input, reading| {
        if input.peek(Ident) && input.peek2(syn::token::Paren) {
            let word: Ident = input.parse()?;
            if word != "on" {
                let why = format!("`{word}(..)` is no tag; write `{word} = \"..\"`, or `on(node)`");
                return Err(syn::Error::new(word.span(), why));
            }
            reading.once("on", &word)?;
            tag.on = names(input)?;
        } else if input.peek(Ident) && (input.peek2(Token![,]) || is_last(input)) {
            let word: Ident = input.parse()?;
            if word != "on_all" {
                let why = format!("tag `{word}` has no words; write `{word} = \"word\"`");
                return Err(syn::Error::new(word.span(), why));
            }
            tag.on_all = true;
            reading.once("on_all", &word)?;
        } else {
            let words = Words::read(input)?;
            reading.once(&words.key.name, &words.key)?;
            tag.tags.push(words);
        }
        Ok(())
    });
    if let (Some(on), true) = (tag.on.first(), tag.on_all) {
        reading.refusals.at(on, "`on(..)` and `on_all` are about different nodes; write one of the two");
    }
    Ok(Box::new(tag))
}

/// Returns whether one token is left.
fn is_last(input: ParseStream<'_>) -> bool {
    input.cursor().token_tree().is_some_and(|(_, rest)| rest.eof())
}

impl Decorates for Tag {
    fn written(&self, scope: &Scope<'_>) -> TokenStream {
        let door = scope.door();
        let tags = self.tags.iter().map(|tag| {
            let (key, words) = (tag.key.text(), tag.written());
            quote_spanned!(tag.key.span()=> .with(#key, #words))
        });
        let on = (!self.on.is_empty()).then(|| {
            let names = texts(&self.on);
            quote_spanned!(scope.span=> .on(#names))
        });
        let on_all = self.on_all.then(|| quote_spanned!(scope.span=> .on_all()));
        quote_spanned!(scope.span=> #door::Tag::new()#(#tags)*#on #on_all)
    }

    fn outputs(&self) -> Vec<&Dotted> {
        self.on.iter().collect()
    }
}
