/// The stack of a thread that parses, in bytes. The parser and the traversals of its result are recursive, and files may nest
/// deep; most of the stack is never touched.
pub(crate) const STACK_SIZE: usize = 256 << 20;
