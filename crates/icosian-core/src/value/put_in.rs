/// Stores a value of type `$type` in a [`Slot`](crate::value::Slot).
///
/// A macro, because without optimization each function that passes a value on keeps copies of it on the stack. With optimization
/// there are no copies.
macro_rules! put_in {
    ($slot:expr, $type:ty, $value:expr) => {{
        #[cfg(debug_assertions)]
        if const { !$crate::value::ArenaLayout::is_inline::<$type>() } {
            *$slot.heap_memory::<$type>().get_mut() = Some($value);
        } else {
            $slot.put($value);
        }
        #[cfg(not(debug_assertions))]
        $slot.put($value);
    }};
}
pub(crate) use put_in;
