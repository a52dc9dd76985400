"""The published files with which anybody can repeat and check a round."""

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

from silian.engines import verify_bundle
from silian.engines.explain import write_bundle
from silian.engines.matching import Market, Matching

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
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in sorted(files.items()):
            packed.writestr(zipfile.ZipInfo(name, EPOCH), text, zipfile.ZIP_DEFLATED)
    result = hashlib.sha256(files["result.csv"].encode()).hexdigest()
    return Packed(archive.getvalue(), about["inputs_digest"], result)
