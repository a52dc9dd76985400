
import json
import pytest
from django.db import transaction, connection
from silian.demo.loading import services
from silian.governance.consortia.models import Consortium
from silian.talent.placement.models import Placement
from silian.talent.profiles.models import Student
from silian.talent.rounds.models import Round
from silian.kernel.codes.imports import load_shipped
pytestmark = pytest.mark.django_db
def rows():
    consortium = Consortium.objects.get(slug="mingshui")
    units = consortium.memberships.order_by("pk")
    positions = consortium.positions.order_by("pk")
    schools = Student.objects.filter(school__memberships__consortium=consortium).order_by("pk")
    placed = Placement.objects.filter(round__consortium=consortium).order_by("student")
    r = [
        units.values_list("organisation__name_zh", "organisation__credit_code", "grade", "state"),
        positions.values_list("title_zh", "organisation__name_zh", "kind", "state", "pay_low"),
        schools.values_list("number", "name", "points"),
        placed.values_list("student__number", "seat__position__title_zh", "state"),
    ]
    return [json.loads(json.dumps(list(x), default=str)) for x in r]
def test_it(monkeypatch):
    load_shipped()
    with transaction.atomic():
        monkeypatch.setattr(services, "SLUGS", ["mingshui"])
        services.load_demo()
        one = rows()
        transaction.set_rollback(True)
    with transaction.atomic():
        services.load_demo()
        two = rows()
        print("SECOND ROUNDS", Round.objects.filter(follows__isnull=False, seats__isnull=False).exists())
    for a, b in zip(one, two):
        print(len(a), len(b), [(x, y) for x, y in zip(a, b) if x != y][:6])
    assert 0
