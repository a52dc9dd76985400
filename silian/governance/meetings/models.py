from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from silian.governance.charters.models import Charter, Organ
from silian.kernel.bilingual import Bilingual


def sign_in_code() -> str:
    """What an invitation's QR code says; letters and digits that nobody confuses."""
    return get_random_string(12, "23456789ABCDEFGHJKMNPQRSTUVWXYZ")


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def coming(self) -> "MeetingQuerySet":
        """Called or in session, and not long over."""
        return self.filter(state__in=Meeting.AHEAD)


class Meeting(models.Model):
    """A meeting of an organ of a consortium, or of one of its bodies.

    Once it is called, its charter, and with it the rules that count, stays what it was then.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Being prepared")
        CALLED = "called", _("Called")
        OPEN = "open", _("In session")
        CLOSED = "closed", pgettext_lazy("meeting", "Closed")
        CANCELLED = "cancelled", _("Cancelled")

    MOVES = {
        State.DRAFT: {State.CALLED, State.CANCELLED},
        State.CALLED: {State.OPEN, State.CANCELLED},
        State.OPEN: {State.CLOSED},
    }
    AHEAD = (State.CALLED, State.OPEN)
    HELD = (State.OPEN, State.CLOSED)
    STATE_COLOURS = {
        State.DRAFT: "azure",
        State.CALLED: "blue",
        State.OPEN: "green",
        State.CANCELLED: "red",
    }

    class Form(models.TextChoices):
        IN_PERSON = "in_person", _("In person")
        ONLINE = "online", _("Online")
        HYBRID = "hybrid", _("In person and online")
        CORRESPONDENCE = "correspondence", _("By correspondence")

    consortium = models.ForeignKey(
        "consortia.Consortium", on_delete=models.PROTECT, related_name="meetings"
    )
    organ = models.CharField(_("organ"), max_length=20, choices=Organ, blank=True)
    body = models.ForeignKey(
        "bodies.Body", null=True, blank=True, on_delete=models.PROTECT, related_name="meetings"
    )
    charter = models.ForeignKey(  # whose rules count; fixed when the meeting is called
        Charter, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    title_zh = models.CharField(_("title in Chinese"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    title = Bilingual()
    form = models.CharField(_("form"), max_length=20, choices=Form, default=Form.IN_PERSON)
    extraordinary = models.BooleanField(_("extraordinary"), default=False)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    place_zh = models.CharField(_("place in Chinese"), max_length=200, blank=True)
    place_en = models.CharField(_("place in English"), max_length=200, blank=True)
    place = Bilingual()
    link = models.URLField(_("online at"), blank=True)
    chaired_by = models.CharField(_("chaired by"), max_length=100, blank=True)
    called_as = models.CharField(_("called by"), max_length=30, choices=Charter.Caller, blank=True)
    short_notice_why = models.TextField(_("why at shorter notice"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    called_at = models.DateTimeField(_("called"), null=True, blank=True)
    opened_at = models.DateTimeField(_("opened"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)  # SEQUENCE of its calendar invitations
    reminded_at = models.DateTimeField(null=True, blank=True)
    unsent = models.BooleanField(default=False)  # the agenda has changed since it was last sent
    current_item = models.ForeignKey(
        "Item", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="meetings_end_after_they_start"
            ),
            models.CheckConstraint(
                condition=Q(organ="") ^ Q(body=None), name="a_meeting_is_of_an_organ_or_a_body"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "cancelled"]) | Q(called_at__isnull=False),
                name="called_meetings_say_when",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["open", "closed"]) | Q(opened_at__isnull=False),
                name="meetings_in_session_say_since_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_at__gte=F("opened_at")),
                name="closed_meetings_say_when",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("meetings:meeting_detail", args=[self.consortium, self.pk])

    @property
    def convener(self) -> str:
        """The organ or the body whose meeting it is."""
        return self.body.name if self.body else self.get_organ_display()

    def days_of_notice_from(self, day: date) -> int:
        """Whole days from ``day`` to the start."""
        return (timezone.localtime(self.starts_at).date() - day).days

    @property
    def meets(self) -> bool:
        """Do people come together, in a room or online?"""
        return self.form != self.Form.CORRESPONDENCE

    @property
    def meets_online(self) -> bool:
        return self.form in (self.Form.ONLINE, self.Form.HYBRID)


class Item(models.Model):
    """One item of the agenda."""

    class Kind(models.TextChoices):
        REPORT = "report", _("Report")
        MOTION = "motion", _("Motion")
        ELECTION = "election", _("Election")
        CEREMONY = "ceremony", _("Signing ceremony")
        OTHER = "other", _("Other")

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="items")
    order = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.REPORT)
    title_zh = models.CharField(_("title in Chinese"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    title = Bilingual()
    text = models.TextField(_("explanation"), blank=True)
    speaker = models.CharField(_("speaker"), max_length=100, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes planned"), null=True, blank=True)
    note = models.TextField(_("what happened"), blank=True)  # for the minutes
    papers = models.ManyToManyField("files.StoredFile", blank=True, related_name="+")

    class Meta:
        verbose_name = _("agenda item")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.title


class AttendeeQuerySet(models.QuerySet["Attendee"]):
    def voting(self) -> "AttendeeQuerySet":
        return self.filter(votes__gt=0)

    def here(self) -> "AttendeeQuerySet":
        """Signed in and not gone."""
        return self.filter(signed_in_at__isnull=False, left_at=None)

    def represented(self) -> "AttendeeQuerySet":
        """Whose votes are present: they are here, or the holder of their proxy is."""
        by_proxy = Q(proxy__signed_in_at__isnull=False, proxy__left_at=None)
        return self.voting().filter(Q(signed_in_at__isnull=False, left_at=None) | by_proxy)

    def total_votes(self) -> int:
        return self.aggregate(total=Coalesce(Sum("votes"), 0))["total"]  # type: ignore[no-any-return]


class Attendee(models.Model):
    """Somebody invited: a unit with its votes, or a guest without.

    That nobody holds more proxies than the charter allows, and that a holder gives none away, is
    decided under a lock of the meeting.
    """

    class Reply(models.TextChoices):
        NONE = "none", _("No answer yet")
        COMING = "coming", _("Coming")
        DECLINED = "declined", _("Not coming")
        PROXY = "proxy", _("Sends a proxy")

    class Channel(models.TextChoices):
        """How somebody was signed in."""

        SCAN = "scan", _("QR code at the door")
        SELF = "self", _("Own phone")
        LIST = "list", _("Ticked on a list")
        PAPER = "paper", _("Paper scan")
        ONLINE = "online", _("Online")

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendees")
    organisation = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("unit"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    name = models.CharField(_("full name"), max_length=100, blank=True)
    title = models.CharField(_("job title"), max_length=100, blank=True)
    affiliation = models.CharField(  # of a guest whose unit is not in the directory
        _("comes from"), max_length=200, blank=True
    )
    email = models.EmailField(_("e-mail"), blank=True)  # of a guest without an account
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    votes = models.PositiveSmallIntegerField(_("votes"), default=0)  # 0: a guest
    reply = models.CharField(_("reply"), max_length=10, choices=Reply, default=Reply.NONE)
    reply_note = models.CharField(_("note"), max_length=300, blank=True)
    proxy = models.ForeignKey(  # the attendee who votes in this one's place
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="proxied"
    )
    code = models.CharField(max_length=20, unique=True, default=sign_in_code)
    signed_in_at = models.DateTimeField(_("signed in"), null=True, blank=True)
    signed_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    channel = models.CharField(_("way of signing in"), max_length=10, choices=Channel, blank=True)
    sign_in_key = models.UUIDField(null=True, blank=True)  # of the door's journal: tells a retry
    left_at = models.DateTimeField(_("left"), null=True, blank=True)

    objects = AttendeeQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendee")
        ordering = ["-votes", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "organisation"],
                condition=Q(votes__gt=0),
                name="a_unit_votes_once_in_a_meeting",
            ),
            models.CheckConstraint(
                condition=Q(proxy=None) | Q(votes__gt=0), name="only_a_vote_can_be_given_by_proxy"
            ),
            models.CheckConstraint(
                condition=Q(proxy=None) | ~Q(proxy=F("pk")), name="nobody_is_their_own_proxy"
            ),
            models.CheckConstraint(
                condition=Q(signed_in_at=None, channel="")
                | (Q(signed_in_at__isnull=False) & ~Q(channel="")),
                name="a_sign_in_says_how",
            ),
            models.CheckConstraint(
                condition=Q(reply="proxy", proxy__isnull=False)
                | (~Q(reply="proxy") & Q(proxy=None)),
                name="who_sends_a_proxy_names_it",
            ),
            models.CheckConstraint(
                condition=Q(left_at=None)
                | Q(signed_in_at__isnull=False, left_at__gte=F("signed_in_at")),
                name="nobody_leaves_before_coming",
            ),
            models.CheckConstraint(
                condition=~Q(name="") | Q(organisation__isnull=False),
                name="an_attendee_has_a_name_or_a_unit",
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.organisation)

    @property
    def unit(self) -> str:
        """Where they come from, in the reader's language."""
        return self.organisation.name if self.organisation else self.affiliation

    @property
    def is_here(self) -> bool:
        return self.signed_in_at is not None and self.left_at is None
