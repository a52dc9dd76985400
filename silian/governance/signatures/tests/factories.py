"""A certificate authority of our own, which signs with its own key; and what people hand in."""

import json
from datetime import datetime
from itertools import count

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from silian.governance.signatures.models import Scan
from silian.governance.signing.models import Signatory
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.authorities import BadReceipt, Started, Verified
from silian.kernel.files.models import StoredFile
from silian.kernel.files.tests.factories import PNG, make_stored

numbers = count(1)
AUTHORITIES = {"test": "silian.governance.signatures.tests.factories.TestAuthority"}
SECRET = Ed25519PrivateKey.generate()


class TestAuthority:
    """Vouches for what it signed itself; nothing leaves this process."""

    __test__ = False  # no test of pytest's
    label = "测试认证机构"

    def start(self, document: StoredFile, *, name: str, organisation: str) -> Started:
        return Started(url=f"https://ca.example/{document.sha256}", reference="REF-1")

    def verify(self, receipt: str) -> Verified:
        try:
            body, signature = receipt.rsplit(".", 1)
            SECRET.public_key().verify(bytes.fromhex(signature), body.encode())
            facts = json.loads(body)
        except (ValueError, InvalidSignature) as error:
            raise BadReceipt("forged") from error
        facts["signed_at"] = datetime.fromisoformat(facts["signed_at"])
        return Verified(**facts)


def make_receipt(signatory: Signatory, **changes: str) -> str:
    """What the authority gives ``signatory`` after signing there."""
    document = signatory.process.document
    assert document
    facts = {
        "name": signatory.name,
        "organisation": signatory.organisation.name_zh,
        "signed_at": clock.now().isoformat(),
        "sha256": document.sha256,
        "serial": f"S-{next(numbers)}",
    }
    body = json.dumps(facts | changes)
    return f"{body}.{SECRET.sign(body.encode()).hex()}"


def make_scan(signatory: Signatory, by: User | None = None, **fields: object) -> Scan:
    """A scan that waits for its check."""
    by = by or make_user()
    Signatory.objects.filter(pk=signatory.pk).update(state=Signatory.State.CHECKING)
    signatory.refresh_from_db()
    facts: dict[str, object] = {"file": make_stored(by, "签字页.png", PNG), "by": by}
    facts["signed_on"] = clock.today()
    return Scan.objects.create(signatory=signatory, **(facts | fields))
