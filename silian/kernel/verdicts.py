"""A yes, or a no that can explain itself."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied


@dataclass(frozen=True)
class Verdict:
    """What ``policy.may_<verb>`` answers. True when ``reason`` is empty.

    ``reason`` is in the reader's language and is shown where the button would be.
    """

    reason: str = ""

    def __bool__(self) -> bool:
        return not self.reason

    def enforce(self) -> None:
        """Raise PermissionDenied (403, with the reason on the page) unless the answer is yes."""
        if self.reason:
            raise PermissionDenied(self.reason)


YES = Verdict()
