"""“Je ne lis rien”: what to try when a scanner stays silent, one thing at a time."""

from __future__ import annotations

from fieldkit.i18n import _
from fieldkit.services import scanner_devices
from fieldkit.services.scanner_devices import Seen, Step
from fieldkit.ui.widgets.card import Card
from fieldkit.ui.widgets.flow import flowing
from fieldkit.ui.widgets.text import button, label


class NothingRead(Card):
    """Leads through power, mode, brightness, distance and screen; hidden until asked for."""

    def __init__(self) -> None:
        super().__init__(_("Je ne lis rien"), "nothingRead")
        self._steps: list[Step] = []
        self._at = 0
        self.step = label("", "strong", wrap=True)
        self.step.setObjectName("nothingReadStep")
        self.words = label("", wrap=True, selectable=True)
        self.words.setAccessibleName(_("Quoi essayer"))
        self.before = button(_("Précédent"), "nothingReadBefore", self._back)
        self.after = button(_("Toujours rien : &suite"), "nothingReadNext", self._next, kind="primary")
        self.body.addWidget(self.step)
        self.body.addWidget(self.words)
        close = button(_("Fermer"), "nothingReadClose", self.hide, kind="quiet")
        self.body.addWidget(flowing(self.after, self.before, close))
        self.hide()

    def begin(self, seen: Seen) -> None:
        """Start with the first step."""
        self._at = 0
        self.show_seen(seen)
        self.show()
        self.after.setFocus()

    def show_seen(self, seen: Seen) -> None:
        """What this computer tells of its scanners changes what to try."""
        self._steps = scanner_devices.steps(seen)
        self._show()

    def _next(self) -> None:
        self._at = (self._at + 1) % len(self._steps)
        self._show()

    def _back(self) -> None:
        self._at = max(0, self._at - 1)
        self._show()

    def _show(self) -> None:
        step, last = self._steps[self._at], self._at == len(self._steps) - 1
        where = _("Étape {n} sur {total} : {title}").format(
            n=self._at + 1, total=len(self._steps), title=step.title
        )
        self.step.setText(where)
        self.words.setText(step.text)
        self.before.setEnabled(self._at > 0)
        words = _("Reprendre au &début") if last else _("Toujours rien : &suite")
        self.after.setText(words)
        self.after.setAccessibleName(words.replace("&", ""))
