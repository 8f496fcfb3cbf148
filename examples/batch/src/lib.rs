//! A batch job: reads a file of orders, prices each order in parallel, and reports the totals of customers.

pub mod orders;
