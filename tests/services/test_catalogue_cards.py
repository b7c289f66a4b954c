"""Cards of entries that several files describe, and what files of others add to them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlite_utils import Database

from fieldkit.domain.catalogue import (
    Catalogue,
    Contact,
    Integration,
    LabelHolder,
    LabelType,
    Product,
    ProductKind,
    ProductVersion,
    Provenance,
    Status,
    merged,
    new_label,
)
from fieldkit.importers import devices, starting_catalogue
from fieldkit.paths import resource
from fieldkit.services.catalogue_cards import card
from fieldkit.store import catalogue as store
from fieldkit.store.database import open_plain

ORIGIN = Provenance("liste.csv", "2026-10", "ligne 4")
VEGA, EPSILOG = "product:vega", "editor:epsilog"


def extra(start: Catalogue) -> Catalogue:
    """What a delegate's own files might add on Vega and its editor."""
    pro_ps = next(service for service in start.services if service.code == "PRO_PS")
    vintage = new_label(LabelType.VINTAGE, pro_ps, "2024", ORIGIN)
    said = replace(
        start.integrations[0],
        holder=VEGA,
        service="service:INSi",
        profession="auxiliaires médicaux",
        status=Status.YES,
        origin=ORIGIN,
    )
    return Catalogue(
        as_of="2026-10",
        products=(
            Product(
                id=VEGA,
                name="VEGA",
                editor="editor:compugroup-medical",
                editor_as_written="CGM",
                editor_basis="stated",
                kind=ProductKind.OTHER,
                kind_as_written="",
                mobility=True,
                professions=(),
                professions_as_written="",
                description="",
                other_mentions="",
                note="",
                origin=ORIGIN,
            ),
        ),
        product_versions=(ProductVersion(VEGA, "10.2", "2026-09", "", ORIGIN),),
        labels=(vintage,),
        label_holders=(LabelHolder(vintage.id, VEGA, "", "2024-03", "2025-12", ORIGIN),),
        integrations=(said, replace(said, status=Status.NO, value="no")),
        contacts=(
            Contact(
                "contact:1",
                EPSILOG,
                "Aline Petit",
                "support",
                "aline@example.org",
                "0400000000",
                True,
                ORIGIN,
            ),
        ),
    )


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    start = starting_catalogue.read(resource("catalogue"))
    readers = devices.as_catalogue(devices.read(resource("devices")), start)
    path = tmp_path_factory.mktemp("cards") / "catalogue.db"
    store.build(path, "f", merged(merged(start, readers), extra(start)))
    opened = open_plain(path, read_only=True)
    yield opened
    opened.close()


def values(facts: list[dict[str, Any]], **equal: object) -> list[object]:
    return [fact["value"] for fact in facts if all(fact[key] == value for key, value in equal.items())]


def test_two_descriptions_of_a_product_are_both_shown(database: Database) -> None:
    shown = card(database, VEGA)
    assert shown["name"] == "VEGA"
    assert [(fact["value"], fact["kind"]) for fact in shown["names"]] == [
        ("VEGA", "current"),
        ("Vega", "written"),
    ]
    makers = [(maker["relation"], maker["value"], maker["source"]) for maker in shown["group"]]
    assert makers == [
        ("editor", "CompuGroup Medical", "liste.csv"),
        ("previous_editor", "Epsilog", "mind Health, 24 avril 2024"),
    ]
    assert values(shown["about"], field="kind") == ["logiciel de gestion et télétransmission"]
    json.dumps(shown)


def test_the_former_editor_still_shows_what_it_made(database: Database) -> None:
    made = {fact["value"]: fact["former"] for fact in card(database, EPSILOG)["products"]}
    assert made["VEGA"] is True
    made = {fact["value"]: fact["former"] for fact in card(database, "editor:compugroup-medical")["products"]}
    assert made["VEGA"] is False


def test_versions_vintages_labels_and_contacts_have_their_place(database: Database) -> None:
    shown = card(database, VEGA)
    assert values(shown["versions"], date="2026-09") == ["10.2"]
    assert values(shown["vintages"], since="2024-03", holder_id=VEGA) == ["2024"]
    (label,) = (fact for fact in shown["labels"] if fact["type"] == "millésime")
    assert (label["version"], label["since"], label["until"]) == ("2024", "2024-03", "2025-12")
    (held,) = card(database, label["id"])["holders"]
    assert (held["id"], held["since"], held["until"]) == (VEGA, "2024-03", "2025-12")
    assert values(card(database, "editor:compugroup-medical")["vintages"]) == ["2024"]
    (person,) = card(database, EPSILOG)["contacts"]
    assert (person["function"], person["email"], person["personal"]) == ("support", "aline@example.org", True)
    assert person["source"] == "liste.csv"


def test_the_timeline_keeps_both_of_two_answers(database: Database) -> None:
    lines = card(database, VEGA)["timeline"]
    (helpers,) = (line for line in lines if line["profession"] == "auxiliaires médicaux")
    assert helpers["dates"][-1] == "2026-10"
    (insi,) = (row for row in helpers["rows"] if row["id"] == "service:INSi")
    assert [cell["status"] for cell in insi["cells"][-1]] == ["yes", "no"]
    assert all(len(row["cells"]) == len(helpers["dates"]) for row in helpers["rows"])


def test_the_timeline_of_a_service_is_by_editor(database: Database) -> None:
    lines = card(database, "service:INSi")["timeline"]
    doctors = next(line for line in lines if line["profession"] == "médecins")
    assert doctors["dates"] == ["2021-06", "2023-12"]
    weda = next(row for row in doctors["rows"] if row["name"] == "Comunica / Weda")
    before, after = weda["cells"]
    assert (before[0]["status"], before[0]["stated_in_text"]) == ("no", False)
    assert (after[0]["status"], after[0]["stated_in_text"], after[0]["prose_value"]) == (
        "unknown",
        True,
        "yes",
    )


def test_every_answer_of_the_card_is_in_its_timeline(database: Database) -> None:
    for entry in ("editor:cegedim-sante", "service:ADRi", VEGA):
        shown = card(database, entry)
        cells = [
            cell
            for line in shown["timeline"]
            for row in line["rows"]
            for said in row["cells"]
            for cell in said
        ]
        assert len(cells) == len(shown["integration"]) > 0


def test_the_group_is_a_tree_with_dates(database: Database) -> None:
    tree = card(database, "editor:pharmagest")["group_tree"]
    assert [(branch["value"], branch["date"], branch["text"]) for branch in tree["owned"]] == [
        ("Prokov Éditions", "2021-09", "a annoncé le rachat de Prokov Éditions"),
    ]
    tree = card(database, "editor:comunica-weda")["group_tree"]
    assert [(branch["id"], branch["date"], branch["text"]) for branch in tree["owners"]] == [
        ("editor:vidal", "2021-06", "racheté par Vidal"),
    ]
    snal = card(database, "editor:snal")["group_tree"]
    assert [(branch["value"], branch["text"]) for branch in snal["owners"]] == [
        ("Sofia Développement", "fusionné dans Sofia Développement"),
        ("Erbium", "regroupé dans Erbium"),
    ]
    owned = card(database, "editor:compugroup-medical")["group_tree"]["owned"]
    assert {branch["value"] for branch in owned} == {"Epsilog", "Aatlantide", "Imagine Éditions"}
    assert next(branch for branch in owned if branch["value"] == "Imagine Éditions")["date"] == ""
    assert all(branch["source"] and branch["as_of"] for branch in owned)


def test_market_figures_are_series(database: Database) -> None:
    shown = card(database, "editor:cegedim-sante")
    assert sum(len(line["points"]) for line in shown["series"]) == len(shown["figures"]) > 1
    for line in shown["series"]:
        dates = [point["as_of"] for point in line["points"]]
        assert dates == sorted(dates)
    shares = [line for line in shown["series"] if line["metric"] == "part de marché"]
    assert any(len(line["points"]) > 1 for line in shares)
    assert isinstance(shares[0]["points"][0]["value"], float)


def test_a_reader_tells_how_it_shows_itself(database: Database) -> None:
    shown = card(database, "product:newland-hr200")
    ways = {(fact["usb"], *fact["modes"]) for fact in shown["devices"]}
    assert ways == {("1EAB:0103", "keyboard"), ("1EAB:0106", "serial"), ("1EAB:0110", "hid-pos")}
    (kap,) = card(database, "product:kapelse-kap-go")["devices"]
    assert (kap["slots"], kap["interfaces"], kap["libccid"]) == (2, ["contact"], "1.5.5")
    assert card(database, "editor:kapelse")["products"][0]["kind"] == "lecteur de cartes"


def test_an_integration_fact_may_be_of_a_product(database: Database) -> None:
    own = [fact for fact in card(database, VEGA)["integration"] if fact["editor_id"] == VEGA]
    assert {fact["editor"] for fact in own} == {"VEGA"}
    assert all(isinstance(item, Integration) for item in store.find(database, Integration, holder=VEGA))
