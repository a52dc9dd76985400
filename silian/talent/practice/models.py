from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock

INTERNSHIP = "internships.Internship"


class Task(models.Model):
    """One thing that is learnt in some weeks of the internship: a line of its plan."""

    internship = models.ForeignKey(INTERNSHIP, on_delete=models.CASCADE, related_name="plan")
    first_week = models.PositiveSmallIntegerField(_("from week"))
    last_week = models.PositiveSmallIntegerField(_("to week"))
    title = models.CharField(_("task"), max_length=200)
    skill = models.ForeignKey(
        "occupations.Skill",
        verbose_name=_("skill"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    unit = models.ForeignKey(
        "standards.Unit",
        verbose_name=_("course unit"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    goal = models.CharField(_("what can be done afterwards"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("task")
        ordering = ["first_week", "last_week", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_week__gte=1, last_week__gte=F("first_week")),
                name="a_task_has_its_weeks",
            )
        ]

    def __str__(self) -> str:
        return self.title


class Entry(models.Model):
    """What the student did in one week. Nothing of where: no location, no face."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Waits for the mentor")
        RETURNED = "returned", _("Returned")
        CONFIRMED = "confirmed", _("Confirmed by the mentor")

    MOVES = {
        State.DRAFT: {State.SUBMITTED},
        State.SUBMITTED: {State.CONFIRMED, State.RETURNED},
        State.RETURNED: {State.SUBMITTED},
    }
    EDITABLE = (State.DRAFT, State.RETURNED)
    STATE_COLOURS = {"submitted": "blue", "returned": "orange", "confirmed": "green"}

    internship = models.ForeignKey(INTERNSHIP, on_delete=models.CASCADE, related_name="entries")
    week = models.DateField(_("week from"))  # its Monday
    done = models.TextField(_("what I did"))
    learnt = models.TextField(_("what I learnt, what was hard"), blank=True)
    hours = models.DecimalField(_("hours"), max_digits=4, decimal_places=1, null=True, blank=True)
    tasks = models.ManyToManyField(Task, verbose_name=_("tasks of the plan"), blank=True)
    files = models.ManyToManyField("files.StoredFile", through="Evidence", related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    answer = models.TextField(_("the mentor's answer"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    class Meta:
        verbose_name = _("journal entry")
        ordering = ["-week"]
        constraints = [
            models.UniqueConstraint(fields=["internship", "week"], name="one_entry_a_week"),
            models.CheckConstraint(condition=Q(week__week_day=2), name="a_week_begins_on_monday"),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(answered_by__isnull=False),
                name="confirmed_entries_say_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.internship} {self.week:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        place = self.internship.consortium
        return reverse("practice:entry_detail", args=[place, self.internship_id, self.pk])


class Evidence(models.Model):
    """A photo of a work piece, a drawing, a record that goes with a journal entry."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="evidence")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.file)


class Guidance(models.Model):
    """Hours in which a mentor guided the student, or a teacher's visit."""

    class Way(models.TextChoices):
        SITE = "site", _("On site")
        WORK = "work", _("At work, by the unit's mentor")
        ONLINE = "online", _("By video or telephone")

    internship = models.ForeignKey(INTERNSHIP, on_delete=models.CASCADE, related_name="guidance")
    on = models.DateField(_("day"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by whom"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    way = models.CharField(_("how"), max_length=10, choices=Way, default=Way.SITE)
    hours = models.DecimalField(_("hours"), max_digits=4, decimal_places=1)
    about = models.TextField(_("what was seen and said"))
    follow_up = models.CharField(_("what follows"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("visit")
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(hours__gt=0, hours__lte=24), name="guidance_takes_some_hours"
            )
        ]

    def __str__(self) -> str:
        return f"{self.internship} {self.on:%Y-%m-%d}"


class Incident(models.Model):
    """Something that went wrong: how grave, what was done, who was told when, what follows."""

    class Severity(models.TextChoices):
        NEAR_MISS = "near_miss", _("Near miss")
        MINOR = "minor", _("Minor injury or damage")
        SERIOUS = "serious", _("Serious injury")
        GRAVE = "grave", _("Death or several injured")

    internship = models.ForeignKey(INTERNSHIP, on_delete=models.PROTECT, related_name="incidents")
    happened_at = models.DateTimeField(_("happened"))
    severity = models.CharField(_("severity"), max_length=10, choices=Severity)
    what = models.TextField(_("what happened"))
    done = models.TextField(_("what was done at once"))
    notified = models.CharField(
        _("who was told: school, guardian, insurer, authority"), max_length=300
    )
    notified_at = models.DateTimeField(_("told at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("entered"), default=clock.now)
    follow_up = models.TextField(_("follow-up"), blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    class Meta:
        verbose_name = _("incident")
        ordering = ["-happened_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(notified_at__gte=F("happened_at")), name="news_comes_after_the_incident"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | ~Q(follow_up=""),
                name="what_is_closed_was_followed_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.internship} {self.happened_at:%Y-%m-%d}"


class Payment(models.Model):
    """What the unit paid for one month, and that the student has confirmed to have it."""

    internship = models.ForeignKey(INTERNSHIP, on_delete=models.PROTECT, related_name="payments")
    month = models.DateField(_("month"))  # its first day
    amount = models.DecimalField(_("amount, yuan"), max_digits=9, decimal_places=2)
    paid_on = models.DateField(_("paid on"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(_("confirmed by the student"), null=True, blank=True)
    disputed = models.CharField(_("what the student objects to"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("payment")
        ordering = ["-month", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["internship", "month"], name="one_payment_a_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="a_month_begins_on_its_first"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_payment_is_money"),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(disputed=""),
                name="what_is_confirmed_is_not_disputed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.internship} {self.month:%Y-%m}"
