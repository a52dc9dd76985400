"""The components as markup: what they show, and what they never let through."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils.translation import override

from silian.kernel.accounts.tests.factories import make_user
from silian.kernel.audit.services import record
from silian.kernel.ui import formats
from silian.kernel.ui.charts import Chart
from silian.kernel.ui.prose import rendered
from silian.kernel.ui.samples import Sample, SampleJob
from silian.kernel.verdicts import YES, Verdict


def drawn(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


def test_a_state_has_its_colour_and_is_grey_without_one() -> None:
    assert "bg-green-lt" in drawn("{% state_badge it %}", it=Sample("published"))
    assert "bg-secondary-lt" in drawn("{% state_badge it %}", it=Sample("draft"))


def test_an_allowed_action_is_a_form_that_posts_with_its_token() -> None:
    page = drawn('{% action "/go/" may "Go" style="primary" %}', may=YES, csrf_token="token")
    assert '<form method="post" action="/go/"' in page and 'value="token"' in page
    assert "btn-primary" in page and "dialog" not in page


def test_a_refused_action_is_its_reason_and_no_button() -> None:
    may = Verdict("Only <the> secretariat.")
    for source in ('{% action "/go/" may "Go" %}', '{% link_button "/go/" may "Go" %}'):
        page = drawn(source, may=may)
        assert "Only &lt;the&gt; secretariat." in page and "/go/" not in page


def test_a_reason_is_asked_in_a_dialog_of_its_own() -> None:
    page = drawn(
        '{% action "/a/" may "A" ask_reason=True %}{% action "/b/" may "B" confirm="?" %}', may=YES
    )
    assert page.count("<dialog") == 2 and page.count('name="reason"') == 1
    ids = [part.split('"')[0] for part in page.split('data-dialog="')[1:]]
    assert len(set(ids)) == 2 and all(f'<dialog id="{one}"' in page for one in ids)


@pytest.mark.parametrize("value", [None, "", []])
def test_a_fact_without_a_value_is_not_shown(value: object) -> None:
    assert drawn('{% fact "Members" value %}', value=value).strip() == ""


def test_a_fact_is_in_the_reader_s_form() -> None:
    with override("zh-hans"):
        assert "2026年11月22日" in drawn('{% fact "日期" day %}', day=date(2026, 11, 22))
    assert "0" in drawn('{% fact "Members" value %}', value=0)
    assert "Yes" in drawn('{% fact "Open" value %}', value=True)
    assert "&lt;b&gt;" in drawn('{% fact "Name" value %}', value="<b>")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_numbers_and_money_have_separators_in_both_languages(language: str) -> None:
    with override(language):
        assert formats.number(1234567) == "1,234,567"
        assert formats.money(Decimal("12500.00")).endswith("12,500")
        assert formats.money(Decimal("12500.50")).endswith("12,500.50")


def test_a_moment_is_local_time(settings) -> None:
    with override("zh-hans"):
        shown = formats.moment(datetime(2026, 11, 22, 18, 5, tzinfo=UTC))
    assert shown == "2026年11月23日 02:05"


def test_a_chart_carries_its_figures_as_data_and_as_a_table() -> None:
    spec = Chart("Demand", ["2025", "</script>"], {"Firms": [1200, None]}, unit="people")
    page = drawn("{% chart spec %}", spec=spec)
    assert "1,200" in page and "Firms (people)" in page
    assert page.count("</script>") == 1  # the one that ends the data


def test_a_job_asks_again_only_while_it_runs() -> None:
    page = drawn("{% progress job %}", job=SampleJob("done", url="/result/"))
    assert 'href="/result/"' in page and "hx-get" not in page
    assert "A12" in drawn("{% progress job %}", job=SampleJob("failed", error="A12"))


@pytest.mark.django_db
def test_the_timeline_tells_who_did_what_and_folds_what_is_long() -> None:
    person = make_user("李梅")
    record(person, "State changed", by=person, was="draft", to="published", why="Complete.")
    page = drawn("{% timeline it %}", it=person)
    assert "draft → published" in page and "Complete." in page and "李梅" in page
    assert "<details" not in page
    for _ in range(8):
        record(person, "Seen", by=None)
    page = drawn("{% timeline it %}", it=person)
    assert "3 earlier entries" in page and "Silian by itself" in page


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        '<img src=x onerror="alert(1)">',
        "![x](https://example.org/x.png)",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        '<a href="#" style="color:red">x</a>',
    ],
)
def test_markdown_lets_nothing_harmful_through(text: str) -> None:
    html = rendered(text)
    for harmful in ("<script", "<img", '<a href="javascript', '<a href="data', '<a href="#'):
        assert harmful not in html


def test_markdown_keeps_what_people_write() -> None:
    html = rendered(
        "# 职责\n\n**无菌**\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n[site](https://example.org)"
    )
    assert "<h3>职责</h3>" in html and "<strong>无菌</strong>" in html and "<td>1</td>" in html
    assert 'rel="nofollow noopener noreferrer"' in html
    assert rendered(None) == '<div class="silian-prose"></div>'
