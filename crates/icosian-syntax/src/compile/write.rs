//! Writes the function of a compiled output.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::Ident;

use super::call::Caller;
use super::graph::CompiledOutput;
use super::inputs::InputField;
use super::module::CompiledModule;
use super::ownership::{Exchange, Ownership};
use super::planner::plan;
use super::schedule::{NodeChain, Schedule};
use super::writer::{LocalKind, Locals, OutputWriter, local};

/// Writes the body of the function of `output`, after its inputs were moved into local variables.
pub(super) fn body(
    output: &CompiledOutput<'_>,
    module: &CompiledModule<'_>,
    fields: &[InputField],
    door: &TokenStream,
) -> TokenStream {
    let schedule = plan(&output.tasks());
    let ownership = Ownership::of(output, &schedule);
    let writer = OutputWriter { output, module, fields, ownership: &ownership, door };
    let span = Span::mixed_site();
    let nodes = writer.nodes();
    let mut locals = Locals::default();
    let calls = writer.schedule(&schedule, &mut locals);
    let result = writer.result(&locals);
    let (scope, end) = writer.compiled_run();
    quote_spanned! {span=>
        #nodes
        #scope
        #calls
        let result = #result;
        #end
        ::core::result::Result::Ok(result)
    }
}

impl OutputWriter<'_, '_> {
    /// Writes the context of the run, if a call reads it, and its end.
    fn compiled_run(&self) -> (Option<TokenStream>, Option<TokenStream>) {
        let (span, door) = (Span::mixed_site(), self.door);
        let mut arguments = self.output.calls.iter().flat_map(|call| &call.arguments);
        if arguments.all(|argument| argument.value.is_some()) {
            return (None, None);
        }
        let begin = quote_spanned!(span=> let compiled_run = #door::compiled::CompiledRun::new(););
        (Some(begin), Some(quote_spanned!(span=> compiled_run.succeed();)))
    }

    /// Writes the value that the function returns.
    fn result(&self, locals: &Locals) -> TokenStream {
        let result = &self.output.result;
        let caller = Caller { writer: self, call: 0, locals };
        let place = caller.place(result);
        if result.parts.is_empty() {
            return place;
        }
        quote_spanned!(Span::mixed_site()=> ::core::clone::Clone::clone(&#place))
    }

    /// Writes statements that run `schedule` and define the variables of its calls.
    fn schedule(&self, schedule: &Schedule, locals: &mut Locals) -> TokenStream {
        match schedule {
            Schedule::Task(call) => {
                let written = Caller { writer: self, call: *call, locals }.statements();
                locals.insert(*call, LocalKind::Value);
                written
            }
            Schedule::Sequence(parts) => parts.iter().map(|part| self.schedule(part, locals)).collect(),
            Schedule::Parallel(parts) => self.parallel(parts, locals),
            Schedule::Chains(chains) => self.chains(chains, locals),
        }
    }

    fn parallel(&self, parts: &[Schedule], locals: &mut Locals) -> TokenStream {
        let (span, door) = (Span::mixed_site(), self.door);
        let branches: Vec<Branch> = parts
            .iter()
            .enumerate()
            .map(|(number, part)| {
                let statements = self.schedule(part, &mut locals.clone());
                let calls = part.tasks();
                let outputs =
                    calls.iter().copied().filter(|&call| self.ownership.is_used_outside(call, &calls));
                Branch { number, statements, outputs: outputs.collect() }
            })
            .collect();
        let polls = branches.iter().map(|branch| {
            let (future, output) = (branch.future(), branch.output());
            quote_spanned!(span=> #door::compiled::poll_branch(#future.as_mut(), &mut #output, context)?)
        });
        let join = quote_spanned! {span=>
            #door::compiled::join_branches(
                |context| ::core::result::Result::<_, #door::compiled::Aborted>::Ok(#(#polls)&*),
            ).await?;
        };
        self.join(&branches, &TokenStream::new(), &join, locals)
    }

    fn chains(&self, chains: &[NodeChain], locals: &mut Locals) -> TokenStream {
        let (span, door) = (Span::mixed_site(), self.door);
        let branches: Vec<Branch> =
            chains.iter().enumerate().map(|(number, chain)| self.chain(number, chain, locals)).collect();
        let calls: Vec<usize> =
            chains.iter().flat_map(|chain| &chain.links).flat_map(|link| link.schedule.tasks()).collect();
        let slots: Vec<(usize, Exchange)> =
            calls.iter().filter_map(|&call| Some((call, self.ownership.exchange(call)?))).collect();
        let begin_slots = slots.iter().map(|(call, exchange)| {
            let (slot, kind) = (local("slot", *call), exchange_type(*exchange));
            quote_spanned!(span=> let #slot = #door::compiled::#kind::new();)
        });
        let end_slots: Vec<TokenStream> = slots
            .iter()
            .filter(|(call, exchange)| {
                *exchange == Exchange::Borrowed && self.ownership.is_used_outside(*call, &calls)
            })
            .map(|(call, _)| {
                locals.insert(*call, LocalKind::Value);
                let (node, slot) = (local("node", *call), local("slot", *call));
                quote_spanned!(span=> let #node = #slot.into_value();)
            })
            .collect();
        let gates = branches.iter().map(|branch| {
            let gate = branch.gate();
            quote_spanned!(span=> let #gate = #door::compiled::Gate::new();)
        });
        let begin = quote_spanned! {span=>
            let filled = #door::compiled::FilledSlots::new();
            #(#gates)*
        };
        let polls = branches.iter().map(|branch| {
            let (future, output, gate) = (branch.future(), branch.output(), branch.gate());
            quote_spanned! {span=>
                #door::compiled::poll_chain(#future.as_mut(), &mut #output, &#gate, pass, context)?
            }
        });
        let join = quote_spanned! {span=>
            #door::compiled::join_chains(
                &filled,
                |context, pass| ::core::result::Result::<_, #door::compiled::Aborted>::Ok(#(#polls)&*),
            ).await?;
        };
        let joined = self.join(&branches, &begin, &join, locals);
        quote_spanned! {span=>
            #(#begin_slots)*
            #joined
            #(#end_slots)*
        }
    }

    fn chain(&self, number: usize, chain: &NodeChain, locals: &Locals) -> Branch {
        let span = Span::mixed_site();
        let mut locals = locals.clone();
        let calls: Vec<usize> = chain.links.iter().flat_map(|link| link.schedule.tasks()).collect();
        let mut statements = TokenStream::new();
        for link in &chain.links {
            if !link.waits.is_empty() {
                let gate = local("gate", number);
                let slots = link.waits.iter().map(|call| local("slot", *call));
                statements.extend(quote_spanned!(span=> #gate.pass(|| #(#slots.is_filled())&&*).await;));
            }
            for &call in &link.waits {
                let (node, slot) = (local("node", call), local("slot", call));
                let (held, method) = match self.ownership.exchange(call) {
                    Some(Exchange::HandedOver) => (LocalKind::Value, "take"),
                    _ => (LocalKind::Reference, "value"),
                };
                let method = Ident::new(method, span);
                locals.insert(call, held);
                statements.extend(quote_spanned!(span=> let #node = #slot.#method();));
            }
            statements.extend(self.schedule(&link.schedule, &mut locals));
            for call in link.schedule.tasks() {
                let (node, slot) = (local("node", call), local("slot", call));
                match self.ownership.exchange(call) {
                    Some(Exchange::Borrowed) => {
                        locals.insert(call, LocalKind::Reference);
                        statements.extend(quote_spanned!(span=> let #node = #slot.fill(#node, &filled);));
                    }
                    Some(Exchange::HandedOver) => {
                        statements.extend(quote_spanned!(span=> #slot.fill(#node, &filled);));
                    }
                    None => {}
                }
            }
        }
        let outputs = calls.iter().copied().filter(|&call| {
            self.ownership.exchange(call).is_none() && self.ownership.is_used_outside(call, &calls)
        });
        Branch { number, statements, outputs: outputs.collect() }
    }

    /// Writes the futures of all branches, the statement that awaits them, and the variables of their outputs.
    fn join(
        &self,
        branches: &[Branch],
        begin: &TokenStream,
        join: &TokenStream,
        locals: &mut Locals,
    ) -> TokenStream {
        let (span, door) = (Span::mixed_site(), self.door);
        let futures = branches.iter().map(|branch| {
            let (future, output, statements, values) =
                (branch.future(), branch.output(), &branch.statements, branch.values());
            quote_spanned! {span=>
                let mut #future = ::core::pin::pin!(async {
                    #statements
                    ::core::result::Result::<_, #door::compiled::Aborted>::Ok(#values)
                });
                let mut #output = ::core::option::Option::None;
            }
        });
        let values: Vec<TokenStream> = branches.iter().map(Branch::values).collect();
        let outputs = branches.iter().map(Branch::output);
        branches
            .iter()
            .flat_map(|branch| &branch.outputs)
            .for_each(|&call| locals.insert(call, LocalKind::Value));
        quote_spanned! {span=>
            let (#(#values,)*) = {
                #begin
                #(#futures)*
                #join
                (#(#door::compiled::take_output(#outputs),)*)
            };
        }
    }
}

fn exchange_type(exchange: Exchange) -> Ident {
    let name = match exchange {
        Exchange::Borrowed => "OutputSlot",
        Exchange::HandedOver => "HandOver",
    };
    Ident::new(name, Span::mixed_site())
}

/// A future that runs beside others.
struct Branch {
    number: usize,
    statements: TokenStream,
    /// The calls whose outputs it returns.
    outputs: Vec<usize>,
}

impl Branch {
    fn future(&self) -> Ident {
        local("branch", self.number)
    }

    fn output(&self) -> Ident {
        local("output", self.number)
    }

    fn gate(&self) -> Ident {
        local("gate", self.number)
    }

    /// Writes the outputs as a tuple.
    fn values(&self) -> TokenStream {
        let nodes = self.outputs.iter().map(|call| local("node", *call));
        quote_spanned!(Span::mixed_site()=> (#(#nodes,)*))
    }
}
