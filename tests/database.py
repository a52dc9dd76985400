"""Prepares what settings need before pytest-django reads them: catalogues and a PostgreSQL."""

import os

from silian.config.catalogues import compile_stale
from silian.config.database import ensure_database

os.environ.setdefault("SILIAN_DEBUG", "1")
compile_stale()
ensure_database()
