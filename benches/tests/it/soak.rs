use icosian_benches::soak::{judge, mix};

/// With the memory that the system says is resident, not only with figures.
#[cfg(target_os = "linux")]
#[test]
fn memory_that_runs_keep_is_growth() {
    let (mut kept, mut samples) = (Vec::new(), Vec::new());
    let soaked = mix::soak(1, |sample| {
        samples.push(sample);
        kept.push(vec![1_u8; 1 << 20]);
    });
    soaked.unwrap();
    let change = judge(&samples).unwrap();
    assert!(change.is_growth(), "{change}, {} kept", kept.len());
}
