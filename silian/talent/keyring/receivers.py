"""Private keys are sealed again when the secret key was changed."""

from silian.kernel.vault import keepers
from silian.talent.keyring.services import seal_again

keepers.append(seal_again)
