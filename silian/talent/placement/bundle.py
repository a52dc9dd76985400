"""The published files with which anybody can repeat and check a round."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from silian.engines import verify_bundle
from silian.engines.explain import write_bundle
from silian.engines.matching import Market, Matching
from silian.talent.placement.models import Bundle, Decision

EPOCH = (1980, 1, 1, 0, 0, 0)  # every file's time in the archive, so that equal rounds are equal


@dataclass(frozen=True)
class Packed:
    """An archive of the bundle with the script that checks it, and the two digests."""

    archive: bytes
    inputs_digest: str
    result_digest: str


def pack_bundle(market: Market, matching: Matching) -> Packed:
    """Pack what the engine publishes; students appear as their anonymous codes alone."""
    files = write_bundle(market, matching)
    about = json.loads(files["round.json"])
    script = Path(verify_bundle.__file__)
    files[script.name] = script.read_text(encoding="utf-8")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for name, text in sorted(files.items()):
            packed.writestr(zipfile.ZipInfo(name, EPOCH), text, zipfile.ZIP_DEFLATED, 1)
    result = hashlib.sha256(files["result.csv"].encode()).hexdigest()
    return Packed(archive.getvalue(), about["inputs_digest"], result)


def with_decisions(bundle: Bundle, decisions: Sequence[Decision]) -> bytes:
    """The archive, with a table of what was decided by hand since, if anything was."""
    if not decisions:
        return bytes(bundle.archive)
    text, whole = io.StringIO(), io.BytesIO(bundle.archive)
    table = csv.writer(text, lineterminator="\n")
    table.writerow(("student", "from", "to", "at", "reason"))
    for it in decisions:
        seats = [str(place.seat_id) if place else "" for place in (it.ended, it.given)]
        table.writerow((it.code, *seats, it.at.isoformat(), it.reason))  # type: ignore[attr-defined]
    with zipfile.ZipFile(whole, "a") as packed:
        packed.writestr(zipfile.ZipInfo("decisions.csv", EPOCH), text.getvalue())
    return whole.getvalue()
