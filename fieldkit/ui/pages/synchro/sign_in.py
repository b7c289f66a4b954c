"""Where the registry is, and how the delegate proves who they are: in the browser, or with a token."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.ui.live_sync import Status
from fieldkit.ui.pages.base import Context
from fieldkit.ui.pages.synchro.browser import BrowserWait
from fieldkit.ui.runner import Queue
from fieldkit.ui.theme import GRID
from fieldkit.ui.widgets.card import Banner, Card
from fieldkit.ui.widgets.controls import LineControl
from fieldkit.ui.widgets.field_box import FieldBox
from fieldkit.ui.widgets.flow import flowing
from fieldkit.ui.widgets.text import button, label, line

if TYPE_CHECKING:
    from fieldkit.services.sign_in import SignedIn

_MOST_TOKEN: Final = 4_096


class SignIn(Card):
    """A form, folded away once the registry knows who calls; then who that is, and the way out."""

    configured = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__(_("Le registre"), "signInCard")
        self._context = context
        self._registry: str | None = None
        self._known = label("", wrap=True, selectable=True)
        self._known.setObjectName("registryKnown")
        self._known.setAccessibleName(_("Registre utilisé"))
        self._fleeting = label(
            _("Ce poste n'a pas de trousseau : la connexion finira avec Fieldkit."), "muted", wrap=True
        )
        self._change = button(
            _("&Modifier"), "registryChange", lambda: self._unfold(True), kind="quiet", icon="pen"
        )
        self._leave = button(_("Se &déconnecter"), "registrySignOut", self.sign_out)
        self._again = button(_("Se re&connecter"), "registrySignInAgain", self._start_again, kind="primary")
        self.banner = Banner("signInBanner", closable=False)
        self.waiting = BrowserWait(context)
        self.waiting.signed_in.connect(self._signed_in)
        self.waiting.failed.connect(self._not_signed_in)
        self._form = self._made_form()
        words = QVBoxLayout()
        words.setSpacing(GRID // 2)
        words.addWidget(self._known)
        words.addWidget(self._fleeting)
        row = QHBoxLayout()
        row.addLayout(words, 1)
        row.addWidget(self._change)
        self._session = flowing(self._again, self._leave)
        self.body.addLayout(row)
        self.body.addWidget(self.banner)
        self.body.addWidget(self._session)
        self.body.addWidget(self.waiting)
        self.body.addWidget(self._form)
        self._how: dict[str, object] = {"how": None, "expired": False, "kept": True}
        self._unfold(True)

    def _made_form(self) -> QWidget:
        self._address = LineControl("https://registre.exemple.fr")
        self._token = LineControl(_("Collez-le ici"))
        self._token.setEchoMode(QLineEdit.EchoMode.Password)
        self.address = FieldBox(_("Adresse du registre"), self._address, "registryUrl")
        self.token = FieldBox(
            _("Jeton d'accès"),
            self._token,
            "registryToken",
            _("Pour un essai : donné par la personne qui tient le registre."),
        )
        self._go = button(
            _("Se &connecter avec le navigateur"), "registrySignIn", self.start, kind="primary", icon="lock"
        )
        self._go.setAccessibleDescription(_("Avec le compte de votre organisme."))
        file = button(_("Lire un &fichier de jeton…"), "registryTokenFile", self._choose_file)
        self._save = button(_("&Enregistrer le jeton"), "registrySave", self.save)
        self._cancel = button(_("Annuler"), "registryCancel", lambda: self._unfold(False), kind="quiet")
        self._address.returnPressed.connect(lambda: self.save() if self._token.text() else self.start())
        self._token.returnPressed.connect(self.save)
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(self.address)
        column.addWidget(flowing(self._go, self._cancel))
        column.addWidget(line())
        column.addWidget(self.token)
        column.addWidget(flowing(self._save, file))
        return made

    def show_status(self, status: Status) -> None:
        """Show which registry is used, and as whom."""
        self._how = status["sign_in"]
        self._known.setText(_known(status))
        if status["registry"] != self._registry:
            self._registry = status["registry"]
            self._unfold(not self._registry)
        else:
            self._show_session()

    def start(self) -> None:
        """Sign in with the browser, at the registry whose address stands in the form."""
        self.banner.hide()
        self.address.clear_error()
        self._form.hide()
        self.waiting.start(self._address.text())
        self._show_session()
        self.waiting.cancel.setFocus()

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

    def sign_out(self) -> None:
        """Forget who is signed in."""
        from fieldkit.services import sign_in
        from fieldkit.ui.live_sync import hop

        profile = self._context.profile
        if profile is None:
            return
        store, runner = profile.store, self._context.runner
        self._leave.setEnabled(False)
        runner.run_reporting(
            Queue.POOL,
            lambda task: sign_in.sign_out(store, on_database=hop(runner, task)),
            None,
            lambda _done: self._signed_out(),
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

    def _start_again(self) -> None:
        self._address.setText(self._registry or "")
        self.start()

    def _signed_in(self, known: SignedIn) -> None:
        self._registry = known.registry
        self._how = {"how": "browser", "name": known.name, "kept": known.kept, "expired": False}
        self._kept()

    def _not_signed_in(self, error: Exception) -> None:
        self._unfold(not self._registry or self._how["how"] is None)
        if isinstance(error, KnownError) and error.code == "registry-address":
            self.address.say_error(error)
            self._address.setFocus()
        elif isinstance(error, KnownError) and error.code == "sign-in-cancelled":
            self.banner.say("info", error.message, error.hint)
        else:
            self.banner.say_error(error)
        if QWidget.isVisible(self._go):
            self._go.setFocus()

    def _signed_out(self) -> None:
        self._leave.setEnabled(True)
        self._how = {"how": None, "name": None, "kept": True, "expired": False}
        self._unfold(True)
        self.banner.say(
            "info", _("Vous êtes déconnecté."), _("Ce qui attend d'être envoyé reste sur ce poste.")
        )
        self._go.setFocus()
        self.configured.emit()

    def _kept(self) -> None:
        self._token.clear()
        self.address.clear_error()
        self.token.clear_error()
        self._change.show()
        self._change.setFocus()  # before the field that has the keyboard is folded away
        self._unfold(False)
        self.configured.emit()

    def _refused(self, error: Exception) -> None:
        self._leave.setEnabled(True)
        if not isinstance(error, KnownError):
            self.banner.say_error(error)
            return
        box = self.token if error.code.startswith("token") else self.address
        box.say_error(error)
        box.control.setFocus()

    def _unfold(self, yes: bool) -> None:
        self._form.setVisible(yes and not self.waiting.running)
        self._cancel.setVisible(bool(self._registry))
        self.banner.hide()
        self._show_session()
        if yes and self._registry:
            self._address.setText(self._registry)
            if self._form.isVisible():
                self._address.setFocus()

    def _show_session(self) -> None:
        """Show who is signed in, unless the form is open or the browser awaited."""
        folded = self._form.isHidden() and not self.waiting.running
        browser, expired = self._how["how"] == "browser", bool(self._how["expired"])
        self._known.setVisible(folded)
        self._change.setVisible(folded)
        self._fleeting.setVisible(folded and browser and not self._how["kept"] and not expired)
        self._leave.setVisible(browser)
        self._again.setVisible(expired)
        self._session.setVisible(folded and browser)
        if folded and expired and self.banner.isHidden():
            self.banner.say(
                "warning",
                _("Votre connexion a expiré : reconnectez-vous."),
                _("Vos saisies restent sur ce poste ; elles partiront dès que vous serez reconnecté."),
            )


def _known(status: Status) -> str:
    who = status["sign_in"]["name"] or status["user"]
    if who and status["sign_in"]["how"]:
        return _("{registry}, en tant que {user}").format(registry=status["registry"], user=who)
    return str(status["registry"] or "")
