from decimal import Decimal
from typing import Any

from silian.education.banks.models import Bank, Seat
from silian.education.items.models import Version
from silian.education.items.tests.factories import make_bank, make_seat, make_version, occupation
from silian.education.papers import services
from silian.education.papers.models import Blueprint, Cell, Paper
from silian.education.questions.schema import Kind
from silian.kernel.accounts.models import User


def make_paper(bank: Bank | None = None, *, by: User | None = None, **fields: Any) -> Paper:
    """A draft with one empty form."""
    bank = bank or make_bank()
    setter = by or make_seat(bank, Seat.Part.SETTER)
    facts: dict[str, Any] = {"title_zh": "三级理论试卷", "level": "3", "occupation": occupation()}
    return services.keep_paper(Paper(bank=bank, **(facts | fields)), by=setter)


def make_items(bank: Bank, count: int, **fields: Any) -> list[Version]:
    """Approved items, all reviewed by one person."""
    author, reviewer = make_seat(bank), make_seat(bank, Seat.Part.REVIEWER)
    made = [make_version(bank, by=author, **fields) for _n in range(count)]
    rows = Version.objects.filter(pk__in=[version.pk for version in made])
    rows.update(state="approved", reviewed_by=reviewer, reviewed_at=made[0].at)
    return list(rows)


def make_blueprint(bank: Bank, *cells: dict[str, Any], **fields: Any) -> Blueprint:
    """Without cells: five single choices of two points."""
    facts: dict[str, Any] = {"title_zh": "三级细目表", "level": "3", "occupation": occupation()}
    rows = cells or ({"kind": Kind.SINGLE, "count": 5, "points": Decimal(2)},)
    blueprint = Blueprint(bank=bank, **(facts | fields))
    by = make_seat(bank, Seat.Part.SETTER)
    return services.keep_blueprint(blueprint, [Cell(**row) for row in rows], by=by)
