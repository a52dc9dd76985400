import django_filters
import pytest
from django import forms
from django.http import QueryDict
from django.utils.html import escape

from silian.kernel.codes.fields import CodeField, CodeFilter
from silian.kernel.codes.models import Code
from silian.kernel.codes.tests.factories import make_code

pytestmark = pytest.mark.django_db


class PlaceForm(forms.Form):
    region = CodeField("region", min_level=2, required=False)
    nearby = CodeField("region", multiple=True, required=False)


@pytest.fixture(autouse=True)
def regions() -> None:
    province = make_code("region", "330000", name_zh="浙江省", name_en="Zhejiang")
    city = make_code("region", "330300", province, name_zh="温州市", name_en="Wenzhou")
    make_code("region", "330303", city, name_zh="龙湾区", name_en="Longwan")
    make_code("region", "370103", make_code("region", "370100"), name_zh="市中区")
    make_code("region", "510302", make_code("region", "510300"), name_zh="市中区")


def filled(text: str) -> PlaceForm:
    return PlaceForm(QueryDict(text))


@pytest.mark.parametrize("typed", ["330303", "浙江省温州市龙湾区", "龙湾区", " 龙湾区 ", "longwan"])
def test_a_code_or_a_name_that_only_one_entry_has_is_taken(typed: str) -> None:
    form = filled(f"region={typed}")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["region"].code == "330303"


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("999999", "neither a code nor a name"),
        ("<b>", "neither a code nor a name"),
        ("市中区", "Several entries"),
        ("330000", "too general"),
    ],
)
def test_anything_else_is_refused_beside_the_field_and_kept(typed: str, reason: str) -> None:
    form = filled(f"region={typed}")
    assert reason in form.errors["region"][0]
    assert escape(typed) in str(form["region"])


def test_an_entry_with_nothing_below_it_may_be_chosen_above_the_least_level() -> None:
    make_code("region", "820000", name_zh="澳门特别行政区")
    assert filled("region=820000").is_valid()


def test_nothing_is_none_or_an_empty_list_unless_it_is_required() -> None:
    form = filled("region=&nearby=")
    assert form.is_valid()
    assert form.cleaned_data == {"region": None, "nearby": []}
    required = filled("region=")
    required.fields["region"].required = True
    assert required.errors["region"] == ["This field is required."]


@pytest.mark.parametrize("sent", ["nearby=330303&nearby=370103", "nearby=330303，370103,330303"])
def test_several_may_be_sent_each_by_itself_or_in_one_text(sent: str) -> None:
    form = filled(sent)
    assert form.is_valid(), form.errors
    assert [code.code for code in form.cleaned_data["nearby"]] == ["330303", "370103"]


def test_without_scripts_the_text_field_wins_over_the_select_before_it() -> None:
    form = filled("region=330300&region=330303")
    assert form.is_valid()
    assert form.cleaned_data["region"].code == "330303"


def test_the_page_holds_only_what_is_chosen_with_its_whole_name() -> None:
    county = Code.objects.get(code="330303")
    for initial in (county, county.pk):
        drawn = str(PlaceForm(initial={"region": initial})["region"])
        assert '<option value="330303" selected>' in drawn
        assert 'data-search-url="/codes/region/search?level=2"' in drawn
        assert "330300" not in drawn
        assert '<noscript><input class="form-control" type="text" name="region"' in drawn


def test_a_form_knows_whether_a_code_has_changed() -> None:
    county = Code.objects.get(code="330303")
    initial = {"region": county.pk, "nearby": [county]}
    assert not PlaceForm(QueryDict("region=330303&nearby=330303"), initial=initial).has_changed()
    changed = PlaceForm(QueryDict("region=330300&nearby="), initial=initial).changed_data
    assert changed == ["region", "nearby"]


def test_a_filter_finds_what_lies_below_the_chosen_entry() -> None:
    class Filter(django_filters.FilterSet):
        within = CodeFilter(field_name="parent", kind="region")

    rows = Code.objects.current("region")
    found = Filter(QueryDict("within=330000"), rows).qs
    assert {code.code for code in found} == {"330300", "330303"}
    assert Filter(QueryDict("within="), rows).qs.count() == rows.count()
