"""What is issued can be found; what is held of those who have a certificate."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from silian.kernel.persons.models import Person
from silian.kernel.search.services import index
from silian.kernel.ui import formats
from silian.talent.credentials import policy
from silian.talent.credentials.models import Kind
from silian.talent.records.holdings import Holding, Row, register

index(
    Kind,
    visible=policy.visible_kinds,
    text=lambda kind: [kind.title_zh, kind.title_en, kind.issuer.name_zh, kind.issuer.name_en],
    name=gettext_lazy("Certificates"),
)


def certificates(person: Person) -> Iterator[Row]:
    for one in person.certificates.select_related("kind__issuer"):
        facts = {
            _("certificate"): one.kind.title,
            _("number"): one.number,
            _("version"): one.version,
            _("full name"): one.name,
            _("level reached"): one.level_name,
            _("issuing organisation"): one.kind.issuer.name,
            _("certificate issued on"): one.issued_on,
            _("state"): one.get_state_display(),
            _("why it no longer counts"): one.reason,
        }
        yield {name: str(formats.readable(value)) for name, value in facts.items() if value}


register(
    Holding(
        "certificates",
        gettext_lazy("Certificates"),
        certificates,
        stays=gettext_lazy(
            "Issued certificates stay in the register of their issuer as they were printed, with "
            "the name, so that whoever holds the paper can still have it checked."
        ),
    )
)
