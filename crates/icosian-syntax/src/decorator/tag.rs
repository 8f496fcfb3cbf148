use proc_macro2::TokenStream;
use quote::{ToTokens, quote_spanned};
use syn::parse::ParseStream;
use syn::{Expr, ExprLit, Ident, Lit, LitStr, Token};

use super::argument::{Dotted, Reading, names, texts};
use crate::code;
use crate::fault::invalid;
use crate::inlined::Inlined;
use crate::model::{Decorates, ExpandContext, ReadResult};
use crate::span;
use crate::written_type::shown;

/// `#[tag(key = "word", other.key = ["a", "b"], on(node), on_all)]`
#[derive(Default)]
struct TagArgs {
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
            let message = format!("`{}` is not the key of a tag", shown(&key));
            let help = format!("write `\"{}\" = ..`", shown(&key));
            return Err(invalid(key, message, help));
        }
        let key: Dotted = input.parse()?;
        let no_value = |tokens: TokenStream| {
            let help = format!("write `{} = \"word\"`", key.name);
            invalid(tokens, format!("tag `{}` has no value", key.name), help)
        };
        if !input.peek(Token![=]) {
            return Err(no_value(key.to_token_stream()));
        }
        input.parse::<Token![=]>()?;
        let words: Expr = input.parse()?;
        if matches!(&words, Expr::Array(array) if array.elems.is_empty()) {
            return Err(no_value(words.to_token_stream()));
        }
        let all = match &words {
            Expr::Array(array) => array.elems.iter().collect(),
            one => vec![one],
        };
        for word in all {
            if let Expr::Lit(ExprLit { lit, .. }) = word
                && !matches!(lit, Lit::Str(_))
            {
                let message = format!("the value `{}` of a tag is not a string", shown(lit));
                return Err(invalid(lit, message, format!("write `\"{}\"`", shown(lit))));
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

pub(super) fn read(input: ParseStream<'_>, reading: &mut Reading<'_>) -> ReadResult {
    let mut tag = TagArgs::default();
    if input.is_empty() {
        reading.refuse("has no tags", "write `key = \"word\"`");
    }
    reading.each(input, |input, reading| {
        if input.peek(Ident) && input.peek2(syn::token::Paren) {
            let word: Ident = input.parse()?;
            if word != "on" {
                let help = format!("write `{word} = \"..\"`, or `on(node)`");
                return Err(invalid(&word, format!("`{word}(..)` is not a tag"), help));
            }
            reading.once("on", &word)?;
            tag.on = names(input)?;
        } else if input.peek(Ident) && (input.peek2(Token![,]) || is_last(input)) {
            let word: Ident = input.parse()?;
            if word != "on_all" {
                let help = format!("write `{word} = \"word\"`");
                return Err(invalid(&word, format!("tag `{word}` has no value"), help));
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
        let message = "`on(..)` and `on_all` exclude each other";
        reading.faults.report(code::INVALID_ARGUMENT, on, message, "remove one of the two");
    }
    Ok(Box::new(tag))
}

/// Returns whether one token is left.
fn is_last(input: ParseStream<'_>) -> bool {
    input.cursor().token_tree().is_some_and(|(_, rest)| rest.eof())
}

impl Decorates for TagArgs {
    fn inlined(&self, _: &ExpandContext<'_>) -> Option<Inlined<'_>> {
        Some(Inlined::Nothing)
    }

    fn written(&self, scope: &ExpandContext<'_>) -> TokenStream {
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
