from datetime import timedelta
from itertools import count

from silian.governance.agreements.models import Agreement, Party
from silian.governance.consortia.models import Consortium
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import make_consortium, make_membership, make_staff
from silian.governance.signing.models import Method, Process, Signatory
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.files.tests.factories import make_stored

numbers = count(1)


def make_frozen(
    consortium: Consortium | None = None, parties: int | list[Organisation] = 2, **fields: object
) -> Agreement:
    """An agreement between some members, or between ``parties``, whose text is frozen."""
    consortium, number = consortium or make_consortium(), next(numbers)
    names = {"title_zh": f"合作协议{number}", "title_en": f"Cooperation {number}"}
    kind = Agreement.Kind.ORDER_CLASS
    agreement = Agreement.objects.create(consortium=consortium, kind=kind, **names)
    if isinstance(parties, int):
        parties = [make_membership(consortium).organisation for _ in range(parties)]
    for order, organisation in enumerate(parties, start=1):
        Party.objects.create(agreement=agreement, organisation=organisation, order=order)
    facts: dict[str, object] = {"state": Agreement.State.SIGNING}
    facts |= {"frozen": make_stored(name="协议.pdf"), "check_code": f"CHECK{number:06}"}
    Agreement.objects.filter(pk=agreement.pk).update(**(facts | fields))
    agreement.refresh_from_db()
    return agreement


def parties_of(agreement: Agreement) -> list[Organisation]:
    return [party.organisation for party in agreement.party_set.order_by("order")]


def make_process(agreement: Agreement | None = None, **fields: object) -> Process:
    """A signing that is open, with nobody in it yet."""
    agreement = agreement or make_frozen()
    facts: dict[str, object] = {"state": Process.State.OPEN, "document": agreement.frozen}
    facts["opened_at"] = clock.now() - timedelta(minutes=5)
    return Process.objects.create(agreement=agreement, **(facts | fields))


def make_signatory(
    process: Process, organisation: Organisation | None = None, **fields: object
) -> Signatory:
    """Somebody with an account and an e-mail address who signs for a party (the first one)."""
    organisation = organisation or parties_of(process.agreement)[0]
    if "user" not in fields:
        fields["user"] = make_signer(organisation)
    user = fields["user"]
    name = user.name if isinstance(user, User) else f"签署人{next(numbers)}"
    facts: dict[str, object] = {"name": name, "title": "院长"}
    facts["method"] = Method.ELECTRONIC if user else Method.PAPER
    return Signatory.objects.create(process=process, organisation=organisation, **(facts | fields))


def make_signer(organisation: Organisation) -> User:
    user = make_staff(organisation)
    User.objects.filter(pk=user.pk).update(email=f"{user.username}@example.com", language="en")
    return User.objects.get(pk=user.pk)


def make_signing(parties: int = 2, **fields: object) -> Process:
    """An open signing with one signatory a party."""
    agreement = make_frozen(parties=parties)
    process = make_process(agreement, **fields)
    for organisation in parties_of(agreement):
        make_signatory(process, organisation)
    return process
