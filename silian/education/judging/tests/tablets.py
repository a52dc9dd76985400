"""An examiner's tablet as tests drive it, through the same door and with the same words."""

from itertools import count
from typing import Any
from uuid import UUID, uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from silian.education.practicals.models import Panellist, Practical, Turn
from silian.education.practicals.tests.factories import make_announced_practical

PASSWORD = "考官的口令-2024"
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c"
    "6360000002000001e221bc330000000049454e44ae426082"
)


class Tablet:
    """Opens a station, writes lines, loses the network (by not being asked to send), sends."""

    def __init__(self, panellist: Panellist) -> None:
        self.panellist, self.name = panellist, str(uuid4())
        self.client = Client()
        self.client.force_login(panellist.examiner.user)
        self.opening = 0
        self.journal: list[list[Any]] = []

    def post(self, door: str, **facts: Any) -> Any:
        address = f"/judge/{self.panellist.pk}/{door}/"
        facts = {"device": self.name} | facts
        return self.client.post(address, facts, content_type="application/json")

    def open(self) -> Any:
        answer = self.post("open")
        if answer.status_code == 200:
            self.opening, self.numbers = answer.json()["opening"], count(1)
        return answer

    def write(self, turn: Turn, item: object, response: Any, age: int = 0) -> list[Any]:
        """Into the tablet's own journal; nothing is sent."""
        line = [next(self.numbers), turn.pk, f"{item}", response, age]
        self.journal.append(line)
        return line

    def send(self, lines: list[list[Any]] | None = None, opening: int = 0) -> Any:
        sent = self.journal if lines is None else lines
        return self.post("lines", opening=opening or self.opening, lines=sent)

    def photo(self, turn: Turn, criterion: int, key: UUID | None = None) -> Any:
        facts = {
            "key": str(key or uuid4()),
            "turn": turn.pk,
            "criterion": criterion,
            "opening": self.opening,
            "device": self.name,
            "age": 0,
            "photo": SimpleUploadedFile("photo.png", PICTURE),
        }
        return self.client.post(f"/judge/{self.panellist.pk}/photos/", facts)

    def sign(self, turn: Turn, seen: dict[str, Any], secret: str = PASSWORD) -> Any:
        facts = {"turn": turn.pk, "seen": seen, "secret": secret}
        written = self.journal[-1][0] if self.journal else 0
        return self.post("sign", opening=self.opening, written=written, **facts)

    def judge(self, turn: Turn, judged: str = "50", done: bool = True, size: str = "20.01") -> Any:
        """Fill in the rubric that factories make, and sign."""
        keys = turn.station.criteria.values_list("pk", flat=True)
        seen = dict(zip((f"{key}" for key in keys), (judged, done, size), strict=True))
        for item, response in seen.items():
            self.write(turn, item, response)
        assert self.send().status_code == 200
        return self.sign(turn, seen)


def tablets_of(practical: Practical) -> list[Tablet]:
    """A tablet of each examiner of the first station, opened; the chief's first."""
    station = practical.stations.get(order=1)
    panel = station.panel.select_related("examiner__user").order_by("-chief", "pk")
    tablets = [Tablet(one) for one in panel]
    for tablet in tablets:
        user = tablet.panellist.examiner.user
        user.set_password(PASSWORD)
        user.save()
        tablet.client.force_login(user)
        assert tablet.open().status_code == 200
    return tablets


def run(tablet: Tablet, turn: Turn, *verbs: str) -> None:
    """The turn goes as told, from this tablet."""
    for verb in verbs:
        tablet.write(turn, "turn", {"do": verb})
    assert tablet.send().status_code == 200


def make_judged_turn(*judged: str, practical: Practical | None = None) -> Turn:
    """A turn that is over and whose sheets are signed, with these points of the first criterion."""
    practical = practical or make_announced_practical(entrants=1)
    turn = Turn.objects.filter(station__practical=practical).earliest("pk")
    tablets = tablets_of(practical)
    run(tablets[0], turn, "begin", "finish")
    for tablet, points in zip(tablets, judged, strict=False):
        assert tablet.judge(turn, points).status_code == 200
    return turn
