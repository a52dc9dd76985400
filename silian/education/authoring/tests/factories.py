from typing import Any

from silian.education.authoring.models import Comment, Contributor
from silian.education.standards.models import Edition
from silian.governance.members.models import Organisation
from silian.governance.members.tests.factories import make_membership, make_staff
from silian.kernel.accounts.models import User


def make_partner(
    edition: Edition, part: str = Contributor.Part.WRITER
) -> tuple[Organisation, User]:
    """A member firm that takes part as a whole, and one of its people."""
    firm = make_membership(edition.standard.consortium).organisation
    Contributor.objects.create(edition=edition, organisation=firm, part=part)
    return firm, make_staff(firm)


def make_comment(edition: Edition, by: User, **fields: Any) -> Comment:
    return Comment.objects.create(edition=edition, by=by, **({"text": "More practice"} | fields))
