"""What an amendment makes of a text that may have changed since it was moved."""

from diff_match_patch import diff_match_patch

from silian.governance.motions.models import Motion, Wording


def merged(base: Wording, amendment: Motion, now: Motion) -> tuple[str, str] | None:
    """The two texts of ``now`` with what ``amendment`` changes in ``base``; None where it clashes.

    An English text that the amendment leaves out would contradict the Chinese one, so it goes.
    """
    chinese = _patched(base.text_zh, amendment.text_zh, now.text_zh)
    if chinese is None or not amendment.text_en:
        return (chinese, "") if chinese else None
    english = _patched(base.text_en, amendment.text_en, now.text_en)
    return None if english is None else (chinese, english)


def pair(old: Wording, new: Motion) -> tuple[str, str]:
    """Both in the reader's language, or in Chinese where one of them has no English."""
    if old.text_en and new.text_en:
        return old.text, new.text
    return old.text_zh, new.text_zh


def _patched(base: str, amended: str, now: str) -> str | None:
    if now == base:
        return amended
    engine = diff_match_patch()
    engine.Match_Threshold = 0.2  # a passage that has changed much is no longer the same passage
    text, fits = engine.patch_apply(engine.patch_make(base, amended), now)
    return text if all(fits) else None
