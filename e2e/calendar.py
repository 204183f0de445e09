"""The calendar on the wall of a story: moved forward through the demo bar, day by day, as anybody would."""

from __future__ import annotations

from playwright.sync_api import Page, expect


class Calendar:
    """Stands on the sign-in page, where the demo bar is too."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def is_at(self, day: str) -> None:
        """Move on to "2026-04-02"; what falls due on the way happens day by day."""
        self.page.goto("/masuk")
        field = self.page.get_by_label("majukan ke")
        field.fill(day)
        with self.page.expect_navigation(timeout=60_000):
            self.page.get_by_role("button", name="Terapkan").click(timeout=60_000)
        expect(field).to_have_value(day)
