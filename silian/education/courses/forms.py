"""A course and a session with its lessons as forms."""

from itertools import pairwise
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet, inlineformset_factory
from django.utils.translation import gettext_lazy as _

from silian.education.courses.models import Course, Lesson, Session
from silian.education.courses.policy import teachers_for
from silian.governance.members.models import Organisation
from silian.kernel.codes.fields import CodeField
from silian.kernel.codes.models import CodeList
from silian.kernel.ui.widgets import DayInput, MomentInput

ROWS = {"rows": 4}


def pair(*names: str) -> Row:
    width = 12 // len(names)
    return Row(*(Column(name, css_class=f"col-md-{width}") for name in names))


class CourseForm(forms.ModelForm):  # type: ignore[type-arg]
    occupation = CodeField(CodeList.Kind.OCCUPATION, label=_("occupation"), required=False)

    class Meta:
        model = Course
        fields = """organiser kind title_zh title_en occupation level hours audience_zh audience_en
        about_zh about_en syllabus_zh syllabus_en attended_percent asks_feedback""".split()
        widgets = {
            "about_zh": forms.Textarea(ROWS),
            "about_en": forms.Textarea(ROWS),
            "syllabus_zh": forms.Textarea({"rows": 8}),
            "syllabus_en": forms.Textarea({"rows": 8}),
        }
        help_texts = {
            "syllabus_zh": _("Headings, lists and tables in Markdown."),
            "attended_percent": _("0 where attendance does not count."),
        }

    def __init__(
        self, organisers: QuerySet[Organisation], *args: Any, of_the_body: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organiser"]
        field.queryset = organisers  # type: ignore[attr-defined]
        field.required = not of_the_body
        body = self.instance.consortium.short_name
        field.empty_label = body if of_the_body else None  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Fieldset(
                _("What is taught"),
                pair("organiser", "kind"),
                pair("title_zh", "title_en"),
                pair("occupation", "level", "hours"),
            ),
            Fieldset(_("For whom"), pair("audience_zh", "audience_en")),
            Fieldset(
                _("Aims and syllabus"),
                pair("about_zh", "about_en"),
                pair("syllabus_zh", "syllabus_en"),
            ),
            Fieldset(
                _("What completes it"),
                pair("attended_percent"),
                pair("asks_feedback"),
            ),
        )

    def clean_hours(self) -> Any:
        return _above_nothing(self.cleaned_data["hours"])


class SessionForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Session
        fields = """place_zh place_en places_min places_max enrol_from enrol_until teachers
        lecturers price_person price_member price_other price_government free_days late_percent
        min_age members_only after""".split()
        widgets = {
            "enrol_from": DayInput(),
            "enrol_until": DayInput(),
            "teachers": forms.SelectMultiple({"data-search": ""}),
        }
        help_texts = {
            "teachers": _("Accounts that call the roll and see who takes part."),
            "price_person": _("Yuan for a place. 0 is free; empty: no place for such payers."),
            "after": _("Only who completed this course can take part."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        course = self.instance.course
        others = Course.objects.filter(consortium=course.consortium).exclude(pk=course.pk)
        self.fields["teachers"].queryset = teachers_for(course)  # type: ignore[attr-defined]
        self.fields["after"].queryset = others.exclude(state="draft")  # type: ignore[attr-defined]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Fieldset(
                _("Where and how many"),
                pair("place_zh", "place_en"),
                pair("places_min", "places_max"),
                pair("teachers", "lecturers"),
            ),
            Fieldset(
                _("Prices"),
                pair("price_person", "price_member"),
                pair("price_other", "price_government"),
            ),
            Fieldset(
                _("Enrolment"),
                pair("enrol_from", "enrol_until"),
                pair("free_days", "late_percent"),
            ),
            Fieldset(_("Who can take part"), pair("min_age", "after"), "members_only"),
        )

    def clean_places_max(self) -> int:
        places: int = self.cleaned_data["places_max"]
        if places < self.instance.taken:
            taken = {"taken": self.instance.taken}
            raise forms.ValidationError(_("%(taken)s places are taken already."), params=taken)
        return places

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        least, most = data.get("places_min"), data.get("places_max")
        since, until = data.get("enrol_from"), data.get("enrol_until")
        if least is not None and least < 1:
            self.add_error("places_min", _("Must be more than 0."))
        elif least and most is not None and most < least:
            self.add_error("places_max", _("This is fewer than the session needs."))
        if since and until and until < since:
            self.add_error("enrol_until", _("It ends before it starts."))
        if (data.get("late_percent") or 0) > 100:
            self.add_error("late_percent", _("At most 100."))
        for name in ("price_person", "price_member", "price_other", "price_government"):
            if (data.get(name) or 0) < 0:
                self.add_error(name, _("Must not be less than 0."))
        return data


class LessonForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Lesson
        fields = "starts_at ends_at hours topic room".split()
        widgets = {"starts_at": MomentInput(), "ends_at": MomentInput()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"

    def clean_hours(self) -> Any:
        return _above_nothing(self.cleaned_data["hours"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end = data.get("starts_at"), data.get("ends_at")
        if start and end and end <= start:
            self.add_error("ends_at", _("It ends before it starts."))
        return data


class Lessons(BaseInlineFormSet):  # type: ignore[type-arg]
    """The lessons of one session, at least one, one after the other."""

    def clean(self) -> None:
        super().clean()
        kept = [
            form
            for form in self.forms
            if form.cleaned_data.get("starts_at") and not form.cleaned_data.get("DELETE")
        ]
        if not kept and not any(self.errors):
            raise forms.ValidationError(_("State at least one lesson."))
        kept.sort(key=lambda form: form.cleaned_data["starts_at"])
        for earlier, later in pairwise(kept):
            end = earlier.cleaned_data.get("ends_at")
            if end and later.cleaned_data["starts_at"] < end:
                later.add_error("starts_at", _("It begins before another lesson has ended."))

    @property
    def rows(self) -> list[Lesson]:
        """What is to be kept, not saved yet."""
        gone = {form.instance.pk for form in self.deleted_forms}
        found = [form.instance for form in self.forms if form.cleaned_data.get("starts_at")]
        return [lesson for lesson in found if not lesson.pk or lesson.pk not in gone]


LessonFormSet = inlineformset_factory(
    Session, Lesson, LessonForm, formset=Lessons, extra=1, max_num=60, can_delete=True
)


def _above_nothing(value: Any) -> Any:
    if value <= 0:
        raise forms.ValidationError(_("Must be more than 0."))
    return value
