"""Plugins of the suite; fixtures live in `tests/plugins/`, one concern per file."""

import os

pytest_plugins = ["tests.plugins.strict", "tests.plugins.app", "tests.plugins.postgres"]
# What has no small size: it belongs to `make proof` alone, and is not there for `make test`, rather than skipped.
collect_ignore = [] if os.environ.get("KINERJA_PROOF") == "1" else ["proof"]
