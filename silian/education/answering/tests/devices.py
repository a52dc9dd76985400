"""A candidate's device as tests drive it, through the same door and with the same words."""

from itertools import count
from typing import Any
from uuid import uuid4

from django.test import Client

from silian.education.sittings.models import Candidate


class Device:
    """Opens a paper, writes lines, loses the network (by not being asked to send), sends."""

    def __init__(self, candidate: Candidate, name: str = "") -> None:
        self.candidate, self.name = candidate, name or str(uuid4())
        self.client = Client()
        self.opening = 0
        self.journal: list[list[Any]] = []

    def post(self, door: str, **facts: Any) -> Any:
        return self.client.post(f"/sit/{door}/", facts, content_type="application/json")

    def ticket(self, code: str = "") -> Any:
        number, code = self.candidate.number, code or self.candidate.code
        answer = self.post("ticket", number=number, code=code, device=self.name)
        if answer.status_code == 200:
            self.token = answer.json()["pass"]
        return answer

    def open(self, code: str = "") -> Any:
        if not hasattr(self, "token"):
            assert self.ticket().status_code == 200
        answer = self.post("open", **{"pass": self.token, "code": code})
        if answer.status_code == 200:
            self.opening, self.numbers = answer.json()["opening"], count(1)
        return answer

    def write(self, item: str, response: Any) -> list[Any]:
        """Into the device's own journal; nothing is sent."""
        line = [next(self.numbers), item, response, 0]
        self.journal.append(line)
        return line

    def send(self, lines: list[list[Any]] | None = None, opening: int = 0) -> Any:
        facts = {"opening": opening or self.opening, "lines": lines or self.journal}
        return self.post("save", **{"pass": self.token, **facts})

    def hand_in(self) -> Any:
        facts = {"opening": self.opening, "written": len(self.journal)}
        return self.post("hand-in", **{"pass": self.token, **facts})
