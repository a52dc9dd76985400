import pytest
from django.test import Client
from django.urls import reverse

from silian.governance.consortia import services
from silian.governance.consortia.models import Cluster, Consortium, Figure
from silian.governance.members.tests.factories import (
    make_consortium,
    make_membership,
    make_organisation,
    make_secretary,
    make_staff,
)
from silian.governance.roles.models import Invitation
from silian.governance.roles.policy import is_secretary
from silian.kernel import clock
from silian.kernel.accounts.models import User
from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.audit.models import Entry

pytestmark = pytest.mark.django_db

NEW = {
    "slug": "wenzhou-bay",
    "kind": "municipal",
    "name_zh": "温州湾新区产教联合体",
    "short_name_zh": "温州湾",
    "founded_on": "2024-01-10",
}


@pytest.fixture
def consortium() -> Consortium:
    return make_consortium()


@pytest.fixture
def secretary(client: Client, consortium: Consortium) -> Client:
    client.force_login(make_secretary(consortium))
    return client


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(name: str, *args: object) -> str:
    return reverse(f"consortia:{name}", args=args)


def test_anybody_reads_about_a_consortium(consortium: Consortium) -> None:
    consortium.purpose_zh, consortium.purpose_en = "## 宗旨", "## Together"
    consortium.save()
    Cluster.objects.create(consortium=consortium, name_zh="生物医药", name_en="Biomedicine")
    facts = {"source": "Article 003", "as_of": clock.today(), "at_least": True}
    Figure.objects.create(consortium=consortium, label_zh="规上企业", value=1267, **facts)
    park = make_membership(consortium, make_organisation("park"), part="lead_park").organisation

    page = Client().get(address("about", consortium)).text

    for shown in ["Together</h", "Biomedicine", "1,267", "Article 003", park.name]:
        assert shown in page
    assert "宗旨" in Client().get(address("about", consortium), HTTP_ACCEPT_LANGUAGE="zh-hans").text


def test_an_unknown_consortium_is_not_found(client: Client) -> None:
    assert client.get("/nowhere/about/").status_code == 404


def test_the_system_administrator_sets_one_up_with_its_first_secretary(client: Client) -> None:
    client.force_login(make_user(duty="system"))
    person = make_user(email="wang@example.org")

    client.post(address("consortium_new"), NEW | {"secretary": "WANG@example.org"})

    founded = Consortium.objects.get()
    assert is_secretary(person, founded)
    assert "温州湾新区产教联合体" in client.get(address("consortium_list")).text


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"slug": "organisations"}, "Silian itself uses this address"),
        ({"slug": "Wenzhou Bay"}, "Enter a valid"),
        ({"secretary": "nobody"}, "Nobody with this user name"),
        ({"name_zh": ""}, "This field is required"),
    ],
)
def test_mistakes_in_setting_up_are_said_and_nothing_is_lost(
    client: Client, change: dict[str, str], message: str
) -> None:
    client.force_login(make_user(duty="system"))

    page = client.post(address("consortium_new"), NEW | {"short_name_en": "The Bay"} | change)

    assert message in page.text
    assert "The Bay" in page.text
    assert not Consortium.objects.exists()


@pytest.mark.parametrize("duty", ["", "security", "audit"])
def test_nobody_else_sets_up_a_consortium(duty: str) -> None:
    client = signed_in(make_user(duty=duty))
    assert client.post(address("consortium_new"), NEW).status_code == 403
    assert client.get(address("consortium_list")).status_code == 403


def test_the_secretariat_changes_details_and_the_record_keeps_it(
    secretary: Client, consortium: Consortium
) -> None:
    change = {name: NEW[name] for name in ("kind", "name_zh", "short_name_zh")}

    secretary.post(address("consortium_edit", consortium), change | {"purpose_zh": "**共建**"})

    consortium.refresh_from_db()
    assert consortium.purpose_zh == "**共建**"
    assert "purpose_zh" in Entry.objects.get(action="Details changed").detail["fields"]


def test_a_consortium_does_not_belong_to_its_own_part(
    secretary: Client, consortium: Consortium
) -> None:
    part = make_consortium(parent=consortium)
    change = {name: NEW[name] for name in ("kind", "name_zh", "short_name_zh")}

    page = secretary.post(address("consortium_edit", consortium), change | {"parent": part.pk})

    assert "cannot belong to one that belongs to it" in page.text


def test_clusters_form_a_tree_that_can_be_reordered(
    secretary: Client, consortium: Consortium
) -> None:
    new = address("cluster_new", consortium)
    for name in ("电气", "汽配"):
        secretary.post(new, {"name_zh": name})
    first, second = consortium.clusters.all()
    secretary.post(new, {"name_zh": "低压电器", "parent": first.pk})
    secretary.post(address("cluster_up", consortium, second.pk))

    tree = [(c.name_zh, c.depth) for c in consortium.cluster_tree()]

    assert tree == [("汽配", 0), ("电气", 0), ("低压电器", 1)]


def test_a_cluster_is_not_put_below_itself_nor_named_twice(
    secretary: Client, consortium: Consortium
) -> None:
    top = services.save_cluster(Cluster(consortium=consortium, name_zh="电气"), by=make_user())
    below = Cluster(consortium=consortium, name_zh="低压", parent=top)
    services.save_cluster(below, by=make_user())

    page = secretary.post(
        address("cluster_edit", consortium, top.pk), {"name_zh": "电气", "parent": below.pk}
    )
    assert "Select a valid choice" in page.text
    page = secretary.post(address("cluster_new", consortium), {"name_zh": "电气"})
    assert "There is a cluster of this name already." in page.text


def test_a_cluster_in_use_stays(secretary: Client, consortium: Consortium) -> None:
    top = Cluster.objects.create(consortium=consortium, name_zh="电气")
    below = Cluster.objects.create(consortium=consortium, name_zh="低压", parent=top)

    assert secretary.post(address("cluster_remove", consortium, top.pk)).status_code == 403
    assert "This cluster is in use" in secretary.get(address("cluster_list", consortium)).text
    secretary.post(address("cluster_remove", consortium, below.pk))
    secretary.post(address("cluster_remove", consortium, top.pk))
    assert not consortium.clusters.exists()


def test_figures_are_stated_changed_and_removed(secretary: Client, consortium: Consortium) -> None:
    figure = {"label_zh": "工业企业", "value": "26000", "source": "公报", "as_of": "2024-01-01"}
    secretary.post(address("figure_new", consortium), figure | {"order": 1})
    kept = consortium.figures.get()
    secretary.post(
        address("figure_edit", consortium, kept.pk), figure | {"value": "26001", "order": 1}
    )

    assert "26,001" in secretary.get(address("figure_list", consortium)).text
    secretary.post(address("figure_remove", consortium, kept.pk))
    assert not consortium.figures.exists()


@pytest.mark.parametrize(
    "name", "consortium_edit cluster_list cluster_new figure_list people".split()
)
def test_only_the_own_secretariat_edits(consortium: Consortium, name: str) -> None:
    member = make_membership(consortium)
    page = address(name, consortium)

    assert signed_in(make_secretary(consortium)).get(page).status_code == 200
    assert signed_in(make_secretary(make_consortium())).get(page).status_code == 403
    assert signed_in(make_staff(member.organisation, "manager")).get(page).status_code == 403
    assert signed_in(make_user(duty="system")).get(page).status_code == 403
    assert Client().get(page).status_code == 302


def test_the_secretariat_invites_a_colleague(secretary: Client, consortium: Consortium) -> None:
    person = {"kind": "secretary", "name": "Han Meimei", "email": "han@example.org"}

    page = secretary.post(address("people", consortium), person, follow=True)

    assert Invitation.objects.get().consortium == consortium
    assert "Han Meimei" in page.text


def test_somebody_stays_in_the_secretariat(secretary: Client, consortium: Consortium) -> None:
    role = consortium.roles.get()

    assert "invite a successor first" in secretary.get(address("people", consortium)).text
    ended = secretary.post(reverse("roles:role_end", args=[role.pk]), {"reason": "x"})
    assert ended.status_code == 403


def test_the_parts_of_another_consortium_are_not_found(
    secretary: Client, consortium: Consortium
) -> None:
    theirs = Cluster.objects.create(consortium=make_consortium(), name_zh="电气")
    assert secretary.get(address("cluster_edit", consortium, theirs.pk)).status_code == 404
    assert secretary.post(address("cluster_remove", consortium, theirs.pk)).status_code == 404
