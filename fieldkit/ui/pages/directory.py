"""Annuaire: the directory of practitioners and sites. Says what it will do; the import comes with part B."""

from __future__ import annotations

from fieldkit.i18n import _
from fieldkit.ui.pages.base import Context, Page
from fieldkit.ui.widgets.card import Card, EmptyState
from fieldkit.ui.widgets.text import button


class DirectoryPage(Page):
    """Announces the directory, and leads to what already works."""

    def __init__(self, context: Context) -> None:
        about = _("Les professionnels et les lieux d'exercice de vos départements.")
        super().__init__(context, _("Annuaire"), about)
        card = Card(name="directoryCard")
        go = button(_("Aller aux &visites"), "directoryToVisits", lambda: context.navigate("visits", ""))
        card.body.addWidget(
            EmptyState(
                "directory",
                _("L'annuaire arrive dans une prochaine version"),
                _(
                    "Il lira l'extraction en libre accès de l'Annuaire Santé, département par département, "
                    "et fonctionnera sans réseau : chercher un professionnel par son nom ou son numéro RPPS, "
                    "un lieu par son numéro FINESS, puis ouvrir une visite d'un geste.\n\n"
                    "D'ici là, tapez le nom du cabinet et ses numéros dans la visite : "
                    "leurs clés sont vérifiées."
                ),
                go,
                "directoryEmpty",
            )
        )
        self.body.addWidget(card, 1)
