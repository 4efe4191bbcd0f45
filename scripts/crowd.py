"""Many visitors by simulation: how long a page takes where sessions share some processes, from what one measured.

`python -m scripts.crowd --rate 41 --of 2 --sessions 1000 --reading 30 --processes 2 4 6`

A closed queue: each session reads for a while, asks for a page, and waits; its process, in which it stays, gives what
it can do in equal parts to all who wait in it, as threads under one lock do (processor sharing). One page takes on
average what the measured rate at full load says. Not in it: the first page of a process, jobs, the network.
"""

from __future__ import annotations

import argparse
import heapq
import json
from collections.abc import Callable

import numpy as np

SPREAD = 0.6  # standard deviation of the work of a page over its mean: pages of the demo take 11 to 65 ms


def simulate(
    sessions: int,
    processes: int,
    *,
    work: float,
    reading: Callable[[], float],
    seconds: float,
    spread: float = SPREAD,
    seed: int = 0,
) -> list[float]:
    """Seconds of each page that was asked for after the first fifth of the time.

    work: mean seconds of one page alone, spread: their standard deviation over it (log-normal). reading: draws the
    seconds between a page and the next question.

    >>> alone = simulate(1, 1, work=0.1, reading=lambda: 1.0, seconds=400)
    >>> abs(sum(alone) / len(alone) - 0.1) < 0.02
    True
    """
    rng = np.random.default_rng(seed)
    sigma = float(np.sqrt(np.log1p(spread**2)))
    clocks = [0.0] * processes  # work that each who waits has been given, by process
    last = [0.0] * processes
    waiting: list[list[tuple[float, int]]] = [[] for _ in range(processes)]  # clock at which one is done, session
    turn = [0] * processes  # what was foreseen before somebody came or went holds no longer
    asked = [0.0] * sessions
    events: list[tuple[float, int, int, int]] = [(reading() * rng.random(), 0, one, 0) for one in range(sessions)]
    heapq.heapify(events)
    found: list[float] = []

    def pass_to(now: float, process: int) -> None:
        if waiting[process]:
            clocks[process] += (now - last[process]) / len(waiting[process])
        last[process] = now

    def foresee(now: float, process: int) -> None:
        turn[process] += 1
        if waiting[process]:
            left = (waiting[process][0][0] - clocks[process]) * len(waiting[process])
            heapq.heappush(events, (now + max(left, 0.0), 1, process, turn[process]))

    while events:
        now, kind, number, of_turn = heapq.heappop(events)
        if now > seconds:
            break
        if kind == 0:
            process = number % processes
            pass_to(now, process)
            asked[number] = now
            need = work * float(rng.lognormal(-(sigma**2) / 2, sigma))
            heapq.heappush(waiting[process], (clocks[process] + need, number))
        else:
            process = number
            if of_turn != turn[process]:
                continue
            pass_to(now, process)
            _, session = heapq.heappop(waiting[process])
            if now > seconds / 5:
                found.append(now - asked[session])
            heapq.heappush(events, (now + reading(), 0, session, 0))
        foresee(now, process)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m scripts.crowd", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rate", type=float, required=True, help="pages a second at full load, measured")
    parser.add_argument("--of", type=int, default=2, help="processes in which it was measured, a core each")
    parser.add_argument("--sessions", type=int, default=1000)
    parser.add_argument("--reading", type=float, default=30.0, help="mean seconds between a page and the next question")
    parser.add_argument("--processes", type=int, nargs="+", default=[2, 3, 4, 6, 8])
    parser.add_argument(
        "--spread", type=float, default=SPREAD, help="standard deviation of a page's work over its mean"
    )
    parser.add_argument("--seconds", type=float, default=600.0, help="simulated")
    options = parser.parse_args()
    rng = np.random.default_rng(1)
    for processes in options.processes:
        found = simulate(
            options.sessions,
            processes,
            work=options.of / options.rate,
            reading=lambda: float(rng.exponential(options.reading)) if options.reading else 0.0,
            seconds=options.seconds,
            spread=options.spread,
        )
        median, high = np.percentile(found, [50, 95])
        told = {
            "processes": processes,
            "pages_a_second": round(len(found) / (0.8 * options.seconds), 1),
            "median": round(float(median), 2),
            "p95": round(float(high), 2),
        }
        print(json.dumps(told))


if __name__ == "__main__":
    main()
