"""How what is in force is found. What is being written is no matter of the search."""

from django.utils.translation import gettext_lazy as _

from silian.education.standards import policy
from silian.education.standards.models import Standard
from silian.kernel.search.services import index


def words_of(standard: Standard) -> list[str]:
    """The words of the edition in force, and of none that is not public yet."""
    edition = policy.in_force(standard)
    found = [
        standard.get_kind_display(),
        standard.programme.name_zh,
        standard.programme.school.name_zh,
    ]
    if edition:
        found += edition.units.values_list("title_zh", flat=True)
        found += edition.units.values_list("skills__name_zh", flat=True)
        found += edition.sections.values_list("text", flat=True)
    return found


index(
    Standard,
    visible=lambda user: policy.public_standards(),
    text=words_of,
    name=_("Plans and course standards"),
)
