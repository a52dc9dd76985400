"""Times the placement engine beside PyPI's `matching` and `algmatch`, on the same instances.

Run from the project's root:  python -m benchmarks.matching [--large]
The peers live in an environment of their own, made from benchmarks/requirements.txt (--peers).
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import tracemalloc
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from silian.engines.explain import digest, is_student_optimal, verify
from silian.engines.matching import (
    Market,
    Matching,
    Position,
    draw_lottery,
    match,
    priority_classes,
    strict_order,
)

ROOT = Path(__file__).resolve().parents[1]
WISHES = 10
SEED = 2025


def instance(students: int, seed: int = 7) -> Market:
    """10 wishes drawn by lognormal popularity among n/20 positions; Pareto quotas for 0.95 n.

    Points are one common ability plus noise of each position, 0-10,000; ties go to the lottery.
    """
    rng = np.random.default_rng(seed)
    positions = max(2, students // 20)
    popularity = np.cumsum(rng.lognormal(0, 1, positions))
    draws = rng.random((students, 2 * WISHES)) * popularity[-1]
    wished = np.searchsorted(popularity, draws).astype(np.int32)
    new = np.ones(wished.shape, bool)
    for column in range(1, 2 * WISHES):
        new[:, column] = (wished[:, :column] != wished[:, [column]]).all(axis=1)
    new &= np.cumsum(new, axis=1) <= WISHES
    counts = new.sum(axis=1)
    shares = rng.pareto(1.5, positions) + 1
    noise = rng.normal(size=int(counts.sum())) / 2
    ability = np.repeat(rng.normal(size=students), counts) + noise
    points = np.clip(6000 + 1000 * ability, 0, 10_000).astype(np.int64)
    priorities, points_bits = priority_classes(points)
    return Market(
        quotas=np.maximum(1, shares / shares.sum() * 0.95 * students).astype(np.int64),
        offsets=np.concatenate([[0], np.cumsum(counts)]),
        positions=wished[new],
        priorities=priorities,
        lottery=draw_lottery(SEED, names(students)),
        points_bits=points_bits,
        seed=SEED,
    )


def names(count: int) -> list[str]:
    """Ids that sort as numbers do."""
    return [f"{i:07}" for i in range(count)]


def as_lists(market: Market) -> dict[str, Any]:
    """The same market as plain lists with strict rankings, which is what the peers read."""
    owners = np.repeat(np.arange(len(market.lottery)), np.diff(market.offsets))
    order = np.lexsort((strict_order(market, owners), market.positions))
    ends = np.searchsorted(market.positions[order], np.arange(len(market.quotas) + 1))
    split = zip(market.offsets[:-1].tolist(), market.offsets[1:].tolist(), strict=True)
    ranked = zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True)
    return {
        "wishes": [market.positions[a:b].tolist() for a, b in split],
        "rankings": [owners[order[a:b]].tolist() for a, b in ranked],
        "quotas": market.quotas.tolist(),
    }


def result_hash(assignment: Any) -> str:
    return hashlib.sha256(np.asarray(assignment, "<i4").tobytes()).hexdigest()[:16]


def seconds(work: Callable[[], Any], repeats: int) -> float:
    """The shortest of some runs: the machine is shared, and noise only ever adds."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def peak_mib(work: Callable[[], Any]) -> float:
    """The most that was allocated at once beyond what stood before, NumPy arrays included."""
    tracemalloc.start()
    work()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / 2**20


def ours(market: Market, repeats: int) -> Matching:
    """Print how long each step takes on arrays, against reading every wish once."""
    points = market.priorities.copy()  # any whole numbers take as long to pack
    wide = len(market.lottery) > 10**5
    ids = names(len(market.lottery))
    matching = match(market)
    steps: dict[str, Callable[[], Any]] = {
        "draw the lottery": lambda: draw_lottery(SEED, ids),
        "pack priorities": lambda: priority_classes(points),
        "match": lambda: match(market),
        "verify": lambda: verify(market, matching),
        "certify optimal": lambda: is_student_optimal(market, matching),
        "digest": lambda: digest(market),
    }
    arrays = market.quotas, market.offsets, market.positions, market.priorities, market.lottery
    size = sum(array.nbytes for array in arrays) / 2**20
    stream = seconds(lambda: [array.sum() for array in arrays], repeats)
    print(f"  inputs {size:.1f} MiB, summed once in {stream * 1000:.2f} ms")
    for name, work in steps.items():
        took = seconds(work, 1 if wide and name == "draw the lottery" else repeats)
        line = f"  {name:17} {took * 1000:9.1f} ms  {took / stream:7.0f} x streaming"
        if name in ("match", "verify", "certify optimal"):
            peak = peak_mib(work)
            line += f"  extra memory {peak:6.1f} MiB = {peak / size:.2f} x inputs"
        print(line)
    assert verify(market, matching) == []
    assert is_student_optimal(market, matching)
    placed = int((matching.assignment >= 0).sum())
    print(f"  placed {placed:,}, stable and student-optimal, {result_hash(matching.assignment)}")
    return matching


def ours_from_lists(lists: dict[str, Any]) -> dict[str, Any]:
    """Build from the peers' own lists and match."""
    ids, places = names(len(lists["wishes"])), names(len(lists["quotas"]))
    wishes = {s: [places[p] for p in w] for s, w in zip(ids, lists["wishes"], strict=True)}
    offers = {
        place: Position(quota, [ids[s] for s in ranking])
        for place, quota, ranking in zip(places, lists["quotas"], lists["rankings"], strict=True)
    }
    start = time.perf_counter()
    market = Market.from_lists(wishes, offers, SEED)
    built = time.perf_counter()
    assignment = match(market).assignment
    solved = time.perf_counter()
    return {"build": built - start, "solve": solved - built, "hash": result_hash(assignment)}


def peer_matching(lists: dict[str, Any]) -> dict[str, Any]:
    from matching.games import HospitalResident  # noqa: PLC0415 - only the peers' Python has it

    wishes, rankings = dict(enumerate(lists["wishes"])), dict(enumerate(lists["rankings"]))
    quotas = dict(enumerate(lists["quotas"]))
    start = time.perf_counter()
    game = HospitalResident.create_from_dictionaries(wishes, rankings, quotas)
    built = time.perf_counter()
    solution = game.solve(optimal="resident")
    solved = time.perf_counter()
    assignment = [-1] * len(wishes)
    for position, holders in solution.items():
        for student in holders:
            assignment[student.name] = position.name
    return {"build": built - start, "solve": solved - built, "hash": result_hash(assignment)}


def peer_algmatch(lists: dict[str, Any]) -> dict[str, Any]:
    from algmatch import HospitalResidentsProblem  # noqa: PLC0415 - only the peers' Python has it

    wishes = {s: [p + 1 for p in w] for s, w in enumerate(lists["wishes"], 1)}
    offers = {
        p: {"capacity": quota, "preferences": [s + 1 for s in ranking]}
        for p, (quota, ranking) in enumerate(
            zip(lists["quotas"], lists["rankings"], strict=True), 1
        )
    }
    start = time.perf_counter()
    problem = HospitalResidentsProblem(dictionary={"residents": wishes, "hospitals": offers})
    built = time.perf_counter()
    solution = problem.get_stable_matching()
    solved = time.perf_counter()
    got = solution["resident_sided"]
    assignment = [int(got[f"r{s}"][1:] or 0) - 1 if got[f"r{s}"] else -1 for s in wishes]
    return {"build": built - start, "solve": solved - built, "hash": result_hash(assignment)}


PEERS = {"matching": peer_matching, "algmatch": peer_algmatch}


def run_peer(name: str, path: str) -> None:
    """In the peers' Python: solve one instance with a deep stack, and print the result as JSON."""
    warnings.simplefilter("ignore")
    sys.setrecursionlimit(10**6)
    threading.stack_size(512 * 2**20)
    lists = json.loads(Path(path).read_text())
    thread = threading.Thread(target=lambda: print(json.dumps(PEERS[name](lists))))
    thread.start()
    thread.join()


def beside_peers(market: Market, matching: Matching, python: Path, limit: float) -> None:
    """Print build and solve from the same lists, and how many times longer the peers take."""
    lists = as_lists(market)
    best = min((ours_from_lists(lists) for _ in range(3)), key=lambda run: run["solve"])
    assert best["hash"] == result_hash(matching.assignment)
    total = best["build"] + best["solve"]
    print(f"  from lists: {'Silian':9} build {best['build']:8.3f} s, solve {best['solve']:8.3f} s")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lists.json"
        path.write_text(json.dumps(lists))
        for name in PEERS:
            run = ask_peer(name, path, python, limit)
            if isinstance(run, str):
                print(f"  from lists: {name:9} {run}")
                continue
            times = (run["build"] + run["solve"]) / total
            same = "same matching" if run["hash"] == best["hash"] else "ANOTHER MATCHING"
            print(
                f"  from lists: {name:9} build {run['build']:8.3f} s, solve {run['solve']:8.3f} s:"
                f" {times:,.0f} x in all, {run['solve'] / best['solve']:,.0f} x to solve, {same}"
            )


def ask_peer(name: str, path: Path, python: Path, limit: float) -> dict[str, Any] | str:
    """Return the peer's times, or the reason why there are none."""
    if not python.exists():
        return f"skipped: no {python}"
    command = [str(python), "-P", "-m", "benchmarks.matching", "--run-peer", name, str(path)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    try:
        run = subprocess.run(
            command, capture_output=True, text=True, timeout=limit, env=environment, check=False
        )
    except subprocess.TimeoutExpired:
        return f"stopped after {limit:.0f} s"
    if not run.stdout.strip():
        return f"skipped: {(run.stderr.strip().splitlines() or ['no output'])[-1]}"
    result: dict[str, Any] = json.loads(run.stdout)
    return result


def chain(length: int) -> Market:
    """The worst case for rounds: one newcomer pushes everybody on, one at a time."""
    own = np.arange(length)
    return Market(
        quotas=np.ones(length, np.int64),
        offsets=np.append(2 * own, [2 * length - 1, 2 * length]),
        positions=np.append(np.stack([own, own + 1], axis=1).ravel()[:-1], 0),
        priorities=np.append(np.tile([1, 0], length)[:-1], 0),
        lottery=np.arange(length + 1),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--large", action="store_true", help="add a million students")
    parser.add_argument("--peers", type=Path, default=ROOT / "var/bench/bin/python")
    parser.add_argument("--limit", type=float, default=60, help="seconds for each peer run")
    parser.add_argument("--run-peer", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run_peer:
        run_peer(*options.run_peer)
        return
    for students in [1000, 10_000, 100_000] + [1_000_000] * options.large:
        market = instance(students)
        print(f"{students:,} students, {len(market.quotas):,} positions")
        matching = ours(market, repeats=5 if students <= 10**5 else 3)
        if students <= 10**4:
            beside_peers(market, matching, options.peers, options.limit)
    took = seconds(lambda: match(chain(10_000)), 3)
    print(f"a chain of 10,000 displacements: {took * 1000:.0f} ms")
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, NumPy {np.__version__}")
    print("repeat: python -m benchmarks.matching" + " --large" * options.large)


if __name__ == "__main__":
    main()
