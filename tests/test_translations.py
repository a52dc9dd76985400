"""Every text of every app has its Chinese; needs gettext, which the gate installs."""

import shutil

import pytest

from tests.translations import faults


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="gettext is not installed")
def test_every_text_is_translated() -> None:
    assert not list(faults())
