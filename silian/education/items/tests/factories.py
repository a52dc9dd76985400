from typing import Any

from silian.education.banks.models import Bank, Seat
from silian.education.items.models import Item, Tested, Version
from silian.education.questions.building import Asked, choosing, plain
from silian.education.questions.schema import Kind, Level
from silian.governance.consortia.models import Consortium
from silian.governance.members.tests.factories import make_consortium, make_membership, make_staff
from silian.industry.occupations.models import Skill
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.codes.models import Code, CodeList
from silian.kernel.codes.tests.factories import make_code


def make_bank(consortium: Consortium | None = None, **fields: Any) -> Bank:
    consortium = consortium or make_consortium()
    number = consortium.banks.count() + 1
    return Bank.objects.create(
        consortium=consortium,
        **({"name_zh": f"题库{number}", "name_en": f"Bank {number}"} | fields),
    )


def make_seat(bank: Bank, part: str = Seat.Part.AUTHOR, user: User | None = None) -> User:
    """Somebody of a member, with a seat in ``bank``."""
    user = user or make_staff(make_membership(bank.consortium).organisation)
    Seat.objects.create(bank=bank, user=user, part=part)
    return user


def occupation() -> Code:
    """One occupation for all items of a test."""
    known = Code.objects.current(CodeList.Kind.OCCUPATION).filter(code="6-18-01-07").first()
    return known or make_code(CodeList.Kind.OCCUPATION, "6-18-01-07", name_zh="数控机床操作工")


def a_choice(text: str = "刀具半径补偿用哪个指令?", kind: str = Kind.SINGLE) -> Asked:
    rights = (True, False, kind == Kind.MULTIPLE, False)
    words = ("G41", "G00", "G42", "M30")
    return choosing(kind, (text, ""), [((w, ""), r) for w, r in zip(words, rights, strict=True)])


def make_version(
    bank: Bank,
    asked: Asked | None = None,
    *,
    by: User | None = None,
    state: str = Version.State.DRAFT,
    skills: tuple[Skill, ...] = (),
    difficulty: int = 3,
    level: str = Level.THREE,
) -> Version:
    """An item with one version; approved ones were reviewed by somebody else."""
    number = bank.items.count() + 1
    content, key = asked or a_choice(f"第{number}题:刀具半径补偿用哪个指令?")
    item = Item.objects.create(
        bank=bank, number=number, occupation=occupation(), level=level, difficulty=difficulty
    )
    Tested.objects.bulk_create(Tested(item=item, skill=skill) for skill in skills)
    facts: dict[str, Any] = {}
    if state == Version.State.APPROVED:
        facts = {"reviewed_by": make_seat(bank, Seat.Part.REVIEWER), "reviewed_at": clock.now()}
    return Version.objects.create(
        item=item,
        kind=content["kind"],
        content=content,
        key=key,
        text=plain(content),
        by=by or make_seat(bank),
        state=state,
        **facts,
    )
