"""Plugins of the suite; fixtures live in `tests/plugins/`, one concern per file."""

pytest_plugins = ["tests.plugins.strict", "tests.plugins.app", "tests.plugins.postgres"]
