"""Data Integrity proofs ``eddsa-rdfc-2022`` (W3C) on JSON-LD. Contexts are shipped in ``contexts``;
nothing is ever fetched: whatever names another context is refused.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from pyld import jsonld

from silian.engines.multibase import multibase

CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
FILES = {CREDENTIALS: "credentials-v2.json", OPEN_BADGES: "open-badges-3.0.3.json"}
CONTEXTS = Path(__file__).parent / "contexts"
Document = Mapping[str, Any]


def signed(
    document: Document, *, method: str, created: datetime, sign: Callable[[bytes], bytes]
) -> dict[str, Any]:
    """``document`` with a proof by the key that ``method`` names."""
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": created.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    }
    value = multibase(sign(digest_of(document, proof)))
    return {**document, "proof": {**proof, "proofValue": value}}


def digest_of(document: Document, proof: Document) -> bytes:
    """What is signed: the SHA-256 of the proof's facts, then that of the document."""
    facts = {"@context": document["@context"], **proof}
    return _hashed(facts) + _hashed(document)


def _hashed(document: Document) -> bytes:
    options = {
        "algorithm": "URDNA2015",
        "format": "application/n-quads",
        "documentLoader": _shipped,
    }
    quads = jsonld.normalize(dict(document), options)
    return hashlib.sha256(quads.encode()).digest()


def _shipped(url: str, _options: Any) -> dict[str, Any]:
    """A context of ours; ValueError for anything that would have to be fetched."""
    if url not in FILES:
        raise ValueError(f"{url} is not shipped, and nothing is fetched")
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": url,
        "document": _read(FILES[url]),
    }


@cache
def _read(name: str) -> Any:
    return json.loads((CONTEXTS / name).read_text())
