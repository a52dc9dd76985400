from silian.governance.agreements.models import Agreement, Version
from silian.governance.agreements.tests.factories import make_agreement
from silian.governance.consortia.models import Consortium
from silian.governance.drafting import services
from silian.governance.drafting.models import Consent, Template
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import (
    make_membership,
    make_organisation,
    make_secretary,
)
from silian.kernel.accounts.tests.factories import make_user

TERMS = {"purpose": "共建", "content": "合作", "rights_duties": "各尽其责"}


def make_version(
    agreement: Agreement, text: str = "第一条　双方合作。", **fields: object
) -> Version:
    number = agreement.versions.count() + 1
    facts: dict[str, object] = {"number": number, "text": text, "by": make_user()}
    return Version.objects.create(agreement=agreement, **(facts | fields))


def make_draft(consortium: Consortium, **fields: object) -> Agreement:
    """A framework draft of a school and a firm that lacks nothing but a text."""
    college = make_membership(consortium, make_organisation(Organisation.Kind.COLLEGE))
    firm = make_membership(consortium)
    facts: dict[str, object] = {"kind": Agreement.Kind.FRAMEWORK, "terms": dict(TERMS)}
    return make_agreement(consortium, [college.organisation, firm.organisation], **(facts | fields))


def make_agreed(consortium: Consortium, **fields: object) -> Agreement:
    """A draft whose parties all agree to its text: it can be frozen."""
    agreement = make_draft(consortium, **fields)
    version = make_version(agreement)
    for party in agreement.party_set.all():
        Consent.objects.create(version=version, party=party, by=make_user())
    return agreement


def make_frozen(consortium: Consortium, **fields: object) -> Agreement:
    """An agreement that is being signed, with its PDF."""
    agreement = make_agreed(consortium, **fields)
    return services.freeze(agreement, by=make_secretary(consortium))


def make_template(consortium: Consortium, **fields: object) -> Template:
    facts: dict[str, object] = {"kind": Agreement.Kind.FRAMEWORK, "name": "示范文本"}
    facts |= {"text": "甲方：{{ party_1 }}，目标：{{ terms.purpose }}。"}
    return Template.objects.create(consortium=consortium, **(facts | fields))
