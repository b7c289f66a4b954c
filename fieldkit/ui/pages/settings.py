"""Réglages: who the delegate is, how the window looks, where the registry is, and what the app is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from fieldkit import __version__, settings
from fieldkit.domain import privacy
from fieldkit.errors import KnownError
from fieldkit.i18n import N_, _
from fieldkit.ui.pages.base import Context, Page
from fieldkit.ui.runner import Queue
from fieldkit.ui.theme import GRID, scaled
from fieldkit.ui.widgets.card import Banner, Card
from fieldkit.ui.widgets.choice import choice
from fieldkit.ui.widgets.licences import LicenceTable, installed_licences
from fieldkit.ui.widgets.rulesets_card import RulesetsCard
from fieldkit.ui.widgets.side_by_side import SideBySide
from fieldkit.ui.widgets.text import label
from fieldkit.ui.widgets.tick_line import TickLine
from fieldkit.ui.widgets.updates_card import UpdatesCard

if TYPE_CHECKING:
    from fieldkit.store.fieldwork import FieldStore

_THEMES: Final = {"system": N_("Comme le système"), "light": N_("Clair"), "dark": N_("Sombre")}
_FORM_WIDTH: Final = 420
"""Width in pixels at 100 % text from which a field stands beside its label."""
_LANGUAGES: Final = {"fr": "Français", "en": "English"}


class SettingsPage(Page):
    """Every choice is kept as it is made; there is no button to save."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, _("Réglages"), _("Chaque choix est gardé aussitôt."))
        self.banner = Banner("settingsBanner")
        self.body.addWidget(self.banner)
        self.body.addWidget(self._identity())
        self.body.addWidget(self._look())
        self.body.addWidget(self._profile())
        self.updates = UpdatesCard(context)
        self.body.addWidget(self.updates)
        self.rulesets = RulesetsCard(context)
        self.body.addWidget(self.rulesets)
        self.body.addWidget(self._about())
        self.body.addStretch(1)

    def entered(self) -> None:
        self.updates.look()
        self.rulesets.look()
        if self.licences.rowCount() == 0:
            self.context.runner.run(Queue.POOL, installed_licences, self.licences.show_licences)
        if self.context.profile is not None:
            store = self.context.profile.store
            self.context.runner.run(Queue.DATABASE, lambda: _registry(store), self._show_registry)

    def left(self) -> None:
        self._keep_identity()

    def _identity(self) -> Card:
        card = Card(_("Vous"), "identityCard")
        chosen = self.context.settings
        self._name = self._line("delegateName", chosen.name, _("Prénom et nom, pour les comptes rendus"))
        example = _("Par exemple : CPAM de la Sarthe")
        self._organisation = self._line("organisation", chosen.organisation, example)
        departments = " ".join(chosen.departments)
        self._departments = self._line("departments", departments, _("Par exemple : 72 53"))
        rows = _Form(card)
        rows.add(_("&Nom"), self._name)
        rows.add(_("&Organisme"), self._organisation)
        rows.add(_("&Départements"), self._departments)
        return card

    def _look(self) -> Card:
        card = Card(_("Affichage"), "lookCard")
        chosen = self.context.settings
        sizes = {str(size): _("{n} %").format(n=size) for size in settings.TEXT_SIZES}
        rows = _Form(card)
        theme = self._choice("theme", _THEMES, chosen.theme, lambda v: replace(self._now(), theme=v))
        size = str(chosen.text_size)
        text = self._choice("textSize", sizes, size, lambda v: replace(self._now(), text_size=int(v)))
        spoken = chosen.language
        language = self._choice("language", _LANGUAGES, spoken, lambda v: replace(self._now(), language=v))
        rows.add(_("&Thème"), theme)
        rows.add(_("Taille du te&xte"), text)
        rows.add(_("&Langue"), language, _("S'applique au prochain démarrage."))
        return card

    def _profile(self) -> Card:
        card = Card(_("Profil et registre"), "profileCard")
        closed = _("Elle se lit une fois vos visites ouvertes.")
        self._registry = label(closed, wrap=True, selectable=True)
        self._registry.setObjectName("registryAddress")
        self._registry.setAccessibleName(_("Adresse du registre"))
        folder = label(str(self.context.folder), "mono", wrap=True, selectable=True)
        folder.setObjectName("profileFolder")
        folder.setAccessibleName(_("Dossier du profil"))
        rows = _Form(card)
        where = _("L'adresse et la connexion se choisissent à la page Synchro (F7).")
        rows.add(_("Registre"), self._registry, where)
        self._by_itself = TickLine(
            _("Synchroniser sans attendre qu'on le demande"),
            _("Peu après une saisie, quand le réseau revient, et de temps en temps."),
            "syncByItself",
            checked=self.context.settings.sync_by_itself,
        )
        self._by_itself.ticked.connect(
            lambda yes: self.context.change_settings(replace(self._now(), sync_by_itself=yes))
        )
        card.body.addWidget(self._by_itself)
        kept = _("Vos visites y sont, chiffrées ; ces réglages aussi, en clair. Rien n'en sort sans vous.")
        rows.add(_("Dossier du profil"), folder, kept)
        return card

    def _about(self) -> Card:
        card = Card(_("À propos"), "aboutCard")
        version = _("Fieldkit {version}, sous licence Apache-2.0.").format(version=__version__)
        card.body.addWidget(label(version, "strong"))
        words = _("Un outil libre, sans lien avec un organisme public. Il s'appuie sur ces bibliothèques :")
        card.body.addWidget(label(words, "muted", wrap=True))
        self.licences = LicenceTable()
        card.body.addWidget(self.licences)
        return card

    def _show_registry(self, address: str | None) -> None:
        self._registry.setText(address or _("Aucune : le travail reste sur cet ordinateur."))

    def _now(self) -> settings.Settings:
        return self.context.settings

    def _line(self, name: str, text: str, hint: str) -> QLineEdit:
        field = QLineEdit(text)
        field.setObjectName(name)
        field.setPlaceholderText(hint)
        field.editingFinished.connect(self._keep_identity)
        return field

    def _choice(
        self, name: str, choices: dict[str, str], chosen: str, changed: Callable[[str], settings.Settings]
    ) -> QComboBox:
        box = choice(name, "", choices)
        box.setCurrentIndex(box.findData(chosen))
        box.activated.connect(lambda _row: self.context.change_settings(changed(box.currentData())))
        return box

    def _keep_identity(self) -> None:
        try:
            kept = replace(
                self._now(),
                name=privacy.refuse_nir(self._name.text().strip()),
                organisation=privacy.refuse_nir(self._organisation.text().strip()),
                departments=settings.parse_departments(self._departments.text()),
            )
        except KnownError as error:
            self.banner.say_error(error)
            return
        self.banner.hide()
        if kept != self._now():
            self.context.change_settings(kept)


def _registry(store: FieldStore) -> str | None:
    from fieldkit.services import sync

    address: str | None = sync.status(store)["registry"]
    return address


class _Form:
    """Rows of a label, its field and a quiet hint under it; in a narrow window the field goes under its label."""

    def __init__(self, card: Card) -> None:
        self._rows = QVBoxLayout()
        self._rows.setSpacing(GRID + GRID // 2)
        card.body.addLayout(self._rows)

    def add(self, title: str, field: QWidget, hint: str = "") -> None:
        name = label(title, "strong")
        name.setMinimumWidth(scaled(132))
        name.setTextFormat(Qt.TextFormat.AutoText)
        if "&" in title:
            name.setBuddy(field)
        if not field.accessibleName():
            field.setAccessibleName(title.replace("&", ""))
        cell = QWidget()
        column = QVBoxLayout(cell)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addWidget(field)
        if hint:
            column.addWidget(label(hint, "caption", wrap=True))
        self._rows.addWidget(SideBySide(name, cell, width=_FORM_WIDTH, share=(0, 1)))
