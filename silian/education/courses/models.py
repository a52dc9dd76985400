from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Deferrable, F, Func, Q
from django.urls import reverse
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from silian.education.courses.terms import Level, Payer
from silian.governance.members.models import Organisation
from silian.kernel import clock
from silian.kernel.bilingual import Bilingual


class Course(models.Model):
    """What is taught, for whom and what completes it; a member offers it, or the body itself (E3).

    What completes it is stated here, so that everybody reads it before enrolling.
    """

    class Kind(models.TextChoices):
        UPSKILLING = "upskilling", _("Raising skills")
        NEW_POST = "new_post", _("For a new post")
        RETRAINING = "retraining", _("Changing occupation")
        SAFETY = "safety", _("Safety and regulations")
        TEACHERS = "teachers", _("For teachers and trainers")
        MANAGEMENT = "management", _("Management")
        OTHER = "other", _("Other training")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("No longer offered")

    MOVES = {
        State.DRAFT: {State.PUBLISHED},
        State.PUBLISHED: {State.WITHDRAWN},
        State.WITHDRAWN: {State.PUBLISHED},
    }
    STATE_COLOURS = {"published": "green"}

    consortium = models.ForeignKey(
        "consortia.Consortium", on_delete=models.PROTECT, related_name="courses"
    )
    organiser = models.ForeignKey(
        "members.Organisation",
        verbose_name=_("organiser"),
        null=True,  # the body itself
        blank=True,
        on_delete=models.PROTECT,
        related_name="courses",
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.UPSKILLING)
    title_zh = models.CharField(_("title in Chinese"), max_length=150)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    title = Bilingual()
    occupation = models.ForeignKey(
        "codes.Code",
        verbose_name=_("occupation"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    level = models.CharField(_("skill level"), max_length=12, choices=Level, blank=True)
    hours = models.DecimalField(_("class hours"), max_digits=5, decimal_places=1)
    audience_zh = models.CharField(_("for whom, in Chinese"), max_length=300, blank=True)
    audience_en = models.CharField(_("for whom, in English"), max_length=300, blank=True)
    audience = Bilingual()
    about_zh = models.TextField(_("aims in Chinese"), blank=True)
    about_en = models.TextField(_("aims in English"), blank=True)
    about = Bilingual()
    syllabus_zh = models.TextField(_("syllabus in Chinese"), blank=True)
    syllabus_en = models.TextField(_("syllabus in English"), blank=True)
    syllabus = Bilingual()
    # what completes it
    attended_percent = models.PositiveSmallIntegerField(_("hours to be attended, %"), default=80)
    asks_feedback = models.BooleanField(_("the satisfaction form must be filled in"), default=True)
    stated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(hours__gt=0), name="a_course_has_hours"),
            models.CheckConstraint(
                condition=Q(attended_percent__lte=100), name="a_course_asks_at_most_all_hours"
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(published_at__isnull=False),
                name="published_courses_have_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("courses:course_detail", args=[self.consortium, self.pk])

    @property
    def offered_by(self) -> str:
        """The name of whoever answers for it."""
        return self.organiser.name if self.organiser else self.consortium.short_name

    @property
    def issuer(self) -> Organisation | None:
        """The organisation that answers for it; for the body itself that which leads it."""
        if self.organiser:
            return self.organiser
        leading = self.consortium.leading()
        return leading[0].organisation if leading else None


class Session(models.Model):
    """One time that a course is held: dates, places, prices, who may take part and until when.

    ``taken`` is kept by a trigger of the app ``enrolments``: the check below makes it impossible to
    give a place twice, however many ask at once.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Being planned")
        OPEN = "open", _("Open for enrolment")
        RUNNING = "running", _("Training now")
        FINISHED = "finished", _("Training finished")
        CANCELLED = "cancelled", _("Cancelled")

    MOVES = {
        State.DRAFT: {State.OPEN, State.CANCELLED},
        State.OPEN: {State.RUNNING, State.CANCELLED},
        State.RUNNING: {State.FINISHED, State.CANCELLED},
    }
    PUBLIC = (State.OPEN, State.RUNNING, State.FINISHED, State.CANCELLED)
    STATE_COLOURS = {"open": "green", "running": "blue", "cancelled": "red"}

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="sessions")
    number = models.PositiveSmallIntegerField(_("number"))
    place_zh = models.CharField(_("place in Chinese"), max_length=150)
    place_en = models.CharField(_("place in English"), max_length=200, blank=True)
    place = Bilingual()
    places_min = models.PositiveSmallIntegerField(_("held from, people"), default=1)
    places_max = models.PositiveSmallIntegerField(_("places"))
    taken = models.PositiveSmallIntegerField(_("places taken"), default=0, editable=False)
    starts_on = models.DateField(_("first day"))  # of its lessons
    ends_on = models.DateField(_("last day"))
    enrol_from = models.DateField(_("enrolment from"))
    enrol_until = models.DateField(_("enrolment until"))
    teachers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("teachers"), blank=True, related_name="+"
    )
    lecturers = models.CharField(_("who teaches, as published"), max_length=200, blank=True)
    # what a place costs; without a price nobody of this kind can take one
    price_person = models.DecimalField(
        _("paid by the learner"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    price_member = models.DecimalField(
        _("paid by a member"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    price_other = models.DecimalField(
        _("paid by another organisation"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    price_government = models.DecimalField(
        _("paid by the government"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    free_days = models.PositiveSmallIntegerField(_("cancelled free until, days before"), default=7)
    late_percent = models.PositiveSmallIntegerField(_("afterwards due, % of the price"), default=50)
    # who may take part
    min_age = models.PositiveSmallIntegerField(_("minimum age"), null=True, blank=True)
    members_only = models.BooleanField(_("only for people of member organisations"), default=False)
    after = models.ForeignKey(
        Course,
        verbose_name=_("after completing"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    reason = models.CharField(_("why cancelled"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)

    class Meta:
        verbose_name = _("course session")
        verbose_name_plural = _("course sessions")
        ordering = ["starts_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["course", "number"], name="one_session_per_number"),
            models.CheckConstraint(
                condition=Q(places_min__gte=1, places_max__gte=F("places_min")),
                name="a_session_has_places",
            ),
            models.CheckConstraint(
                condition=Q(taken__lte=F("places_max")), name="a_session_is_never_overfilled"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on"), enrol_until__gte=F("enrol_from")),
                name="session_days_in_order",
            ),
            models.CheckConstraint(
                condition=Q(late_percent__lte=100), name="cancelling_costs_at_most_the_price"
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(reason=""),
                name="a_cancelled_session_says_why",
            ),
            *(
                models.CheckConstraint(
                    condition=Q((f"price_{payer}", None)) | Q((f"price_{payer}__gte", 0)),
                    name=f"no_negative_price_{payer}",
                )
                for payer in Payer.values
            ),
        ]
        indexes = [models.Index(fields=["state", "starts_on"], name="session_catalogue")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("enrolments:session_detail", args=[self.course.consortium, self.pk])

    @property
    def title(self) -> str:
        facts = {"course": self.course.title, "number": self.number}
        return gettext("%(course)s, session %(number)s") % facts

    @property
    def title_zh(self) -> str:
        with override("zh-hans"):
            return self.title

    @property
    def title_en(self) -> str:
        with override("en"):
            return self.title

    @property
    def free(self) -> int:
        return self.places_max - self.taken

    def price_for(self, payer: str) -> Decimal | None:
        """What a place costs this payer; None where such a payer gets none."""
        price: Decimal | None = getattr(self, f"price_{payer}")
        return price

    @property
    def prices(self) -> list[tuple[str, Decimal]]:
        """Each kind of payer that can get a place, in words, and what it pays."""
        found = [(str(label), self.price_for(payer)) for payer, label in Payer.choices]
        return [(label, price) for label, price in found if price is not None]

    @property
    def is_open(self) -> bool:
        """Can somebody enrol today?"""
        return self.state == self.State.OPEN and (
            self.enrol_from <= clock.today() <= self.enrol_until
        )


class Lesson(models.Model):
    """One meeting of a session, with its hours."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="lessons")
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    hours = models.DecimalField(_("class hours"), max_digits=4, decimal_places=1)
    topic = models.CharField(_("topic"), max_length=150, blank=True)
    room = models.CharField(_("room"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("lesson")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at"), hours__gt=0), name="a_lesson_takes_time"
            ),
            ExclusionConstraint(
                name="lessons_of_a_session_do_not_overlap",
                deferrable=Deferrable.DEFERRED,  # two change places in one transaction
                expressions=[
                    ("session", RangeOperators.EQUAL),
                    (
                        Func("starts_at", "ends_at", function="tstzrange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session}, {self.starts_at:%Y-%m-%d}"
