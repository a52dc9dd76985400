"""The rules of docs/architecture.md as functions of source text, so that each can be shown to fail.

Each returns what is wrong, in words with line numbers; nothing where all is well.
"""

import ast
import re
from collections.abc import Iterator

FILE_LINES, FUNCTION_LINES, APP_LINES = 300, 40, 1500
OTHER_CLOCKS = re.compile(r"timezone\.now\(|date\.today\(|datetime\.(now|utcnow)\(|time\.time\(")
TAGS = re.compile(r"\{[%{#].*?[%}#]\}", re.S)
INLINE = re.compile(
    r"<style\b|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\bsrc=)(?![^>]*type=\"application/(ld\+)?json\")",
    re.I,
)


def attributes(source: str) -> Iterator[ast.Attribute]:
    return (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute))


def rows_reached(source: str) -> list[str]:
    """Views get rows from policy alone."""
    return [
        f"line {node.lineno}: .objects" for node in attributes(source) if node.attr == "objects"
    ]


def states_written(source: str) -> list[str]:
    """Only kernel.states.move writes a state, so that every change is checked and recorded."""
    found = []
    for node in ast.walk(ast.parse(source)):
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AugAssign | ast.AnnAssign):
            targets = [node.target]
        if any(isinstance(t, ast.Attribute) and t.attr == "state" for t in targets):
            found.append(f"line {node.lineno}: writes .state")
        updates = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if updates and node.func.attr == "update" and any(k.arg == "state" for k in node.keywords):
            found.append(f"line {node.lineno}: update(state=…)")
    return found


def clocks_read(source: str) -> list[str]:
    """The time comes from kernel.clock, which a demo may set."""
    return [f"reads {match.group()}" for match in OTHER_CLOCKS.finditer(source)]


def oversized(source: str) -> list[str]:
    """A file has at most 300 lines, a function 40."""
    found = []
    if (lines := len(source.splitlines())) > FILE_LINES:
        found.append(f"{lines} lines")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            size = (node.end_lineno or node.lineno) - node.lineno + 1
            if size > FUNCTION_LINES:
                found.append(f"{node.name} has {size} lines")
    return found


def inline_code(template: str) -> list[str]:
    """The Content Security Policy refuses scripts, handlers and styles inside a page."""
    markup = TAGS.sub("", template)
    return [f"inline {match.group().strip()}" for match in INLINE.finditer(markup)]


def points_up(here: str, there: str, level: dict[str, int]) -> bool:
    """Does a key of a model in package ``here`` point to a package that stands above it?"""
    return here != there and level[there] >= level[here]


PAST_THE_PERSON = re.compile(
    r"\.values(_list)?\([^)]*[\"'](\w+__)?(student|person)__name[\"']", re.S
)


def names_read_past_people(source: str) -> list[str]:
    """A student's name is read from the row that notes it: the student learns who read it."""
    return [f"reads {match.group()}" for match in PAST_THE_PERSON.finditer(source)]
