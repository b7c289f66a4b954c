"""Asking for the passphrase of the field data, where neither the system's keyring nor a file gave it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.services.profile import Profile, open_profile
from fieldkit.ui.pages.base import Context, Page
from fieldkit.ui.runner import Queue
from fieldkit.ui.theme import scaled
from fieldkit.ui.widgets.card import Banner, Card
from fieldkit.ui.widgets.text import button, label

SHORTEST: Final = 12
"""Fewest characters of a new passphrase."""

_ASKABLE: Final = ("passphrase-new", "passphrase-needed", "passphrase-wrong")


class UnlockPage(Page):
    """One field to open the profile; two at the first start, with what happens when the phrase is lost."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("Ouvrir vos visites"))
        self._new = False
        card = Card(name="unlockCard")
        card.setMaximumWidth(scaled(560))
        self._title = label("", "section", wrap=True)
        self._words = label("", "muted", wrap=True)
        self.first = self._field("passphrase", _("Phrase de passe"))
        self.second = self._field("passphraseAgain", _("La même, une seconde fois"))
        self._first_label = label(_("&Phrase de passe"), "strong")
        self._first_label.setTextFormat(Qt.TextFormat.AutoText)
        self._first_label.setBuddy(self.first)
        self._second_label = label(_("La même, une seconde &fois"), "strong")
        self._second_label.setBuddy(self.second)
        self._second_label.setTextFormat(Qt.TextFormat.AutoText)
        self._loss = Banner("lossBanner", closable=False)
        self.banner = Banner("unlockBanner", closable=False)
        self.confirm = button("", "unlock", self._confirm, kind="primary", icon="lock")
        self._form = QWidget()
        form = QVBoxLayout(self._form)
        form.setContentsMargins(0, 0, 0, 0)
        asked: tuple[QWidget, ...] = (
            self._first_label,
            self.first,
            self._second_label,
            self.second,
            self._loss,
        )
        for part in asked:
            form.addWidget(part)
        for part in (self._title, self._words, self._form, self.banner):
            card.body.addWidget(part)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.confirm)
        card.body.addLayout(row)
        self.body.addWidget(card)
        self.body.addStretch(1)

    def show_reason(self, reason: Exception) -> None:
        """Ask for what `reason` says is missing, or tell why the field data do not open."""
        code = reason.code if isinstance(reason, KnownError) else ""
        self._new = code == "passphrase-new"
        self._form.setVisible(code in _ASKABLE)
        for part in (self._second_label, self.second, self._loss):
            part.setVisible(self._new)
        if code in _ASKABLE:
            self._ask()
            self.banner.setVisible(code == "passphrase-wrong")
        if code not in _ASKABLE or code == "passphrase-wrong":
            self.banner.say_error(reason)
        if code not in _ASKABLE:
            self._title.setText(_("Vos visites n'ont pas pu être ouvertes"))
            self._words.setText(_("Le catalogue, les lecteurs et le scanner restent utilisables."))
            self._name_button(_("&Réessayer"))
        self.confirm.setEnabled(True)

    def entered(self) -> None:
        if self._form.isVisibleTo(self):
            self.first.setFocus()

    def _ask(self) -> None:
        rest = _("Le catalogue, les lecteurs et le scanner s'utilisent sans elle.")
        if self._new:
            self._title.setText(_("Choisissez la phrase de passe de ce profil"))
            words = _("Vos visites sont chiffrées sur cet ordinateur ; cette phrase les ouvre.")
            self._words.setText(f"{words} {rest}")
            self._loss.say(
                "warning",
                _("Personne ne peut la retrouver à votre place."),
                _("Si elle est perdue, les visites non envoyées au registre sont perdues avec elle. "
                  "Notez-la en lieu sûr : quatre mots sans lien se retiennent bien."),
            )  # fmt: skip
            self._name_button(_("&Créer le profil"))
        else:
            self._title.setText(_("Vos visites sont chiffrées"))
            self._words.setText(_("Tapez la phrase de passe de ce profil pour les ouvrir.") + " " + rest)
            self._name_button(_("&Ouvrir"))

    def _name_button(self, text: str) -> None:
        self.confirm.setText(text)
        self.confirm.setAccessibleName(text.replace("&", ""))

    def _field(self, name: str, title: str) -> QLineEdit:
        field = QLineEdit()
        field.setObjectName(name)
        field.setAccessibleName(title)
        field.setEchoMode(QLineEdit.EchoMode.Password)
        field.returnPressed.connect(self._confirm)
        return field

    def _confirm(self) -> None:
        phrase = self.first.text()
        problem = self._problem(phrase) if self._form.isVisibleTo(self) else ""
        if problem:
            self.banner.say("warning", problem)
            return
        self.confirm.setEnabled(False)
        self.banner.say("info", _("Ouverture…"))
        folder = self.context.folder
        self.context.runner.run(
            Queue.DATABASE, lambda: open_profile(folder, phrase or None), self._opened, self._refused
        )

    def _problem(self, phrase: str) -> str:
        if not phrase:
            return _("Tapez la phrase de passe.")
        if self._new and len(phrase) < SHORTEST:
            return _("Il lui faut au moins {n} caractères.").format(n=SHORTEST)
        if self._new and phrase != self.second.text():
            return _("Les deux phrases ne sont pas les mêmes.")
        return ""

    def _opened(self, profile: Profile) -> None:
        self.first.clear()
        self.second.clear()
        self.banner.hide()
        self.context.open(profile)

    def _refused(self, error: Exception) -> None:
        self.show_reason(error)
        self.first.setFocus()
        self.first.selectAll()
