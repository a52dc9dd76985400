"""Times issuing many certificates beside a stated limit, and what is made of them on demand.

Run from the project's root:  python -m benchmarks.certificates [--rows 2000]
It works in a transaction that is rolled back at the end, on the database of DATABASE_URL (or the
embedded one), and leaves nothing behind.
"""

from benchmarks.running import rolled_back, timed

LIMIT = 30.0  # seconds for issuing 2,000: a batch of a year in the time of a cup of tea
SAMPLE = 50  # papers and badges


def measure(rows: int) -> None:
    from silian.governance.consortia.models import Consortium  # noqa: PLC0415
    from silian.governance.members.models import Organisation  # noqa: PLC0415
    from silian.kernel import clock  # noqa: PLC0415
    from silian.kernel.accounts.models import User  # noqa: PLC0415
    from silian.kernel.codes.models import Code, CodeList  # noqa: PLC0415
    from silian.kernel.persons.models import Person  # noqa: PLC0415
    from silian.talent.badges.services import text_of  # noqa: PLC0415
    from silian.talent.credentials.models import Kind  # noqa: PLC0415
    from silian.talent.issuing.models import Batch, Candidate  # noqa: PLC0415
    from silian.talent.issuing.services import issue_batch  # noqa: PLC0415
    from silian.talent.verification.papers import paper_of  # noqa: PLC0415
    from silian.talent.verification.services import code_of  # noqa: PLC0415

    body = Consortium.objects.create(
        slug="benchmark", kind="municipal", name_zh="测量", short_name_zh="测量"
    )
    occupation = Code.objects.current(CodeList.Kind.OCCUPATION).order_by("-level").first()
    kind = Kind.objects.create(
        consortium=body,
        family="skill_level",
        title_zh="职业技能等级证书",
        about_zh="合格",
        occupation=occupation,
        levels=["l5", "l4", "l3"],
        issuer=Organisation.objects.create(kind="college", name_zh="测量用学校"),
        prefix="Y000199999999",
    )
    drafter, officer = (
        User.objects.create(username=f"benchmark{n}", name="benchmark") for n in range(2)
    )
    today = clock.today()
    batch = Batch.objects.create(
        consortium=body, kind=kind, title_zh="测量", by=drafter, state="ready"
    )
    people = Person.objects.bulk_create(Person(name=f"学员{n}") for n in range(rows))
    Candidate.objects.bulk_create(
        Candidate(batch=batch, person=one, family=kind.family, level=f"l{3 + n % 3}", on=today)
        for n, one in enumerate(people)
    )
    issued, seconds = timed(
        f"issue {rows} certificates", lambda: issue_batch(batch, by=officer), rows
    )
    limit = LIMIT * rows / 2000
    print(f"{'that is, of the limit':40} {seconds / limit:7.2f} × ({limit:.0f} s)")
    timed(f"sign {rows} codes", lambda: [code_of(one) for one in issued], rows)
    some = issued[:SAMPLE]
    timed(f"set {SAMPLE} papers as one PDF", lambda: paper_of(some), SAMPLE)
    timed(f"sign {SAMPLE} badges (JSON-LD)", lambda: [text_of(one) for one in some], SAMPLE)
    assert len({one.number for one in issued}) == rows and seconds < limit


if __name__ == "__main__":
    rolled_back(measure, about=__doc__, rows=2_000)
