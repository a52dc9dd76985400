"""Check a published board:  python3 verify_board.py board.json

Stands alone: Python 3.9 or later and nothing else. It looks whether there are as many slips as
votes of those who voted, counts them, and where the file tells of an election says again who is
elected. Exit code: 0 all holds, 1 a violation, 2 unreadable file.
"""

import json
import sys
from collections.abc import Iterator
from fractions import Fraction
from hashlib import sha256
from math import ceil, floor
from pathlib import Path
from typing import Any

MARKS = ("for", "against", "abstain")


def problems(board: dict[str, Any]) -> Iterator[str]:
    slips, voted = board["slips"], board["voted"]
    codes = [code for code, _ in slips]
    if codes != sorted(set(codes)):
        yield "two slips have one code, or they are not in the order of their codes"
    if len(slips) != sum(unit["votes"] for unit in voted):
        yield f"{len(slips)} slips, but those who voted have another number of votes"
    if len({unit["unit"] for unit in voted}) != len(voted) or len(voted) > board["roll"]["units"]:
        yield "a unit is named twice, or more voted than are on the roll"
    if len(slips) > board["roll"]["votes"]:
        yield "there are more slips than votes on the roll"
    if board["sha256"] != digest(slips):
        yield "the slips are not those that the digest was made of"
    for question in board["questions"]:
        number, options = str(question["number"]), [str(o["number"]) for o in question["options"]]
        for code, choices in slips:
            marks = choices[number]
            if sorted(marks) != sorted(options) or not set(marks.values()) <= set(MARKS):
                yield f"slip {code} is not a paper of question {number}"
            if list(marks.values()).count("for") > question["most"]:
                yield f"slip {code} favours more than {question['most']} of question {number}"
        votes = {o: [sum(c[number][o] == m for _, c in slips) for m in MARKS] for o in options}
        if votes != board["counts"][number]:
            yield f"question {number} counts otherwise: {votes}"
        race = board.get("election", {}).get(number)
        if race:
            yield from race_problems(race, votes, len(slips), f"{board['sha256']}:{race['seed']}")


def digest(slips: list[Any]) -> str:
    return sha256(json.dumps(slips, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def race_problems(
    race: dict[str, Any], votes: dict[str, list[int]], cast: int, seed: str
) -> Iterator[str]:
    share, seats = Fraction(race["majority"]), race["seats"]
    of = {"present": race["present"], "eligible": race["eligible"], "valid": cast}[race["base"]]
    needed = max(1, floor(of * share) + 1 if race["strict"] else ceil(of * share))
    enough = race["present"] >= max(1, ceil(race["eligible"] * Fraction(race["quorum"])))
    if (race["needed"], race["quorum_met"]) != (needed, enough):
        yield f"{race['post']}: needed {needed}, quorum {'met' if enough else 'missed'}"
    favour = {name: counted[0] for name, counted in votes.items()}
    ranked = sorted(favour, key=lambda name: (-favour[name], name))
    reached = [name for name in ranked if enough and favour[name] >= needed]
    elected, tied = reached[:seats], []
    if len(reached) > seats and favour[reached[seats - 1]] == favour[reached[seats]]:
        edge = favour[reached[seats]]
        elected = [name for name in reached if favour[name] > edge]
        tied = [name for name in reached if favour[name] == edge]
    if tied and race["tie"] == "lot":
        lots = sorted((sha256(f"{seed}:{name}".encode()).hexdigest(), name) for name in tied)
        elected, tied = elected + [name for _, name in lots[: seats - len(elected)]], []
    if (sorted(race["elected"]), sorted(race["tied"])) != (sorted(elected), sorted(tied)):
        yield f"{race['post']}: elected are {elected}, tied are {tied}"


if __name__ == "__main__":
    try:
        published = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
        found = list(problems(published))
    except (IndexError, KeyError, OSError, TypeError, ValueError) as error:
        sys.stderr.write(f"Cannot read the board: {error!r}\n")
        sys.exit(2)
    sys.stdout.writelines(f"VIOLATION: {problem}\n" for problem in found)
    verdict = f"FAILED: {len(found)} violations" if found else "OK: every slip counts, once"
    sys.stdout.write(f"{verdict} ({len(published['slips'])} slips)\n")
    sys.exit(1 if found else 0)
