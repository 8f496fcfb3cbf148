"""Runs a graph with one of Hamilton's drivers: `graph.py sync` or `graph.py async`.

What it reads and answers is told in `benches/src/contenders/guest.rs`. The driver is built before the clock starts, and
executes the same graph again and again.
"""

import asyncio
import os
import sys
import threading
import time

os.environ["HAMILTON_TELEMETRY_ENABLED"] = "false"

from hamilton import ad_hoc_utils, async_driver, base, driver  # noqa: E402

LIMIT = 2**64


def source(reads: list[list[int]], is_async: bool) -> str:
    """Returns a module that has a function for each node."""
    define = "async def" if is_async else "def"
    functions = []
    for node, read in enumerate(reads):
        parameters = ", ".join(f"node_{other}: int" for other in read)
        total = " + ".join([str(node)] + [f"node_{other}" for other in read])
        functions.append(f"{define} node_{node}({parameters}) -> int:\n    return ({total}) % {LIMIT}\n")
    return "\n".join(functions)


def numbers() -> list[int]:
    return [int(number) for number in sys.stdin.readline().split()]


def answers(run) -> None:
    """Answers each line with the results of so many runs, and how long they took."""
    print("ready", flush=True)
    for line in sys.stdin:
        total = 0
        start = time.perf_counter_ns()
        for _ in range(int(line)):
            total += sum(run().values())
        took = time.perf_counter_ns() - start
        print(total % LIMIT, took, flush=True)


def main() -> None:
    is_async = sys.argv[1] == "async"
    reads = [numbers() for _ in range(numbers()[0])]
    sinks = [f"node_{sink}" for sink in numbers()]
    module = ad_hoc_utils.module_from_source(source(reads, is_async))
    if not is_async:
        built = driver.Driver({}, module, adapter=base.DefaultAdapter())
        answers(lambda: built.execute(sinks))
        return
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    built = async_driver.AsyncDriver({}, module, result_builder=base.DictResult())
    loop.run_until_complete(built.ainit())
    answers(lambda: loop.run_until_complete(built.execute(sinks)))


# Hamilton descends from the sinks, a call for each node of the longest path.
sys.setrecursionlimit(1_000_000)
threading.stack_size(512 * 1024 * 1024)
thread = threading.Thread(target=main)
thread.start()
thread.join()
