"""Runs a function for each item of a list with a driver of Hamilton: `fan_out.py threads` or `fan_out.py sequential`.

`benches/src/contenders/guest.rs` describes the protocol. The first line of the input is the number of items, instead of a graph.
The items are the numbers below it, the function returns its item, and the results are added. The driver is built before the
measurement starts.
"""

import os
import sys
import time

os.environ["HAMILTON_TELEMETRY_ENABLED"] = "false"

from hamilton import ad_hoc_utils, base, driver  # noqa: E402
from hamilton.execution import executors  # noqa: E402

SOURCE = """
from hamilton.htypes import Collect, Parallelizable

def number(count: int) -> Parallelizable[int]:
    yield from range(count)

def score(number: int) -> int:
    return number

def total(score: Collect[int]) -> int:
    return sum(score)
"""

# The number of threads, as for the other contenders.
THREADS = 2


def main() -> None:
    threads = executors.MultiThreadingExecutor(max_tasks=THREADS)
    sequential = executors.SynchronousLocalTaskExecutor()
    builder = driver.Builder().with_modules(ad_hoc_utils.module_from_source(SOURCE))
    builder = builder.with_adapters(base.DictResult()).enable_dynamic_execution(allow_experimental_mode=True)
    builder = builder.with_local_executor(executors.SynchronousLocalTaskExecutor())
    hamilton_driver = builder.with_remote_executor(threads if sys.argv[1] == "threads" else sequential).build()
    inputs = {"count": int(sys.stdin.readline())}
    print("ready", flush=True)
    for line in sys.stdin:
        total = 0
        start = time.perf_counter_ns()
        for _ in range(int(line)):
            total += hamilton_driver.execute(["total"], inputs=inputs)["total"]
        elapsed = time.perf_counter_ns() - start
        print(total % 2**64, elapsed, flush=True)


main()
