"""Who took part in an edition, as everybody may read it: organisations, and people who agreed."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from silian.education.authoring.models import Contributor
from silian.education.standards.models import Edition
from silian.governance.members.models import Organisation
from silian.governance.roles.models import Role


@dataclass
class Share:
    """What one organisation gave to an edition."""

    organisation: Organisation
    part: str = Contributor.Part.ADVISER
    stated: list[str] = field(default_factory=list)
    people: int = 0
    names: list[str] = field(default_factory=list)  # of those who agreed, with their office
    edits: int = 0
    comments: int = 0

    @property
    def part_name(self) -> str:
        return str(Contributor.Part(self.part).label)

    @property
    def counted(self) -> str:
        """What was counted, in words; nothing of what there was none."""
        said = [
            ngettext("%(n)d person", "%(n)d people", self.people) % {"n": self.people},
            ngettext("%(n)d text saved", "%(n)d texts saved", self.edits) % {"n": self.edits},
            ngettext("%(n)d comment", "%(n)d comments", self.comments) % {"n": self.comments},
        ]
        numbers = (self.people, self.edits, self.comments)
        return "、".join(text for text, number in zip(said, numbers, strict=True) if number)

    @property
    def line(self) -> str:
        """The share as one line of a document."""
        facts = [self.part_name, *self.stated, self.counted, "、".join(self.names)]
        said = ";".join(fact for fact in facts if fact)
        return _("%(who)s: %(what)s") % {"who": self.organisation.name, "what": said}


def shares_of(edition: Edition) -> list[Share]:
    """By organisation: the school first, then in the order of their parts."""
    order = list(Contributor.Part)
    found: dict[int, Share] = {}
    rows = list(edition.contributors.select_related("organisation", "user"))
    offices = _offices([row for row in rows if row.named])
    for row in rows:
        share = found.setdefault(row.organisation_id, Share(row.organisation))
        share.part = min(share.part, row.part, key=lambda part: order.index(Contributor.Part(part)))
        share.edits += row.edits
        share.comments += row.comments
        share.stated += [row.stated] if row.stated else []
        if row.user:
            share.people += 1
        if row.named and row.user:
            office = offices.get((row.user_id, row.organisation_id), "")
            share.names.append(f"{row.user.name}({office})" if office else row.user.name)
    school = edition.standard.programme.school_id
    return sorted(
        found.values(),
        key=lambda share: (
            share.organisation.pk != school,
            order.index(Contributor.Part(share.part)),
            share.organisation.name_zh,
        ),
    )


def _offices(rows: list[Contributor]) -> dict[tuple[int | None, int], str]:
    """What those people are in their organisations."""
    roles = Role.objects.running().filter(user__in=[row.user_id for row in rows])
    return {
        (role.user_id, role.organisation_id): role.title
        for role in roles
        if role.organisation_id and role.title
    }
