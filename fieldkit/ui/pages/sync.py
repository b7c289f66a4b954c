"""Placeholder until the sync page lands."""

from __future__ import annotations

from fieldkit.i18n import _
from fieldkit.ui.pages.base import Context, Page


class SyncPage(Page):
    """What waits to be sent."""

    needs_profile = True

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("Synchro"))
