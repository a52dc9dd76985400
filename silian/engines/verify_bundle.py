"""Check a published placement round:  python3 verify_bundle.py DIRECTORY_OR_ZIP

Stands alone: Python 3.9 or later and nothing else. It repeats the lottery from the published seed,
checks every place against wishes, eligibility, quotas and stability, and then runs the placement
again. "12/1" is the first reserve of position 12 and asked before it: a wish is one for all parts
in order. Exit code: 0 all holds, 1 a violation, 2 unreadable bundle.
"""

import csv
import hashlib
import json
import sys
import zipfile
from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

TABLES = ("inputs.csv", "positions.csv", "result.csv")


def read(bundle: Path) -> dict[str, bytes]:
    if bundle.is_dir():
        return {name: (bundle / name).read_bytes() for name in (*TABLES, "round.json")}
    with zipfile.ZipFile(bundle) as archive:
        return {name: archive.read(name) for name in (*TABLES, "round.json")}


class Round:
    def __init__(self, files: dict[str, bytes]) -> None:
        about = json.loads(files["round.json"])
        texts = [files[name].decode().split("\n") for name in TABLES]
        inputs, positions, result = (list(csv.DictReader(text)) for text in texts)
        self.bad = [n for n in TABLES if hashlib.sha256(files[n]).hexdigest() != about["sha256"][n]]
        self.quotas = {row["position"]: int(row["quota"]) for row in positions}
        self.given = {row["student"]: row["position"] for row in result}
        self.lines = Counter(row["student"] for row in result)
        self.wholes = {p: p.partition("/")[0] for p in self.quotas}
        self.listed = [(row["student"], row["position"]) for row in inputs]
        self.wishes: dict[str, list[str]] = defaultdict(list)  # the eligible ones, best first
        self.keys: dict[tuple[str, str], tuple[int, str]] = {}  # the smaller comes first
        for row in inputs:
            student, position = row["student"], row["position"]
            number = hashlib.sha256(f"{about['seed']}:{student}".encode()).hexdigest()
            if row["class"]:  # empty: not eligible there
                self.wishes[student].append(position)
                self.keys[student, position] = (int(row["class"]), number)

    def problems(self) -> Iterator[str]:  # noqa: PLR0912  a check a branch, read downward
        held: dict[str, list[tuple[int, str]]] = {position: [] for position in self.quotas}
        yield from (f"{name} is not the file that round.json describes" for name in self.bad)
        twice = [student for student, count in self.lines.items() if count > 1]
        yield from (f"student {student} appears twice in the result" for student in twice)
        parts = {w: [*group] for w, group in groupby(self.quotas, self.wholes.__getitem__)}
        for (student, whole), group in groupby(self.listed, lambda it: (it[0], self.wholes[it[1]])):
            if [position for _, position in group] != parts[whole]:
                yield f"student {student} does not wish for the parts of {whole} in order"
        for student, position in self.given.items():
            if (student, position) in self.keys:
                insort(held[position], self.keys[student, position])
            elif position:
                yield f"student {student} got {position}: not wished for, or not eligible"
        for position, quota in self.quotas.items():
            if len(held[position]) > quota:
                yield f"position {position} took {len(held[position])}, its quota is {quota}"
        for student, wishes in self.wishes.items():
            if (got := self.given.get(student)) is None:
                yield f"student {student} has no line in the result"
            for position in wishes[: wishes.index(got)] if got in wishes else wishes:
                if len(held[position]) < self.quotas[position]:
                    yield f"student {student} prefers {position}, which has a place left"
                elif held[position] and self.keys[student, position] < held[position][-1]:
                    yield f"student {student} prefers {position} and comes before one who got it"
        if self.again() != {s: position for s, position in self.given.items() if position}:
            yield "running the placement again gives another result"

    def again(self) -> dict[str, str]:
        held: dict[str, list[tuple[tuple[int, str], str]]] = defaultdict(list)
        free, left = list(self.wishes), {s: iter(wishes) for s, wishes in self.wishes.items()}
        while free:
            if position := next(left[student := free.pop()], None):
                insort(held[position], (self.keys[student, position], student))
                if len(held[position]) > self.quotas[position]:
                    free.append(held[position].pop()[1])
        return {student: p for p, holders in held.items() for _, student in holders}


if __name__ == "__main__":
    try:
        published = Round(read(Path(sys.argv[1])))
        problems = list(published.problems())
    except (IndexError, KeyError, OSError, ValueError, zipfile.BadZipFile) as error:
        sys.stderr.write(f"Cannot read the bundle: {error!r}\n")
        sys.exit(2)
    sys.stdout.writelines(f"VIOLATION: {problem}\n" for problem in problems)
    verdict = f"FAILED: {len(problems)} violations" if problems else "OK: stable, best for students"
    sys.stdout.write(f"{verdict} ({len(published.given)} students)\n")
    sys.exit(1 if problems else 0)
