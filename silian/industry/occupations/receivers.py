"""Skills can be found by every word for them."""

from django.utils.translation import gettext_lazy as _

from silian.industry.occupations import policy
from silian.industry.occupations.models import Skill
from silian.kernel.search.services import index

index(
    Skill,
    visible=policy.visible_skills,
    text=lambda skill: [
        skill.about_zh,
        skill.about_en,
        *(synonym.text for synonym in skill.synonyms.all()),
    ],
    consortium=lambda skill: "",
    name=_("Skills"),
)
