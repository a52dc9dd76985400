"""Loading the demo, and the accounts it offers."""

import tomllib
from datetime import date
from pathlib import Path
from unicodedata import east_asian_width

from django.db import transaction
from django.utils.translation import gettext as _

from silian.demo.binding import agreements, commitments, signing
from silian.demo.cast import people
from silian.demo.cast.founding import Founded, found
from silian.demo.cast.invention import Inventor
from silian.demo.certifying import certificates
from silian.demo.examining import judging, practicals
from silian.demo.governing import bodies, council, elections, meetings, motions
from silian.demo.learning import courses
from silian.demo.lives import records as lives
from silian.demo.market import demand, internships, positions, register, releases, rounds
from silian.demo.market.region import add_region
from silian.demo.teaching import programmes, shortages, skills, standards
from silian.demo.testing import appraisals, exams, items, marks, papers
from silian.demo.training import cohorts, consents
from silian.governance.consortia.models import Consortium
from silian.governance.roles.models import Role
from silian.kernel import clock
from silian.kernel.accounts.demo_accounts import DemoAccount
from silian.kernel.accounts.models import User

DATA = Path(people.__file__).parent / "data"
SLUGS = ["mingshui", "wenzhou-bay", "chongqing-bio", "jjj-bio", "shengong-yigu"]
REGION = "wenzhou-bay"  # the body whose article counts 26,000 firms
SEED = 2024


@transaction.atomic
def load_demo(seed: int = SEED, *, region: bool = False) -> None:
    """Make the five bodies around today's date; the same seed and day make the same rows."""
    today = clock.today()
    inventor = Inventor(seed)
    staff = people.Staff.with_demo_password(inventor)
    positions.add_skills()
    skills.add_words()
    people.add_administrators(staff)
    for slug in SLUGS:
        facts = tomllib.loads((DATA / f"{slug}.toml").read_text())
        body = found(slug, facts, inventor.apart(f"founding {slug}"), today)
        staff.inventor = inventor.apart(f"people {slug}")
        people.add_people(body, staff, today)
        council.add_council(body, inventor.apart(f"council {slug}"), today)
        bodies.add_bodies(body, today)
        agreements.add_agreements(body, clock.now())
        commitments.add_commitments(body, today)
        lives.add_lives(body, staff, clock.now())
        positions.add_positions(body, inventor.apart(f"positions {slug}"), today)
        releases.add_releases(body, today)
        programmes.add_programmes(body, today)
        standards.add_standards(body, today)
        demand.add_demand(body, today)
        skills.add_skill_map(body, clock.now())
        shortages.add_shortages(body, today)
        rounds.add_rounds(body, inventor.apart(f"rounds {slug}"), clock.now())
        register.add_register(body, staff, inventor.apart(f"register {slug}"))
        internships.add_internships(body, clock.now())
        meetings.add_meetings(body, clock.now())
        elections.add_elections(body, clock.now())
        signing.add_signings(body, clock.now())
        motions.add_motions(body)
        cohorts.add_cohorts(body, today)
        consents.add_all_consents(body)
        train_and_examine(body, inventor.apart(f"courses {slug}"), today)
        if region and slug == REGION:
            add_region(body, inventor.apart("region"), today)


def train_and_examine(body: Founded, inventor: Inventor, today: date) -> None:
    """A year of training, theory exams, and the certificates that came of both."""
    if bank := items.add_items(body, clock.now()):
        papers.add_papers(bank)
        exams.add_exams(bank, clock.now())
        marks.add_marks(bank, clock.now())
    practicals.add_practicals(body, clock.now())
    judging.judge(body.consortium, clock.now())
    courses.add_courses(body, inventor, today)
    certificates.add_certificates(body, today)
    appraisals.add_appraisals(body, today)


def accounts_table() -> str:
    """The accounts as text for the terminal: Chinese is two columns wide there."""
    lines = [(a.username, a.role, a.place, a.name) for a in accounts()]
    widths = [max(map(columns, column)) for column in zip(*lines, strict=True)]
    rows = [
        "  ".join(w + " " * (n - columns(w)) for w, n in zip(line, widths, strict=True))
        for line in lines
    ]
    return "\n".join([*rows, _("The password of all is %(word)s") % {"word": people.PASSWORD}])


def columns(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def accounts() -> list[DemoAccount]:
    """One account of each role in each body, and the installation's three administrators."""
    words = "secretary enterprise school teacher student government park expert".split()
    names = [f"{word}.{slug}" for slug in SLUGS for word in words]
    wanted = ["admin", "security", "auditor", *names]
    found_users = {user.username: user for user in User.objects.filter(username__in=wanted)}
    roles = Role.objects.filter(user__in=found_users.values()).select_related("organisation")
    by_user = {role.user_id: role for role in roles}
    bodies = {c.slug: c.short_name for c in Consortium.objects.all()}
    return [
        DemoAccount(
            username=name,
            password=people.PASSWORD,
            name=found_users[name].name,
            role=role_label(found_users[name], by_user.get(found_users[name].pk)),
            place=bodies.get(name.partition(".")[2], _("The installation")),
        )
        for name in wanted
        if name in found_users
    ]


def role_label(user: User, role: Role | None) -> str:
    if role is None:
        return user.get_duty_display()
    if role.organisation and role.kind == Role.Kind.MANAGER:
        return role.organisation.get_kind_display()
    return role.get_kind_display()
