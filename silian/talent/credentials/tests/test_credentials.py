import threading
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_secretary,
    make_staff,
)
from silian.kernel import clock
from silian.kernel.audit.models import Entry
from silian.kernel.notices.models import Notice
from silian.kernel.persons.identity import brought_together
from silian.kernel.persons.tests.factories import make_person
from silian.kernel.states import IllegalMove
from silian.talent.credentials import services
from silian.talent.credentials.models import Certificate, Counter, Kind, Officer
from silian.talent.credentials.scales import SCALES
from silian.talent.credentials.tests.factories import (
    make_certificate,
    make_kind,
    make_officer,
)
from silian.talent.records.models import Entry as RecordEntry

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 18)


def home(kind: Kind) -> str:
    return f"/{kind.consortium.slug}/certificates/"


def page_of(certificate: Certificate) -> str:
    return f"{home(certificate.kind)}{certificate.pk}/"


def issue(kind: Kind, *levels: str, on: date = DAY) -> list[str]:
    holders = [services.Holder(make_person(), earned_on=on, level=level) for level in levels]
    return [one.number for one in services.issue(kind, holders, by=None, on=on)]


def test_skill_levels_are_numbered_by_the_rule_of_22_characters() -> None:
    kind = make_kind(prefix="Y000137000123")
    assert issue(kind, "l5", "l1", "l5", "special") == [
        "Y000137000123265000001",
        "Y000137000123261000001",
        "Y000137000123265000002",
        "YT00013700012326000001",
    ]
    assert issue(kind, "l5", on=date(2027, 1, 4)) == ["Y000137000123275000001"]


def test_other_families_are_numbered_by_their_pattern() -> None:
    kind = make_kind(family="contest", prefix="JN", pattern="{prefix}{level}-{yy}{serial:3}")
    numbers = [make_certificate(kind, level=level).number for level in ("first", "third")]
    assert [number[:4] for number in numbers] == ["JN1-", "JN3-"]
    full = make_kind(family="training", prefix="T", pattern="{prefix}{year}{serial:1}")
    for _ in range(9):
        make_certificate(full)
    with pytest.raises(ValidationError, match="used up"):
        make_certificate(full)
    assert Certificate.objects.filter(kind=full).count() == 9
    assert Counter.objects.get(stem__startswith=f"T{clock.today().year}").last == 9  # no gap


@pytest.mark.django_db(transaction=True)
def test_two_who_issue_at_once_leave_neither_gap_nor_double() -> None:
    kinds = [make_kind(prefix="Y000137000123") for _ in range(2)]  # of two kinds, one body
    levels = ["l5", "l4", "l5", "l3"] * 5
    gate = threading.Barrier(2)
    faults = []

    def one(order: list[str], kind: Kind) -> None:
        try:
            gate.wait()
            issue(kind, *order)
        except BaseException as fault:  # told below, in the thread of the test
            faults.append(fault)
        finally:
            connection.close()

    both = [
        threading.Thread(target=one, args=[order, kind])
        for order, kind in zip((levels, levels[::-1]), kinds, strict=True)
    ]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert not faults
    for mark, count in (("5", 20), ("4", 10), ("3", 10)):
        stem = f"Y00013700012326{mark}"
        found = Certificate.objects.filter(number__startswith=stem).values_list("number", flat=True)
        assert sorted(found) == [f"{stem}{serial:06}" for serial in range(1, count + 1)]


def test_what_is_rolled_back_was_never_numbered() -> None:
    kind = make_kind(prefix="Y000137000123")
    with pytest.raises(RuntimeError), transaction.atomic():
        issue(kind, "l5")
        raise RuntimeError
    assert issue(kind, "l5") == ["Y000137000123265000001"]


@pytest.mark.parametrize("family", list(SCALES))
def test_a_level_of_one_family_is_refused_in_every_other(family: str) -> None:
    kind = make_kind(family=family)
    for other, scale in SCALES.items():
        if other != family and scale:
            with pytest.raises(IntegrityError), transaction.atomic():
                make_certificate(kind, level=scale.values[0])


def test_the_database_refuses_to_change_or_delete_what_was_issued() -> None:
    certificate = make_certificate()
    rows = Certificate.objects.filter(pk=certificate.pk)
    for change in ({"name": "别人"}, {"level": "l1"}, {"number": "Y000137000123265000009"}):
        with pytest.raises(DatabaseError, match="never edited"), transaction.atomic():
            rows.update(**change)
    with pytest.raises(DatabaseError, match="never deleted"), transaction.atomic():
        rows.delete()
    with pytest.raises(DatabaseError, match="never edited"), transaction.atomic():
        rows.update(person=make_person())
    double = make_person(name=certificate.name, user=None)
    stays = brought_together(certificate.person, double)
    moved = make_certificate(person=make_person(user=None))
    stays = brought_together(moved.person, stays)
    moved.refresh_from_db()
    assert moved.person == stays


def test_an_officer_revokes_with_a_reason_and_it_is_in_record_and_notice(client: Client) -> None:
    certificate = make_certificate()
    client.force_login(make_officer(certificate.kind))
    page = page_of(certificate)
    assert certificate.name in client.get(page).text
    assert Entry.objects.about(certificate).filter(action="Certificate looked at").exists()
    client.post(f"{page}do/revoke/", {"reason": " "})
    certificate.refresh_from_db()
    assert certificate.state == "valid"
    client.post(f"{page}do/revoke/", {"reason": "考试作弊"})
    certificate.refresh_from_db()
    assert (certificate.state, certificate.reason) == ("revoked", "考试作弊")
    assert Entry.objects.about(certificate).filter(detail__why="考试作弊").exists()
    assert "考试作弊" in Notice.objects.filter(to=certificate.person.user).latest("pk").text
    assert not RecordEntry.objects.filter(number=certificate.number).exists()
    assert client.post(f"{page}do/revoke/", {"reason": "x"}).status_code == 403
    with pytest.raises(IllegalMove):
        services.revoke(certificate, reason="x", by=certificate.person.user)


def test_a_correction_is_a_new_version_of_the_same_number(client: Client) -> None:
    certificate = make_certificate()
    client.force_login(make_officer(certificate.kind))
    page = f"{page_of(certificate)}correct/"
    typed = {"name": "", "earned_on": "2026-06-18", "reason": "姓名有误"}
    text = client.post(page, typed).text
    assert "姓名有误" in text and "This field is required" in text
    client.post(page, typed | {"name": "欧阳一"})
    certificate.refresh_from_db()
    new = Certificate.objects.get(number=certificate.number, version=2)
    assert (certificate.state, new.name, new.state) == ("corrected", "欧阳一", "valid")
    assert RecordEntry.objects.filter(number=new.number, state="confirmed").count() == 1
    assert client.get(page_of(new)).context["versions"].get() == certificate


def test_a_paper_is_issued_again(client: Client) -> None:
    certificate = make_certificate()
    client.force_login(make_officer(certificate.kind))
    client.post(f"{page_of(certificate)}do/again/", {"reason": "遗失"})
    assert "遗失" in client.get(page_of(certificate)).text
    assert certificate.copies.count() == 1
    assert client.post(f"{page_of(certificate)}do/burn/").status_code == 404


def test_who_issues_is_appointed_by_the_secretariat_alone(client: Client) -> None:
    kind = make_kind()
    staff, secretary = make_staff(kind.issuer), make_secretary(kind.consortium)
    address = f"{home(kind)}officers/"
    client.force_login(staff)
    assert client.get(address).status_code == 403
    client.force_login(secretary)
    typed = {"organisation": kind.issuer.pk, "username": "nobody"}
    text = client.post(address, typed).text
    assert "Nobody who acts for this organisation" in text and "nobody" in text
    client.post(address, typed | {"username": staff.username})
    officer = Officer.objects.get(user=staff)
    assert "already" in client.post(address, typed | {"username": staff.username}).text
    certificate = make_certificate(kind)
    client.force_login(staff)
    assert "Revoke" in client.get(page_of(certificate)).text
    client.force_login(secretary)
    client.post(f"{address}{officer.pk}/dismiss/")
    assert not Officer.objects.running().exists()
    client.force_login(staff)
    assert client.post(f"{page_of(certificate)}do/revoke/", {"reason": "x"}).status_code == 403


def test_nobody_decides_on_a_certificate_of_their_own(client: Client) -> None:
    kind = make_kind()
    officer = make_officer(kind)
    mine = make_certificate(kind, make_person(user=officer, name=officer.name))
    client.force_login(officer)
    assert client.post(f"{page_of(mine)}do/revoke/", {"reason": "x"}).status_code == 403


def test_a_stranger_learns_of_nobody(client: Client) -> None:
    certificate = make_certificate()
    consortium = certificate.consortium
    outsiders = [
        make_staff(make_membership(consortium).organisation),
        make_staff(make_membership(make_consortium()).organisation),
        make_secretary(make_consortium()),
    ]
    for outsider in outsiders:
        client.force_login(outsider)
        assert client.get(page_of(certificate)).status_code == 404
        assert client.get(f"{page_of(certificate)}correct/").status_code == 404
        assert client.post(f"{page_of(certificate)}do/revoke/").status_code == 404
        assert client.get(f"{home(certificate.kind)}register/").status_code == 403
        assert client.get(f"{home(certificate.kind)}register/?export=csv").status_code == 403
    client.force_login(certificate.person.user)
    assert certificate.number in client.get(page_of(certificate)).text
    client.logout()
    assert client.get(page_of(certificate)).status_code == 302
    assert certificate.name not in client.get(home(certificate.kind)).text


def test_a_kind_is_set_up_by_its_issuer_and_keeps_what_is_on_the_paper(client: Client) -> None:
    kind = make_kind()
    client.force_login(make_staff(kind.issuer))
    typed = {
        "family": "training",
        "title_zh": "培训合格证书",
        "about_zh": "完成培训。",
        "issuer": kind.issuer.pk,
        "prefix": "JN",
        "pattern": "{prefix}-{serial:5}",
        "letters": "XTS",
        "publicity_days": 0,
    }
    text = client.post(f"{home(kind)}kinds/new/", typed).text
    assert "serials begin anew each year" in text and "培训合格证书" in text
    wrong = typed | {"pattern": "{prefix}{year}{serial:4}", "levels": ["l5"]}
    assert "not levels of this family" in client.post(f"{home(kind)}kinds/new/", wrong).text
    client.post(f"{home(kind)}kinds/new/", typed | {"pattern": "{prefix}{year}{serial:4}"})
    new = Kind.objects.get(title_zh="培训合格证书")
    make_certificate(new)
    changed = typed | {"title_zh": "改名", "publicity_days": 3}
    client.post(f"{home(kind)}kinds/{new.pk}/edit/", changed)
    new.refresh_from_db()
    assert (new.title_zh, new.publicity_days) == ("培训合格证书", 3)
    client.post(f"{home(kind)}kinds/{new.pk}/retire/")
    client.logout()
    assert client.get(f"{home(kind)}kinds/{new.pk}/").status_code == 404
    assert client.get(f"{home(kind)}kinds/{kind.pk}/").status_code == 200
    client.force_login(make_staff(make_membership(kind.consortium).organisation))
    assert client.get(f"{home(kind)}kinds/{kind.pk}/edit/").status_code == 403


def test_a_skill_level_needs_its_occupation_and_its_body(client: Client) -> None:
    kind = make_kind()
    client.force_login(make_secretary(kind.consortium))
    typed = {"family": "skill_level", "title_zh": "钳工", "about_zh": "合格", "prefix": "Y01"}
    typed |= {"issuer": f"{kind.issuer.pk}", "letters": "XTS", "publicity_days": "5"}
    text = client.post(f"{home(kind)}kinds/new/", typed).text
    for said in ("one of an occupation", "twelve digits.", "at least one level"):
        assert said in text


def test_validity_ends_on_the_same_day_of_the_month_or_the_last() -> None:
    kind = make_kind(family="training", months=6)
    assert services.last_day(kind, date(2026, 8, 31)) == date(2027, 2, 28)
    past = make_certificate(kind)
    assert past.counts
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "today", lambda: past.expires_on + timedelta(days=1))
        assert past.is_expired and not past.counts


def test_the_register_asks_as_often_for_thirty_as_for_one(client: Client) -> None:
    kind = make_kind()
    client.force_login(make_officer(kind))
    counts = []
    for more in (1, 29):
        for _ in range(more):
            make_certificate(kind)
        client.get(f"{home(kind)}register/")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"{home(kind)}register/?q=Y&state=valid").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    make_certificate(kind, earned_on=DAY)
    assert client.get(f"{home(kind)}register/?state=expired").context["listing"].total == 0
