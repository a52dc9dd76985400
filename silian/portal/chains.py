"""The menu of one consortium: the chains, each with the lists that exist in it."""

from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from silian.education.banks.policy import may_open_bank, seats_of
from silian.education.papers.policy import PARTS
from silian.governance.consortia.models import Consortium
from silian.governance.roles.policy import is_secretary
from silian.kernel.accounts.models import User
from silian.kernel.ui.menu import Item, Section


def address(name: str, *args: object) -> str:
    return reverse(name, args=args)


def of_consortium(user: Any, consortium: Consortium) -> list[Section]:
    """The chains, each with the lists that exist in this consortium."""
    item = partial(in_consortium, consortium)
    return [
        Section(
            _("Consortium"),
            "home",
            [item(_("Home"), "portal:consortium_home"), item(_("About"), "consortia:about")],
        ),
        Section(_("Governance"), "building-bank", governance(user, consortium)),
        Section(_("Agreements"), "file-text", agreements(user, consortium)),
        Section(_("Industry chain"), "building-factory-2", industry(consortium)),
        Section(_("Education chain"), "school", education(user, consortium)),
        Section(_("Talent chain"), "users", talent(user, consortium)),
    ]


def in_consortium(consortium: Consortium, label: str, name: str) -> Item:
    return Item(label, address(name, consortium))


def governance(user: Any, consortium: Consortium) -> list[Item]:
    """Who belongs, who decides, what there is; what is debated is for those signed in."""
    item = partial(in_consortium, consortium)
    found = [
        item(_("Members"), "members:member_index"),
        item(_("Charter"), "charters:charter_list"),
        item(_("Council"), "council:seat_index"),
        item(_("Elections"), "elections:election_index"),
    ]
    if isinstance(user, User):
        found += [
            item(_("Meetings"), "meetings:meeting_index"),
            item(_("Motions"), "motions:motion_index"),
            item(_("Resolutions"), "resolutions:resolution_index"),
            item(_("Minutes"), "minutes:minutes_index"),
        ]
    found += [
        item(_("Bodies"), "bodies:body_index"),
        item(_("Plaques"), "plaques:plaque_index"),
        item(_("Plan and targets"), "plans:plan"),
    ]
    if is_secretary(user, consortium):
        found.append(item(_("Secretariat"), "consortia:people"))
    return found


def agreements(user: Any, consortium: Consortium) -> list[Item]:
    """The public register; what follows from agreements is for those signed in."""
    item = partial(in_consortium, consortium)
    register = item(_("Agreements"), "agreements:agreement_index")
    if not isinstance(user, User):
        return [register]
    return [
        register,
        item(_("Signings"), "signing:signing_index"),
        item(_("Obligations"), "commitments:commitment_index"),
        item(_("Contributions"), "contributions:entry_index"),
    ]


def industry(consortium: Consortium) -> list[Item]:
    """Who is there, and whom they need."""
    item = partial(in_consortium, consortium)
    return [
        item(_("Register of enterprises"), "enterprises:enterprise_index"),
        item(_("Positions"), "hall:hall"),
        item(_("Demand releases"), "releases:release_index"),
    ]


def education(user: Any, consortium: Consortium) -> list[Item]:
    """What is taught, and how it meets what is needed."""
    item = partial(in_consortium, consortium)
    found = [
        item(_("Programmes"), "programmes:programme_index"),
        item(_("Plans and course standards"), "standards:standard_index"),
        item(_("Courses"), "courses:catalogue"),
        item(_("Training asked for"), "needs:pool_index"),
        item(_("Skill level appraisals"), "skillappraisals:appraisal_index"),
    ]
    if isinstance(user, User):
        found += [
            item(_("Change requests"), "requests:inbox"),
            item(_("Skill map"), "skillmap:suggestion_index"),
            item(_("Programmes and demand"), "gaps:gap_index"),
            item(_("Exams"), "sittings:exam_index"),
            item(_("Practical exams"), "practicals:practical_index"),
        ]
    found += [
        item(_("Supply and demand"), "forecasts:side_index"),
        item(_("Catalogues of shortages"), "shortages:catalogue_index"),
        item(_("Advice on programmes"), "advice:report_index"),
    ]
    if is_secretary(user, consortium):
        found.append(item(_("Examiners"), "examiners:examiner_index"))
    return found + testing(user, consortium)


def testing(user: Any, consortium: Consortium) -> list[Item]:
    """Items and papers: only those who may see any learn of them."""
    item = partial(in_consortium, consortium)
    parts = set(seats_of(user).filter(bank__consortium=consortium).values_list("part", flat=True))
    found = []
    if parts or may_open_bank(user, consortium):
        found.append(item(_("Item bank"), "items:item_index"))
    if parts & set(PARTS):
        found.append(item(_("Papers"), "papers:paper_index"))
    return found


def talent(user: Any, consortium: Consortium) -> list[Item]:
    """How people find their places, the classes that train them, and internships by the book."""
    item = partial(in_consortium, consortium)
    found = [
        item(_("Placement rounds"), "rounds:round_index"),
        item(_("Cohorts"), "cohorts:cohort_index"),
        item(_("Certificates"), "credentials:kind_index"),
    ]
    if isinstance(user, User):
        found += [
            item(_("Settlements"), "settlements:settlement_index"),
            item(_("Internships"), "internships:internship_index"),
        ]
    found += [
        item(_("Rules for internships"), "statutes:rule_index"),
        item(_("Complaints about internships"), "complaints:complaint_home"),
    ]
    return found
