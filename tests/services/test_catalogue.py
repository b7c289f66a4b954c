"""The questions a delegate asks of the catalogue, and the answers of the command line."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from fieldkit import i18n
from fieldkit.errors import KnownError
from fieldkit.services import catalogue
from fieldkit.services.catalogue_events import event

SECTIONS = (
    "names",
    "about",
    "group",
    "products",
    "labels",
    "integration",
    "figures",
    "milestones",
    "contacts",
    "versions",
    "vintages",
    "devices",
)


MAKERS, READERS = 14, 96
"""What the lists of readers add to the tables: makers that these do not have, and models."""


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("profile") / "catalogue.db"


def names(found: dict[str, Any]) -> list[str]:
    return [row["name"] for row in found["results"]]


def test_pharmagest_is_found_first_with_its_link_to_equasens(path: Path) -> None:
    found = catalogue.search(path, "pharmagest")
    first = found["results"][0]
    assert (first["kind"], first["id"], first["name"]) == ("editor", "editor:pharmagest", "Pharmagest")
    assert "devenu Equasens (2022)" in first["detail"]
    assert first["source"]
    assert first["as_of"]
    assert names(found)[1] == "Equasens"
    assert "anciennement Pharmagest" in found["results"][1]["detail"]
    assert found.keys() == {"query", "took_ms", "total", "results"}


def test_an_inner_word_without_its_accent_finds_names(path: Path) -> None:
    assert {"AxiSanté", "Cegedim Santé", "Idem Santé"} <= set(names(catalogue.search(path, "sante")))


def test_filters_keep_who_is_stated_to_offer_a_service(path: Path) -> None:
    asked: dict[str, Any] = {"kind": "editor", "profession": "medecin", "service": "insi", "limit": 50}
    then = catalogue.search(path, "", as_of="2021-06", **asked)
    assert "Prokov Éditions" in names(then)
    assert "Comunica / Weda" not in names(then)
    assert "Comunica / Weda" in names(catalogue.search(path, "", **asked))


def test_a_limit_shortens_the_list_and_not_the_total(path: Path) -> None:
    found = catalogue.search(path, "sante", limit=3)
    assert len(found["results"]) == 3
    assert found["total"] == catalogue.search(path, "sante", limit=500)["total"] > 3
    assert catalogue.search(path, "sante", limit=0)["results"] == []


@pytest.mark.parametrize(
    ("asked", "code", "listed"),
    [
        ({"kind": "thing"}, "unknown-kind", "editor"),
        ({"profession": "astronaute"}, "unknown-profession", "sages-femmes"),
        ({"service": "teleportation"}, "unknown-service", "INSi"),
        ({"as_of": "hier"}, "unknown-date", "2023-12"),
        ({"as_of": "2023-13"}, "unknown-date", "2023-12"),
        ({"mobility": "maybe"}, "unknown-mobility", "yes"),
        ({"vintage": "24"}, "unknown-vintage", "2024"),
        ({"federation": "personne"}, "unknown-federation", "FEIMA"),
    ],
)
def test_what_is_not_known_is_told_with_what_is(
    path: Path, asked: dict[str, Any], code: str, listed: str
) -> None:
    with pytest.raises(KnownError) as refused:
        catalogue.search(path, "x", **asked)
    assert refused.value.code == code
    assert listed in refused.value.hint


def test_facets_are_choices_in_words_with_what_they_would_give(path: Path) -> None:
    found = catalogue.search(path, "", kind="editor", profession="médecins", facets=True)
    facets = found["facets"]
    assert facets.keys() == {"kind", "profession", "service", "mobility", "vintage", "federation", "date"}
    for facet, filter_of in (
        ("kind", "kind"),
        ("service", "service"),
        ("federation", "federation"),
        ("mobility", "mobility"),
        ("date", "as_of"),
        ("profession", "profession"),
    ):
        assert facets[facet]
        for choice in facets[facet]:
            asked = {"kind": "editor", "profession": "médecins", filter_of: choice["value"]}
            assert catalogue.search(path, "", **asked)["total"] == choice["count"]
    assert {"value": "INSi", "label": "INSi", "count": 12} in facets["service"]
    assert facets["mobility"][0]["label"] == "Mobile"
    assert [choice["value"] for choice in facets["date"]] == sorted(
        (choice["value"] for choice in facets["date"]), reverse=True
    )
    assert [choice["value"] for choice in facets["kind"]][:2] == ["editor", "product"]
    json.dumps(found)


def test_kinds_of_product_mobility_and_federation_narrow(path: Path) -> None:
    readers = catalogue.search(path, "kapelse", kind="card-reader", limit=50)
    assert {"KAP-GO", "KAP-LINK2"} <= set(names(readers))
    assert {row["kind"] for row in readers["results"]} == {"product"}
    assert names(catalogue.search(path, "2947:0112")) == ["KAP-eCV"]
    assert "Stellair Intégral" in names(catalogue.search(path, "", mobility="yes", limit=50))
    by_name = catalogue.search(path, "", federation="FEIMA", limit=100)
    assert by_name["results"] == catalogue.search(path, "", federation="editor:feima", limit=100)["results"]
    assert "Cegedim Santé" in names(by_name)


def test_a_name_with_a_mistake_is_found_and_marked(path: Path) -> None:
    (first, second) = catalogue.search(path, "pharmagets")["results"]
    assert (first["name"], first["near"]) == ("Pharmagest", True)
    assert (second["name"], second["near"]) == ("Equasens", True)
    assert not any(row["near"] for row in catalogue.search(path, "pharmagest")["results"])
    assert "aussi nommé Alliance Software" in catalogue.search(path, "alliance soft")["results"][0]["detail"]


def test_doctors_in_june_2021_are_compared_with_yes_and_no(path: Path) -> None:
    answer = catalogue.compare(path, "médecins", "2021-06")
    assert len(answer["editors"]) == len(answer["editor_ids"]) == 10
    assert len(answer["rows"]) == 21
    assert all(len(row["cells"]) == 10 for row in answer["rows"])
    counted = Counter(cell["status"] for row in answer["rows"] for cell in row["cells"])
    assert counted == {"yes": 109, "no": 69, "text": 31, "unknown": 1}
    assert answer["rows"][0]["service"] == "CDC_SV"
    assert answer["rows"][0]["cells"][0]["value"] == "Add. 7"


def test_cells_that_the_source_of_2023_lost_are_unknown(path: Path) -> None:
    answer = catalogue.compare(path, "medecin", "2023-12")
    cells = [cell for row in answer["rows"] for cell in row["cells"]]
    assert Counter(cell["status"] for cell in cells) == {"unknown": 160, "text": 30}
    unknown = [cell for cell in cells if cell["status"] == "unknown"]
    assert all(cell["value"] is None and cell["source"] for cell in unknown)
    assert {cell["prose_value"] for cell in unknown} == {None, "yes"}


def test_a_comparison_can_keep_what_differs(path: Path) -> None:
    whole = catalogue.compare(path, "médecins", "2021-06")
    kept = catalogue.compare(path, "médecins", "2021-06", differences=True)
    assert kept["rows"] == [row for row in whole["rows"] if row["differs"]]
    assert 0 < len(kept["rows"]) < len(whole["rows"])
    for row in whole["rows"]:
        known = {cell["value"] for cell in row["cells"] if cell["status"] != "unknown"}
        assert row["differs"] is (len(known) > 1)


def test_what_only_the_text_states_is_marked(path: Path) -> None:
    cells = [cell for row in catalogue.compare(path, "médecins", "2023-12")["rows"] for cell in row["cells"]]
    stated = [cell for cell in cells if cell["stated_in_text"]]
    assert stated
    assert all(cell["status"] == "unknown" and cell["prose_basis"] == "explicit" for cell in stated)


def test_a_pair_that_no_source_speaks_of_is_unknown_without_a_source(path: Path) -> None:
    answer = catalogue.compare(path, "établissements", "2023-12")
    silent = [cell for row in answer["rows"] for cell in row["cells"] if cell["source"] is None]
    assert silent
    assert {cell["status"] for cell in silent} == {"unknown"}


@pytest.mark.parametrize("dates", [("2021-06", "2023-12"), ("2023-12", "2021-06")])
def test_what_changed_between_two_dates_goes_forward(path: Path, dates: tuple[str, str]) -> None:
    answer = catalogue.compare(path, "médecins", *dates)
    assert len(answer["changed"]) == 10
    assert answer["not_comparable"] == 79
    assert {change["before"]["as_of"] for change in answer["changed"]} == {"2021-06"}
    weda = next(change for change in answer["changed"] if change["service"] == "INSi")
    assert (weda["editor"], weda["before"]["status"]) == ("Comunica / Weda", "no")
    assert (weda["after"]["status"], weda["after"]["prose_value"]) == ("unknown", "yes")


def test_dates_and_professions_that_cannot_be_compared_list_those_that_can(path: Path) -> None:
    with pytest.raises(KnownError) as refused:
        catalogue.compare(path, "médecins", "2022-01")
    assert refused.value.code == "unknown-date"
    assert "2021-06, 2023-12" in refused.value.hint
    with pytest.raises(KnownError) as refused:
        catalogue.compare(path, "médecins", "2021-06", "1999-01")
    assert refused.value.code == "unknown-date"
    assert catalogue.comparable(path)["médecins"] == ["2021-06", "2023-12"]
    assert len(catalogue.comparable(path)) == 10


@pytest.mark.parametrize("kind", ["editor", "product", "service", "label"])
def test_every_card_can_be_shown_and_every_fact_has_its_source(path: Path, kind: str) -> None:
    for row in catalogue.search(path, "", kind=kind, limit=500)["results"]:
        card = catalogue.show(path, row["id"])
        assert (card["id"], card["kind"], card["name"]) == (row["id"], kind, row["name"])
        for section in SECTIONS:
            for fact in card[section]:
                assert fact.keys() >= {"value", "as_of", "source", "locator"}
                assert fact["source"]
                assert fact["as_of"]
        assert card["names"][0]["value"] == row["name"]
        json.dumps(card)


def test_the_card_of_an_editor(path: Path) -> None:
    card = catalogue.show(path, "EDITOR:Pharmagest")
    assert {"value": "Equasens", "kind": "later"}.items() <= card["names"][1].items()
    assert [link["text"] for link in card["group"]] == [
        "devenu Equasens",
        "a annoncé le rachat de Prokov Éditions",
    ]
    assert {fact["label"] for fact in card["integration"]} >= {"INSi", "SCOR"}
    assert card["figures"][0]["metric"] == "part de marché"


def test_an_inferred_link_says_so(path: Path) -> None:
    links = {link["value"]: link["inferred"] for link in catalogue.show(path, "editor:sephira")["group"]}
    assert links["Orisha Healthcare France"] is True


def test_two_sources_that_date_a_name_differently_are_both_shown(path: Path) -> None:
    names = catalogue.show(path, "editor:orisha-healthcare-france")["names"]
    assert {fact["as_of"] for fact in names if fact["kind"] == "alias"} == {"2023-10", "2024-04"}


def test_a_defect_of_a_source_finds_an_editor_and_is_not_shown(path: Path) -> None:
    assert names(catalogue.search(path, "epsilon"))[0] == "Epsilog"
    assert "Epsilon" not in {fact["value"] for fact in catalogue.show(path, "editor:epsilog")["names"]}


def test_the_card_of_a_product_answers_for_its_editor(path: Path) -> None:
    card = catalogue.show(path, "product:vega")
    assert card["group"][0]["id"] == "editor:epsilog"
    assert {fact["editor"] for fact in card["integration"]} == {"Epsilog"}
    assert ("12.6", "12,6", "%") in {(f["value"], f["as_written"], f["unit"]) for f in card["figures"]}
    former = catalogue.show(path, "editor:sephira")["products"]
    assert {product["value"]: product["former"] for product in former}["Intellio"] is True


def test_the_card_of_a_service_speaks_the_readers_language(path: Path) -> None:
    card = catalogue.show(path, "service:INSi")
    events = [fact["value"] for fact in card["milestones"]]
    assert "guide définitif : vérification unitaire" in events
    assert {fact["metric"] for fact in card["figures"]} >= {"utilisateurs dans le mois"}
    assert event("something new") == "something new"


def test_the_card_of_a_label_lists_its_holders(path: Path) -> None:
    card = catalogue.show(path, "label:autorisation-psei")
    assert {holder["id"] for holder in card["holders"]} == {"editor:pratilog", "product:medi-pratik"}


def test_a_card_that_does_not_exist(path: Path) -> None:
    with pytest.raises(KnownError) as refused:
        catalogue.show(path, "editor:nobody")
    assert refused.value.code == "unknown-entry"


def test_the_picker_of_a_visit_offers_what_a_practice_may_run(path: Path) -> None:
    offered = catalogue.products_for_billing(path, "", limit=100)
    assert {"Vega", "HelloDoc", "Stellair Intégral", "Medi Pratik"} <= {row["name"] for row in offered}
    assert not {"JFSE 2.01", "Malo", "Netsoins"} & {row["name"] for row in offered}
    assert {row["name"] for row in catalogue.products_for_billing(path, "cegedim")} >= {
        "Crossway",
        "Maiia Kiné",
    }
    assert catalogue.products_for_billing(path, "hellod")[0]["id"] == "product:hellodoc"


def test_the_day_of_the_catalogue(path: Path) -> None:
    assert catalogue.as_of(path) == dt.date(2024, 1, 8)


def test_headline_figures_are_the_latest_with_an_earlier_one_where_known(path: Path) -> None:
    shown = {(line.now.topic, line.now.metric): line for line in catalogue.headline_figures(path)}
    seventh = shown["addendum 7", "taux de déploiement"]
    assert seventh.before is not None
    assert (seventh.now.value, seventh.now.origin.as_of) == (95.1, "2023-12")
    assert (seventh.before.value, seventh.before.origin.as_of) == (76.0, "2021-06")
    assert shown["appli carte Vitale", "professionnels de santé utilisateurs"].now.value == 1361
    assert shown["addendum 8", "taux de déploiement"].before is None


def test_figures_are_indicators_over_time(path: Path) -> None:
    lines = catalogue.figures(path)
    by_name = {(line["topic"], line["metric"], line["unit"]): line["points"] for line in lines}
    assert len(by_name) == len(lines)
    assert [
        (point["as_of"], point["value"]) for point in by_name["addendum 7", "taux de déploiement", "%"]
    ] == [
        ("2021-06", 76.0),
        ("2023-12", 95.1),
    ]
    topics = {line["topic"] for line in lines}
    assert {"addendum 8", "PRO-PS", "appli carte Vitale", "INSi", "ADRi"} <= topics
    assert "GIE – vie interne" not in topics
    for line in lines:
        dates = [point["as_of"] for point in line["points"]]
        assert dates == sorted(dates)
        assert all(point["source"] and point["locator"] and point["as_written"] for point in line["points"])
    everything = catalogue.figures(path, everything=True)
    assert everything[: len(lines)] == lines
    assert sum(len(line["points"]) for line in everything) == 477


def test_every_result_has_a_line_in_either_language(path: Path) -> None:
    for language in i18n.LANGUAGES:
        i18n.use(language)
        everything = catalogue.search(path, "", limit=1000)["results"]
        assert len(everything) == 198 + 45 + 67 + 14 + MAKERS + READERS
        assert all(row["detail"] for row in everything)
