from django.template import Context, Template
from django.utils.translation import override

from silian.kernel.documents.comparison import compared

OLD = "# 总则\n\n合作期限三年。\n\n第二条\n\n违约金一万元。"
NEW = "# 总则\n\n合作期限五年。\n\n第二条\n\n新增条款。\n\n违约金一万元。"


def marked(old: str, new: str) -> list[str]:
    return [str(each.html) for each in compared(old, new) if each.changed]


def test_changes_are_found_letter_by_letter_in_their_paragraph() -> None:
    assert marked(OLD, NEW) == [
        "合作期限<del>三</del><ins>五</ins>年。",
        "<ins>新增条款。</ins>",
    ]
    assert marked(NEW, OLD)[1] == "<del>新增条款。</del>"


def test_equal_texts_show_each_paragraph_once() -> None:
    found = compared(OLD, OLD.replace("\n", "\r\n"))
    assert [each.changed for each in found] == [False] * 4


def test_backslashes_that_only_markdown_needs_are_not_shown() -> None:
    assert marked(r"期限\_\_年\#", "期限__年#!") == ["期限__年#<ins>!</ins>"]


def test_nothing_of_a_text_becomes_markup() -> None:
    found = compared("<b>a</b>\n\nx", "<b>ab</b><script>\n\nx")
    html = "".join(each.html for each in found)
    assert "<b>" not in html
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_two_long_texts_are_compared_in_moments() -> None:
    old = "\n\n".join(f"第{n}条 双方应当。" * 20 for n in range(300))
    new = old.replace("第150条", "第一百五十条").replace("应当。第7条", "必须。第7条")
    assert 1 <= len(marked(old, new)) <= 2


def test_the_tag_says_how_many_paragraphs_differ() -> None:
    with override("en"):
        tag = Template("{% load documents %}{% comparison old new %}")
        assert "2 paragraphs differ" in tag.render(Context({"old": OLD, "new": NEW}))
        assert "the same" in tag.render(Context({"old": OLD, "new": OLD}))
