from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from silian.kernel import clock


class Marking(models.Model):
    """All papers of one exam, from the last answer to points that stay.

    Once complete, points change only together with a Correction; a trigger keeps it so.
    """

    class State(models.TextChoices):
        SCORING = "scoring", _("Being scored")
        OPEN = "open", _("Being marked")
        COMPLETE = "complete", _("Marked")

    MOVES = {State.SCORING: {State.OPEN}, State.OPEN: {State.COMPLETE}}
    STATE_COLOURS = {"scoring": "azure", "open": "blue", "complete": "green"}

    exam = models.OneToOneField("sittings.Exam", on_delete=models.PROTECT, related_name="marking")
    limit = models.PositiveSmallIntegerField(
        _("difference that calls a third marker"),
        default=20,
        validators=[MaxValueValidator(100)],
        help_text=_("In per cent of what the answer can be worth."),
    )
    shown = models.BooleanField(
        _("candidates may look into their points"),
        default=False,
        help_text=_("Item by item, without the right answers."),
    )
    seed = models.PositiveIntegerField()  # of the order in which markers get answers
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.SCORING)
    job = models.ForeignKey("jobs.Job", null=True, on_delete=models.SET_NULL, related_name="+")
    completed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("signed by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    completed_at = models.DateTimeField(_("signed"), null=True)

    class Meta:
        verbose_name = _("marking")
        constraints = [
            models.CheckConstraint(condition=Q(limit__lte=100), name="a_limit_is_a_share"),
            models.CheckConstraint(
                condition=~Q(state="complete")
                | Q(completed_by__isnull=False, completed_at__isnull=False),
                name="a_complete_marking_is_signed",
            ),
        ]

    def __str__(self) -> str:
        return str(self.exam)

    def get_absolute_url(self) -> str:
        return reverse("marksheets:marking_detail", args=[self.exam.consortium, self.exam_id])


class Question(models.Model):
    """What is answered and marked by itself: an item of a form, or a part of a case."""

    marking = models.ForeignKey(Marking, on_delete=models.CASCADE, related_name="questions")
    form = models.ForeignKey("sittings.Form", on_delete=models.PROTECT, related_name="+")
    item = models.CharField(_("item"), max_length=10)  # as it is answered: "7", of a case "7.2"
    place = models.PositiveSmallIntegerField()
    points = models.DecimalField(_("points of the item"), max_digits=6, decimal_places=2)
    by_hand = models.BooleanField(_("marked by people"))
    # An items.Version, by number only: an exam holds a copy, and its bank may be gone.
    version = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = _("item of an exam")
        ordering = ["form__letter", "place"]
        constraints = [
            models.UniqueConstraint(fields=["form", "item"], name="an_item_of_a_form_is_one"),
            models.CheckConstraint(condition=Q(points__gte=0), name="no_item_takes_points_away"),
        ]

    def __str__(self) -> str:
        return f"{self.form.letter}{self.item}"


class Sheet(models.Model):
    """The paper of one candidate who began; who never began has none."""

    marking = models.ForeignKey(Marking, on_delete=models.PROTECT, related_name="sheets")
    attempt = models.OneToOneField(
        "answering.Attempt", on_delete=models.PROTECT, related_name="sheet"
    )

    class Meta:
        verbose_name = _("answer sheet")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.attempt}"

    def get_absolute_url(self) -> str:
        exam = self.marking.exam
        return reverse("marksheets:sheet_detail", args=[exam.consortium, exam.pk, self.pk])


class Answer(models.Model):
    """What one candidate answered to one question and what it is worth; None: not marked yet."""

    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    response: Any = models.JSONField(null=True)
    worth = models.DecimalField(max_digits=6, decimal_places=2)  # the question's points
    points = models.DecimalField(_("points"), max_digits=6, decimal_places=2, null=True)
    corrected = models.PositiveSmallIntegerField(default=0)  # how many corrections there were

    class Meta:
        verbose_name = _("answer")
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "question"], name="one_answer_to_a_question_on_a_sheet"
            ),
            models.CheckConstraint(
                condition=Q(points=None) | Q(points__gte=0, points__lte=F("worth")),
                name="an_answer_gets_no_more_than_it_is_worth",
            ),
        ]
        indexes = [
            models.Index(fields=["question"], condition=Q(points=None), name="answers_to_be_marked")
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id}/{self.question_id}"


class Marker(models.Model):
    """Somebody appointed to mark, the questions named here or any. Never a candidate: a trigger."""

    marking = models.ForeignKey(Marking, on_delete=models.CASCADE, related_name="markers")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("marker"),
        on_delete=models.PROTECT,
        related_name="markings",
    )
    questions = models.ManyToManyField(
        Question, verbose_name=_("items"), blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)

    class Meta:
        verbose_name = _("marker")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["marking", "user"], name="a_marker_is_appointed_once")
        ]

    def __str__(self) -> str:
        return str(self.user)


class Mark(models.Model):
    """One marker's points for one answer. Without points it is taken in hand and not given yet.

    Turns one and two see nothing of each other; the third comes only where they differ by more
    than the limit. Triggers keep all this, and half points.
    """

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="marks")
    marker = models.ForeignKey(Marker, on_delete=models.PROTECT, related_name="marks")
    turn = models.PositiveSmallIntegerField()
    points = models.DecimalField(_("points"), max_digits=6, decimal_places=2, null=True)
    comment = models.CharField(_("comment"), max_length=500, blank=True)
    taken_at = models.DateTimeField(default=clock.now)
    at = models.DateTimeField(_("marked"), null=True)

    class Meta:
        verbose_name = _("mark")
        ordering = ["turn"]
        constraints = [
            models.UniqueConstraint(fields=["answer", "turn"], name="one_mark_a_turn"),
            models.UniqueConstraint(
                fields=["answer", "marker"], name="nobody_marks_an_answer_twice"
            ),
            models.CheckConstraint(
                condition=Q(turn__gte=1, turn__lte=3), name="an_answer_has_three_markers_at_most"
            ),
            models.CheckConstraint(
                condition=Q(points=None, at=None) | Q(points__gte=0, at__isnull=False),
                name="a_mark_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.answer} {self.turn}"


class Ruling(models.Model):
    """The decision that a question was scored by a wrong key, or is worth full points to all.

    The newest one of a question rules; before the first, the key that the exam was set with.
    """

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="rulings")
    key: Any = models.JSONField(null=True)
    to_all = models.BooleanField(_("full points to everybody"), default=False)
    why = models.CharField(_("reason"), max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"), default=clock.now)

    class Meta:
        verbose_name = _("correction of an item")
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=~Q(why=""), name="a_ruling_says_why")]

    def __str__(self) -> str:
        return f"{self.question}"


class Correction(models.Model):
    """Points of an answer that were changed afterwards: from what, to what, by whom and why."""

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="corrections")
    number = models.PositiveSmallIntegerField()
    was = models.DecimalField(_("points before"), max_digits=6, decimal_places=2, null=True)
    points = models.DecimalField(_("points after"), max_digits=6, decimal_places=2)
    ruling = models.ForeignKey(
        Ruling, null=True, on_delete=models.PROTECT, related_name="corrections"
    )
    why = models.CharField(_("reason"), max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("when"), default=clock.now)

    class Meta:
        verbose_name = _("correction of points")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["answer", "number"], name="corrections_are_numbered"),
            models.CheckConstraint(
                condition=~Q(why="") & ~Q(was=F("points")), name="a_correction_changes_and_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.answer}: {self.was} → {self.points}"
