import pytest
from django.test import Client
from django.urls import reverse

from silian.governance.agreements.models import Party
from silian.governance.agreements.tests.factories import make_agreement
from silian.governance.directory import merging, policy
from silian.governance.directory.models import Former
from silian.governance.members.models import Membership, Organisation
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.governance.roles.models import Role
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> User:
    return make_user(duty=User.Duty.SYSTEM)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def two_records() -> tuple[Organisation, Organisation]:
    into = make_organisation(name_zh="天津亿工有限公司", name_en="", address="一号路")
    former = make_organisation(
        name_zh="天津亿工(有限)公司", name_en="", website="https://example.org"
    )
    return former, into


def test_every_row_moves_and_the_old_address_leads_on(admin: User, client: Client) -> None:
    former, into = two_records()
    old = former.pk
    membership = make_membership(make_consortium(), former)
    staff = make_staff(former)
    child = make_organisation(parent=former)
    agreement = make_agreement(membership.consortium, [former, make_organisation()])

    kept = merging.merge(former, into, by=admin, reason="Same code", taking=["website"])

    into.refresh_from_db()
    assert into.website == "https://example.org" and into.address == "一号路"
    assert Membership.objects.get().organisation == into
    assert Role.objects.get(user=staff).organisation == into
    assert Organisation.objects.get(pk=child.pk).parent == into
    assert Party.objects.filter(agreement=agreement, organisation=into).exists()
    assert not Organisation.objects.filter(pk=old).exists()
    assert kept.moved_count >= 4
    answer = client.get(reverse("directory:organisation_detail", args=[old]))
    assert answer.status_code == 301 and answer.url == into.get_absolute_url()


def test_a_merger_can_be_taken_back(admin: User) -> None:
    former, into = two_records()
    staff, stays = make_staff(former), make_staff(into)
    kept = merging.merge(former, into, by=admin, reason="Same code", taking=["website", "name_zh"])

    restored = merging.part(kept, by=admin)

    into.refresh_from_db()
    assert restored.name_zh == "天津亿工(有限)公司"
    assert into.name_zh == "天津亿工有限公司" and into.website == ""
    assert Role.objects.get(user=staff).organisation == restored
    assert Role.objects.get(user=stays).organisation == into
    assert not Former.objects.exists()


def test_two_memberships_of_one_consortium_stand_against_it(admin: User) -> None:
    former, into = two_records()
    consortium = make_consortium()
    make_membership(consortium, former)
    make_membership(consortium, into)
    make_staff(former)

    with pytest.raises(merging.CannotMerge) as refused:
        merging.merge(former, into, by=admin, reason="Same", taking=[])

    assert [obstacle.name for obstacle in refused.value.obstacles] == ["memberships"]
    assert Organisation.objects.filter(pk=former.pk).exists()
    assert Role.objects.filter(organisation=former).exists(), "nothing moved"


def test_the_page_shows_what_would_happen_before_it_does(admin: User) -> None:
    former, into = two_records()
    make_staff(former)
    address = reverse("directory:merge", args=[into.pk, former.pk])
    page = signed_in(admin).get(address)
    assert "roles" in page.text and "一号路" not in page.text, "only what the double has is offered"
    assert "https://example.org" in page.text
    assert Organisation.objects.filter(pk=former.pk).exists()

    wrong = signed_in(admin).post(address, {"website": "take", "name_zh": "keep"})
    assert "This field is required." in wrong.text
    done = signed_in(admin).post(
        address, {"website": "take", "name_zh": "keep", "credit_code": "keep", "reason": "Same"}
    )
    assert done.status_code == 302, done.text
    assert Former.objects.get().taken.keys() == {"website"}


def test_obstacles_are_told_on_the_page(admin: User) -> None:
    former, into = two_records()
    consortium = make_consortium()
    make_membership(consortium, former)
    make_membership(consortium, into)
    page = signed_in(admin).get(reverse("directory:merge", args=[into.pk, former.pk]))
    assert "This cannot be merged as it is" in page.text


def test_names_that_differ_in_form_only_are_found(admin: User) -> None:
    one, other = two_records()
    make_organisation(name_zh="另一家公司")
    groups = policy.doubles(Organisation.objects.all())
    assert groups in ([[other, one]], [[one, other]])
    page = signed_in(admin).get(reverse("directory:double_index"))
    assert "天津亿工有限公司" in page.text and "另一家" not in page.text


def test_a_secretariat_merges_only_what_concerns_no_other_consortium() -> None:
    former, into = two_records()
    consortium, other = make_consortium(), make_consortium()
    secretary = make_secretary(consortium)
    make_membership(consortium, into)
    assert policy.may_merge(secretary, into, former)
    make_membership(other, former)
    assert not policy.may_merge(secretary, into, former)
    address = reverse("directory:merge", args=[into.pk, former.pk])
    assert signed_in(secretary).post(address, {"reason": "x"}).status_code == 403


def test_others_neither_look_for_doubles_nor_merge() -> None:
    _former, into = two_records()
    kept_by = make_staff(into, Role.Kind.MANAGER)
    for user in (kept_by, make_user()):
        client = signed_in(user)
        assert client.get(reverse("directory:double_index")).status_code == 403
        assert client.get(reverse("directory:merge_choose", args=[into.pk])).status_code == 403
        assert "Merge a double" not in client.get(into.get_absolute_url()).text


def test_a_merger_is_taken_back_on_the_page_by_who_may_merge(admin: User) -> None:
    former, into = two_records()
    kept = merging.merge(former, into, by=admin, reason="Same code", taking=[])
    address = reverse("directory:part", args=[kept.pk])
    assert signed_in(make_user()).post(address).status_code == 403
    assert signed_in(admin).post(address).status_code == 302
    assert Organisation.objects.filter(name_zh="天津亿工(有限)公司").exists()
