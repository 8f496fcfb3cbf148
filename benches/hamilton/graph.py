"""Runs a graph with a driver of Hamilton: `graph.py sync` or `graph.py async`.

`benches/src/contenders/guest.rs` describes the protocol. The driver is built before the measurement starts, and executes the
same graph repeatedly.
"""

import asyncio
import os
import sys
import threading
import time

os.environ["HAMILTON_TELEMETRY_ENABLED"] = "false"

from hamilton import ad_hoc_utils, async_driver, base, driver  # noqa: E402

LIMIT = 2**64


def generate_source(reads: list[list[int]], is_async: bool) -> str:
    """Returns the source of a module with a function for each node."""
    define = "async def" if is_async else "def"
    functions = []
    for node, read in enumerate(reads):
        parameters = ", ".join(f"node_{dependency}: int" for dependency in read)
        total = " + ".join([str(node)] + [f"node_{dependency}" for dependency in read])
        functions.append(f"{define} node_{node}({parameters}) -> int:\n    return ({total}) % {LIMIT}\n")
    return "\n".join(functions)


def read_numbers() -> list[int]:
    """Reads a line of numbers."""
    return [int(number) for number in sys.stdin.readline().split()]


def serve(run) -> None:
    """Executes the number of runs in each line, and prints the sum of the results and the elapsed nanoseconds."""
    print("ready", flush=True)
    for line in sys.stdin:
        total = 0
        start = time.perf_counter_ns()
        for _ in range(int(line)):
            total += sum(run().values())
        elapsed = time.perf_counter_ns() - start
        print(total % LIMIT, elapsed, flush=True)


def main() -> None:
    is_async = sys.argv[1] == "async"
    reads = [read_numbers() for _ in range(read_numbers()[0])]
    sinks = [f"node_{sink}" for sink in read_numbers()]
    module = ad_hoc_utils.module_from_source(generate_source(reads, is_async))
    if not is_async:
        hamilton_driver = driver.Driver({}, module, adapter=base.DefaultAdapter())
        serve(lambda: hamilton_driver.execute(sinks))
        return
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    hamilton_driver = async_driver.AsyncDriver({}, module, result_builder=base.DictResult())
    loop.run_until_complete(hamilton_driver.ainit())
    serve(lambda: loop.run_until_complete(hamilton_driver.execute(sinks)))


# Hamilton recurses from the sinks, to the depth of the longest path.
sys.setrecursionlimit(1_000_000)
threading.stack_size(512 * 1024 * 1024)
thread = threading.Thread(target=main)
thread.start()
thread.join()
