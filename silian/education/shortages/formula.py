"""The formula of formula.toml, with the weights and levels that a consortium chose."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from silian.education.shortages.models import Setting
from silian.engines.shortage import Dimension, Formula
from silian.governance.consortia.models import Consortium
from silian.kernel.bilingual import in_reading_language

Told = dict[str, Any]  # as it is kept with a catalogue and told on its page


@cache
def shipped() -> Told:
    """The formula as it comes, before any consortium changes it."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text())


def setting_of(consortium: Consortium) -> Setting | None:
    """What ``consortium`` applies now; None: the formula as it comes."""
    return Setting.objects.filter(consortium=consortium).order_by("-number").first()


def formula_of(consortium: Consortium) -> Told:
    setting, told = setting_of(consortium), shipped()
    if setting is None:
        return dict(told)
    weights = setting.weights
    return {
        **told,
        "version": f"{told['version']}.{setting.number}",
        "levels": [setting.mild / 100, setting.moderate / 100, setting.severe / 100],
        "reason": setting.reason,
        "dimensions": [one | {"weight": weights[one["key"]] / 100} for one in told["dimensions"]],
    }


def engine_of(told: Told) -> Formula:
    """The part of it that computes."""
    names = ("key", "weight", "low", "high", "required")
    return Formula(
        version=told["version"],
        dimensions=tuple(
            Dimension(**{name: one[name] for name in names if name in one})
            for one in told["dimensions"]
        ),
        stars=tuple(told["stars"]),
        levels=tuple(told["levels"]),
        least_known=told["least_known"],
    )


def label_of(one: Told) -> str:
    return in_reading_language(one["label_zh"], one["label_en"])


def text_of(one: Told) -> str:
    return in_reading_language(one["text_zh"], one["text_en"])
