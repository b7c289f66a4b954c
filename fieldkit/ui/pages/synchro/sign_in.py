"""Where the registry is, and the token that opens it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit

from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.ui.live_sync import Status
from fieldkit.ui.pages.base import Context
from fieldkit.ui.runner import Queue
from fieldkit.ui.widgets.card import Banner, Card
from fieldkit.ui.widgets.controls import LineControl
from fieldkit.ui.widgets.field_box import FieldBox
from fieldkit.ui.widgets.flow import flowing
from fieldkit.ui.widgets.text import button, label
from fieldkit.ui.widgets.wrap_grid import WrapGrid

_COLUMN: Final = 300
_MOST_TOKEN: Final = 4_096


class SignIn(Card):
    """A form of two fields, folded away once both are known."""

    configured = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__(_("Le registre"), "signInCard")
        self._context = context
        self._known = label("", wrap=True, selectable=True)
        self._known.setObjectName("registryKnown")
        self._known.setAccessibleName(_("Registre utilisé"))
        self._change = button(
            _("&Modifier"), "registryChange", lambda: self._unfold(True), kind="quiet", icon="pen"
        )
        self.banner = Banner("signInBanner", closable=False)
        self._address = LineControl("https://registre.exemple.fr")
        self._token = LineControl(_("Collez-le ici"))
        self._token.setEchoMode(QLineEdit.EchoMode.Password)
        self.address = FieldBox(_("Adresse du registre"), self._address, "registryUrl")
        self.token = FieldBox(
            _("Jeton d'accès"),
            self._token,
            "registryToken",
            _("Donné par la personne qui tient le registre."),
        )
        self._fields = WrapGrid(_COLUMN)
        self._fields.show_cells([self.address, self.token])
        file = button(_("Lire un &fichier de jeton…"), "registryTokenFile", self._choose_file)
        self._save = button(_("&Enregistrer"), "registrySave", self.save, kind="primary")
        self._cancel = button(_("Annuler"), "registryCancel", lambda: self._unfold(False), kind="quiet")
        self._buttons = flowing(self._save, file, self._cancel)
        row = QHBoxLayout()
        row.addWidget(self._known, 1)
        row.addWidget(self._change)
        self.body.addLayout(row)
        self.body.addWidget(self.banner)
        self.body.addWidget(self._fields)
        self.body.addWidget(self._buttons)
        self._registry: str | None = None
        for control in (self._address, self._token):
            control.returnPressed.connect(self.save)
        self._unfold(True)

    def show_status(self, status: Status) -> None:
        """Show which registry is used."""
        self._known.setText(_known(status))
        if status["registry"] != self._registry:
            self._registry = status["registry"]
            self._unfold(not self._registry)

    def save(self) -> None:
        """Keep the address and the token, encrypted with the field data."""
        from fieldkit.services import sync

        profile = self._context.profile
        if profile is None:
            return
        store, url, token = profile.store, self._address.text(), self._token.text()
        self._context.runner.run(
            Queue.DATABASE,
            lambda: sync.configure(store, url, token),
            lambda _done: self._kept(),
            self._refused,
        )

    def read_token(self, file: Path) -> None:
        """Take the token from a file."""
        try:
            text = file.read_text("utf-8")[:_MOST_TOKEN].strip()
        except (OSError, UnicodeDecodeError):
            wrong = _("Ce fichier ne peut pas être lu comme un jeton.")
            self.token.say_error(KnownError("token-unreadable", wrong))
            return
        self.token.clear_error()
        self._token.setText(text)
        self._save.setFocus()

    def _choose_file(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileName(self, _("Fichier du jeton"))
        if chosen:
            self.read_token(Path(chosen))

    def _kept(self) -> None:
        self._token.clear()
        self.address.clear_error()
        self.token.clear_error()
        self._change.show()
        self._change.setFocus()  # before the field that has the keyboard is folded away
        self._unfold(False)
        self.configured.emit()

    def _refused(self, error: Exception) -> None:
        if not isinstance(error, KnownError):
            self.banner.say_error(error)
            return
        box = self.token if error.code.startswith("token") else self.address
        box.say_error(error)
        box.control.setFocus()

    def _unfold(self, yes: bool) -> None:
        self._fields.setVisible(yes)
        self._buttons.setVisible(yes)
        self._known.setVisible(not yes)
        self._change.setVisible(not yes)
        self._cancel.setVisible(yes and bool(self._registry))
        self.banner.hide()
        if yes and self._registry:
            self._address.setText(self._registry)
            self._address.setFocus()


def _known(status: Status) -> str:
    if status["user"]:
        return _("{registry}, en tant que {user}").format(registry=status["registry"], user=status["user"])
    return str(status["registry"] or "")
