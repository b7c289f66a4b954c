"""The card of an entry: every fact with its source, unknown said, nothing of a source taken for markup."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QPixmap, QTextDocument
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fieldkit.ui import theme
from fieldkit.ui.models.entry_html import entry_html
from fieldkit.ui.pages.entries.card import EntryCard

SECTIONS = (
    "names", "about", "group", "products", "labels", "integration", "figures", "milestones",
    "contacts", "versions", "vintages", "devices", "timeline", "series",
)  # fmt: skip


def fact(value: object, **more: object) -> dict[str, Any]:
    """A fact with its source."""
    return {"value": value, "as_of": "2023-12", "source": "Étude", "locator": "p. 3", "id": "", **more}


def card(kind: str = "editor", **sections: Any) -> dict[str, Any]:
    """A card with these sections, the others empty."""
    return {"id": f"{kind}:x", "kind": kind, "name": "Nom", **dict.fromkeys(SECTIONS, ()), **sections}


def cell(status: str, **more: object) -> dict[str, Any]:
    """An answer of a source."""
    nothing = {"prose_value": None, "prose_basis": None, "stated_in_text": False}
    return fact(None, status=status, **(nothing | more))


def read(qtbot: QtBot, shown: dict[str, Any]) -> str:
    """What a person reads of a card."""
    browser = EntryCard()
    qtbot.addWidget(browser)
    browser.show_card(shown)
    return browser.toPlainText()


def test_every_fact_tells_its_source_and_date_and_the_place_is_told_at_the_end(qtbot: QtBot) -> None:
    names = [fact("Jeune", kind="current"), fact("Vieux", kind="former", as_of="2019", locator="p. 1")]
    text = read(qtbot, card(names=names))
    assert text.index("Ancien nom") < text.index("Vieux") < text.index("Jeune"), "the oldest first"
    assert "Étude, 2019" in text
    assert "Étude, 12/2023" in text
    assert "Étude : p. 1" in text
    assert "Étude : p. 3" in text


def test_what_a_source_wrote_is_never_taken_for_markup() -> None:
    bad = "<img src=x> & fils"
    html = entry_html(
        card(
            names=[fact(bad, kind="current", source="<b>S</b>", locator="<i>")],
            contacts=[fact(bad, function=bad, email=bad, phone="", personal=True)],
            group=[fact(bad, relation="part_of", text=bad, date="", inferred=False, id="<x>")],
            timeline=[
                {"profession": bad, "dates": ["<p>2"], "rows": [{"id": bad, "name": bad, "cells": [[]]}]}
            ],
        )
    )
    assert "&lt;img src=x&gt; &amp; fils" in html
    assert not [tag for tag in ("<img src=x>", "<b>S</b>", "<i>", "<x>", "<p>2") if tag in html]


def test_answers_of_two_dates_stand_beside_each_other_and_disagreement_is_kept(qtbot: QtBot) -> None:
    row = {
        "id": "service:INSi",
        "name": "INSi",
        "cells": [
            [cell("no", source="A", as_of="2021-06")],
            [cell("yes", source="A"), cell("unknown", source="B", prose_value="yes", prose_basis="explicit")],
        ],
    }
    silent = {"id": "service:ADRi", "name": "ADRi", "cells": [[], [cell("unknown")]]}
    lines = [{"profession": "médecins", "dates": ["2021-06", "2023-12"], "rows": [row, silent]}]
    text = read(qtbot, card(timeline=lines))
    told = [line.strip("\ufffc ") for line in text.splitlines()]
    assert told[told.index("INSi") + 1 : told.index("ADRi") + 3] == [
        "non", "oui", "inconnu (texte : oui)", "ADRi", "–", "inconnu"
    ]  # fmt: skip
    assert "12/2023 : A" in text
    assert "12/2023 : B" in text


def test_a_group_is_a_tree_with_dates_and_other_links_follow(qtbot: QtBot) -> None:
    def branch(name: str, text: str, date: str = "", beyond: tuple[Any, ...] = ()) -> dict[str, Any]:
        return fact(name, id=f"editor:{name}", relation="part_of", text=text, date=date, beyond=list(beyond))

    tree = {
        "owners": [
            branch("Holding", "racheté par Holding", "2020-05", (branch("Fonds", "fait partie de Fonds"),))
        ],
        "owned": [branch("Fille", "comprend Fille")],
    }
    links = [
        fact("Fille", id="editor:Fille", relation="part_of", text="comprend Fille", date="", inferred=False),
        fact(
            "Cousine",
            id="editor:c",
            relation="possible",
            text="peut-être lié à Cousine",
            date="",
            inferred=True,
        ),
    ]
    text = read(qtbot, card(group=links, group_tree=tree))
    assert "↑ racheté par Holding 05/2020" in text
    assert (
        text.index("racheté par Holding") < text.index("fait partie de Fonds") < text.index("comprend Fille")
    )
    assert text.count("comprend Fille") == 1
    assert "peut-être lié à Cousine (notre lecture des sources)" in text


def test_people_are_marked_as_personal_data(qtbot: QtBot) -> None:
    people = [
        fact("Anne Le Goff", function="support", email="a@example.org", phone="", personal=True),
        fact("", function="accueil", email="", phone="", personal=False),
    ]
    text = read(qtbot, card(contacts=people))
    assert "Anne Le Goff (donnée personnelle)" in text
    assert "restent sur cet ordinateur" in text
    assert text.count("donnée personnelle") == 1
    assert text.count("inconnu") == 2


def test_labels_versions_vintages_and_readers(qtbot: QtBot) -> None:
    held = {"id": "label:x", "profession": "médecins", "type": "agrément", "version": "8"}
    reader = {
        "names": ["KAP"],
        "interfaces": ["contactless"],
        "modes": ["pcsc", "hid"],
        "libccid": "1.5.5",
        "note": "",
    }
    text = read(
        qtbot,
        card(
            "product",
            labels=[fact("Agrément", **held, since="2023-05", until="")],
            versions=[fact("4.2", date="", note=""), fact("5.0", date="2024-01-08", note="")],
            vintages=[fact("2024", holder="Vega", holder_id="product:vega", since="")],
            devices=[fact("2947:0112", usb="2947:0112", slots=None, **reader)],
        ),
    )
    assert "depuis 05/2023" in text
    assert "08/01/2024" in text
    assert "Vega" in text
    assert "Fentes : inconnu" in text
    assert "Interface : sans contact" in text
    assert "Mode : PC/SC, HID" in text
    assert "libccid 1.5.5" in text


FIGURE = {"topic": "tous PS", "metric": "part de marché", "unit": "%", "qualifier": "", "as_written": "8,9"}
POINTS = [
    {"as_of": date, "value": value, "qualifier": "", "as_written": str(value), "source": "É", "locator": ""}
    for date, value in (("2021-06", 6.9), ("2024-01", 8.9))
]


def test_figures_are_drawn_above_their_table(qtbot: QtBot) -> None:
    browser = EntryCard()
    qtbot.addWidget(browser)
    line = {"topic": "tous PS", "metric": "part de marché", "unit": "%", "points": POINTS}
    browser.show_card(card(figures=[fact("8.9", **FIGURE)], series=[line]))
    html = entry_html(card(figures=[fact("8.9", **FIGURE)], series=[line]))
    assert html.index("chart:0") < html.index("part:0.089") < html.index("Étude")
    for name in ("chart:0", "part:0.089", "state:unknown"):
        drawing = browser.loadResource(QTextDocument.ResourceType.ImageResource.value, QUrl(name))
        assert isinstance(drawing, QPixmap)
        assert not drawing.isNull()


def test_a_link_within_the_card_stays_in_it(qtbot: QtBot) -> None:
    browser = EntryCard()
    qtbot.addWidget(browser)
    browser.show_card(card(names=[fact("Nom", kind="current")]))
    followed: list[str] = []
    browser.followed.connect(followed.append)
    browser.anchorClicked.emit(QUrl("#source1"))
    browser.anchorClicked.emit(QUrl("entry:editor:y"))
    assert followed == ["editor:y"]


def test_a_label_held_by_thousands_shows_the_first_and_the_rest_when_asked(qtbot: QtBot) -> None:
    browser = EntryCard()
    qtbot.addWidget(browser)
    held = {"profession": "", "since": "", "until": ""}
    browser.show_card(card("label", holders=[fact(f"Éditeur {n}", **held) for n in range(250)]))
    assert "Éditeur 99" in browser.toPlainText()
    assert "Éditeur 100" not in browser.toPlainText()
    assert "Afficher les 250 lignes" in browser.toPlainText()
    browser.anchorClicked.emit(QUrl("#all"))
    assert "Éditeur 249" in browser.toPlainText()
    assert "Afficher les" not in browser.toPlainText()


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_a_card_takes_the_colours_in_use(qtbot: QtBot, qapp: QApplication, mode: str) -> None:
    theme.apply(qapp, mode, 100)
    assert theme.colors().info in entry_html(card(names=[fact("Nom", kind="current")]))
    theme.apply(qapp, "light", 100)
