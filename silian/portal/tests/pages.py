"""What a reader can see on a page and follow from it."""

import re
from html import unescape

from django.http import HttpResponse
from django.test import Client

MAIN = re.compile(r"<main\b.*?</main>", re.S)
MENU = re.compile(r'<nav id="menu".*?</nav>', re.S)
LINK = re.compile(r'<a\b[^>]*\shref="(/[^"]*)"')


def text(page: HttpResponse) -> str:
    return page.content.decode()


def main(page: HttpResponse) -> str:
    """The content of ``page`` without the frame around it."""
    found = MAIN.search(text(page))
    assert found
    return found.group()


def menu(page: HttpResponse) -> str:
    """The side bar; empty where a page has none."""
    found = MENU.search(text(page))
    return found.group() if found else ""


def links(source: str) -> list[str]:
    """The addresses of this installation that ``source`` leads to, each once."""
    return list(dict.fromkeys(unescape(link) for link in LINK.findall(source)))


def dead_links(client: Client, source: str) -> dict[str, int]:
    """Which links of ``source`` do not answer this reader with a page."""
    answers = {link: client.get(link).status_code for link in links(source)}
    return {link: status for link, status in answers.items() if status != 200}
