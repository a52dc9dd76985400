"""What of a consortium can be found."""

from silian.governance.consortia import policy
from silian.governance.consortia.models import Consortium
from silian.kernel.search import services as search

search.index(
    Consortium,
    visible=policy.visible_consortia,
    text=lambda consortium: [consortium.purpose_zh, consortium.purpose_en],
    consortium=lambda consortium: consortium.slug,
)
