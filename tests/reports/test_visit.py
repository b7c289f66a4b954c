"""The visit report: what is printed, what is not, and that anybody can read it."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldkit import i18n
from fieldkit.domain import fieldwork, rulesets
from fieldkit.reports import fonts, wording
from fieldkit.reports.typography import settable
from tests.reports import example, printed


@pytest.fixture(scope="module")
def report() -> bytes:
    return example.pdf(example.shown())


def text_of(**changes: Any) -> str:
    return printed.flowing(printed.opened(example.pdf(example.shown(**changes))))


def test_it_is_tagged_french_and_titled(report: bytes) -> None:
    document = printed.opened(report)
    assert document.Root.MarkInfo.Marked
    assert str(document.Root.Lang) == "fr"
    assert document.Root.ViewerPreferences.DisplayDocTitle
    with document.open_metadata() as metadata:
        title = str(metadata["dc:title"]).replace("\u00a0", " ")
        assert title == "Compte rendu de visite – Maison de santé des Remparts – 22 novembre 2026"
        standards = [metadata[f"{{http://www.aiim.org/{key}"] for key in
                     ("pdfua/ns/id/}part", "pdfa/ns/id/}part", "pdfa/ns/id/}conformance")]  # fmt: skip
    assert standards == ["1", "2", "A"]


def test_its_structure_is_a_title_headings_lists_and_tables_in_reading_order(report: bytes) -> None:
    elements = printed.structure(printed.opened(report))
    kinds = {kind for kind, _title in elements}
    assert {"Title", "H1", "H2", "P", "L", "Table", "TH", "TD"} <= kinds
    sections = [title.replace("’", "'") for kind, title in elements if kind == "H1"]
    assert sections == [
        "Verdict",
        "Ce qu'il reste à faire",
        "Ce qui a été constaté",
        "Ce qui a été testé",
        "Postes et équipement",
        "Irritants",
        "Notes",
        "Sources et versions",
    ]


def test_its_fonts_are_ours_and_embedded(report: bytes) -> None:
    document = printed.opened(report)
    descriptors = printed.font_descriptors(document)
    assert descriptors
    for descriptor in descriptors:
        assert str(descriptor.FontName).split("+")[1] in ("Inter", "DejaVuSans")
        assert "/FontFile2" in descriptor or "/FontFile3" in descriptor
    assert [face.family for face in fonts.faces().fonts()].count("Inter") == 1
    assert len(fonts.faces().fonts()) == len(fonts.FILES)


def test_the_verdict_comes_first_with_the_way_to_ready() -> None:
    text = text_of()
    headline = "Poste accueil : pas encore prêt pour l’appli carte Vitale – 2 changements"
    assert headline in text
    assert text.index(headline) < text.index("Ce qu’il reste à faire")
    assert "1. Demander l’addendum 8. · éditeur" in text
    assert "2. Installer un lecteur de QR code. · professionnel de santé" in text


@pytest.mark.parametrize(
    ("apcv", "words"),
    [
        ("ready", "Poste accueil : prêt pour l’appli carte Vitale"),
        ("impossible", "Poste accueil : appli carte Vitale impossible en l’état"),
        ("unknown", "Poste accueil : on ne sait pas encore si l’appli carte Vitale peut y être lue"),
    ],
)
def test_every_verdict_has_its_words(apcv: str, words: str) -> None:
    text = text_of(verdict=example.verdicts(example.verdict(apcv, shortest_path=[])))
    assert words in text
    assert "changement" not in text


@pytest.mark.parametrize(
    ("befores", "counted"),
    [
        (["7"], "Vitale – 1 changement 1."),
        ([None], "Vitale – 1 vérification 1."),
        (["7", None, None], "Vitale – 1 changement, 2 vérifications 1."),
    ],
)
def test_looking_up_a_fact_is_not_counted_as_a_change(befores: list[str | None], counted: str) -> None:
    path = [example.step("addendum", before, "Faire ceci.", "éditeur") for before in befores]
    assert counted in text_of(verdict=example.verdicts(example.verdict(shortest_path=path)))


def test_findings_name_state_reason_remedy_owner_and_source(report: bytes) -> None:
    text = printed.flowing(printed.opened(report))
    assert "action requise L’addendum 7 ne suffit pas. [1] Demander l’addendum 8. · éditeur" in text
    assert "inconnu Critère non publié dans les sources. [1]" in text
    assert f"[1] {example.STUDY} (décembre 2023)" in text
    assert "Règles appliquées : Appli carte Vitale 2023. Catalogue des produits : 8 janvier 2024." in text
    assert "Règles de fin 2023." in text


def test_open_follow_ups_come_before_those_that_are_done(report: bytes) -> None:
    text = printed.flowing(printed.opened(report))
    assert (
        "Appeler l’éditeur. professionnel de santé 1er décembre 2026 Envoyer la planche. délégué fait" in text
    )


def test_tests_obstacles_and_notes_are_printed(report: bytes) -> None:
    text = printed.flowing(printed.opened(report))
    assert "Lecteurs de cartes Poste accueil bon CPS3 reconnue." in text
    assert "Identité nationale de santé (INS) · Vega bloquant INS lente." in text
    assert "Matériel inconnu Prise USB mal placée." in text
    assert "Essayer avant la fin de l’année." in text


def test_a_test_of_another_day_tells_its_date() -> None:
    run = {**example.shown()["test_runs"][0], "made_at": "2026-11-20T09:00:00+01:00"}
    assert "Lecteurs de cartes Poste accueil, 20 novembre 2026 bon" in text_of(test_runs=[run])


def test_a_note_of_blanks_is_no_note() -> None:
    assert "Notes" not in text_of(notes=[{"text": " \n\n "}, {"text": None}, {}])


def test_unknown_is_said_and_is_never_no() -> None:
    bare = {"id": "w-1", "name": "Poste 1"}
    text = text_of(workstations=[bare], practice={"id": "p", "name": "Cabinet"}, delegate=None)
    assert text.count("Profession inconnu Lieu inconnu RPPS inconnu FINESS inconnu Délégué inconnu") == 1
    assert "Inconnu : système, version du système, logiciel de facturation" in text
    assert " non " not in text.replace("« non »", "").replace("non publié", "")


def test_a_fact_known_on_one_workstation_only_is_unknown_on_the_other() -> None:
    second = example.workstation(id="w-2", name="Bureau", place=None, addendum=None, os="macos")
    both = [example.verdict(), example.verdict("ready", id="w-2", shortest_path=[])]
    text = text_of(workstations=[example.workstation(), second], verdict=example.verdicts(*both))
    assert "Élément Poste accueil · Secrétariat Bureau Système Windows macOS" in text
    assert "Addendum SESAM-Vitale 7 inconnu" in text


def test_what_is_found_alike_on_several_workstations_is_said_once_and_the_rest_apart() -> None:
    fine = example.finding("addendum", "Addendum", "up-to-date", "L'addendum 8 convient.")
    alike = example.verdict()["findings"][1]
    stations = [example.workstation(id=f"w-{n}", name=f"Poste {n}", place=None) for n in (1, 2, 3)]
    verdicts = [
        example.verdict(id="w-1"),
        example.verdict("ready", id="w-2", findings=[fine, alike], shortest_path=[]),
        example.verdict(id="w-3"),
    ]
    text = text_of(workstations=stations, verdict=example.verdicts(*verdicts))
    assert "Addendum Poste 1, Poste 3 action requise L’addendum 7 ne suffit pas. [1]" in text
    assert "Addendum Poste 2 à jour L’addendum 8 convient. [1]" in text
    assert text.count("Système d’exploitation tous les postes inconnu") == 1
    assert "tous les postes" not in text_of()


def test_a_visit_without_workstations_says_that_nothing_is_known() -> None:
    assert "Aucun poste n’est décrit" in text_of(workstations=[], verdict=example.verdicts())


def test_a_draft_is_marked_on_every_page_and_a_finalised_visit_is_not(report: bytes) -> None:
    long = [{"id": str(n), "text": "Une note.\n" * 30} for n in range(5)]
    draft = printed.opened(example.pdf(example.shown(state="draft", finalised_at=None, notes=long)))
    assert len(draft.pages) > 2
    assert printed.text(draft).count("BROUILLON") == len(draft.pages) + 1
    assert "BROUILLON" not in printed.text(printed.opened(report))


def test_a_correction_says_what_it_is() -> None:
    said = text_of(supersedes="visit-0", supersedes_date="2026-11-20", edition=2)
    assert "Édition 2 : elle corrige et remplace la précédente, de la visite du 20 novembre 2026." in said


def test_pages_are_numbered_and_a_common_visit_has_two_at_most(report: bytes) -> None:
    document = printed.opened(report)
    assert len(document.pages) <= 2
    assert f"Page 1 sur {len(document.pages)}" in printed.flowing(document)


def test_what_is_for_the_delegate_alone_is_not_printed(report: bytes) -> None:
    text = printed.flowing(printed.opened(report))
    assert "4512" not in text
    assert "TRACE-OF-A-DRIVER" not in text


def test_the_same_visit_gives_the_same_bytes(report: bytes) -> None:
    assert example.pdf(copy.deepcopy(example.shown())) == report


def test_english_where_it_is_asked_for() -> None:
    i18n.use("en")
    assert str(printed.opened(example.pdf(example.shown())).Root.Lang) == "en"


MARKUP = "#let x = 1 // *gras* _i_ $a$ @ref <b> [x] `r` = titre - ~ \\u{41} #panic() https://a.fr"


def test_markup_is_printed_as_it_was_typed() -> None:
    text = text_of(
        notes=[{"text": MARKUP}],
        practice={"id": "p", "name": MARKUP},
        workstations=[example.workstation(software=MARKUP, name=MARKUP)],
        follow_ups=[{"who": "ps", "text": MARKUP}],
        obstacles=[{"theme": "dmp", "text": MARKUP}],
    )
    assert text.count("#panic()") >= 6
    assert MARKUP in text


def test_two_hundred_lines_a_long_word_and_every_script_are_printed() -> None:
    lines = "\n".join(f"ligne numéro{n}." for n in range(200))
    text = text_of(
        notes=[{"text": lines}, {"text": "😀 שלום مرحبا Ελλάδα"}, {"text": "Ω" * 1000}],
        test_runs=[{"kind": "scanner", "verdict": "fault", "summary": f"{lines}\n{'9' * 500}"}],
    )
    assert all(text.count(f"numéro{n}.") == 2 for n in range(200))
    assert "😀" in text
    assert "Ελλάδα" in text
    assert text.count("Ω") == 1000


def test_every_character_that_is_said_to_be_in_a_font_can_be_set() -> None:
    known = sorted(frozenset.union(*fonts.coverage()))
    every = [shown for shown in (settable(chr(point)) for point in known) if shown.strip()]
    assert len(every) > 5000
    example.pdf(example.shown(notes=[{"text": " ".join(every)}]))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(max_size=60), min_size=5, max_size=5))
def test_any_text_can_be_printed(texts: list[str]) -> None:
    example.pdf(
        example.shown(
            practice={"id": "p", "name": texts[0], "city": texts[1]},
            workstations=[example.workstation(name=texts[2], software=texts[3])],
            notes=[{"text": "".join(texts)}],
            obstacles=[{"text": texts[4], "product": texts[0]}],
            delegate=texts[1],
        )
    )


@pytest.mark.parametrize(
    ("words", "values"),
    [
        (wording.THEMES, fieldwork.THEMES),
        (wording.GRAVITIES, fieldwork.GRAVITIES),
        (wording.OWNERS, fieldwork.OWNERS),
        (wording.OWNERS, rulesets.OWNERS),
        (wording.TESTS, fieldwork.TYPES["test_run"]["verdict"].choices),
        (wording.TEST_KINDS, fieldwork.TYPES["test_run"]["kind"].choices),
        *((wording.FACTS[name], f.choices) for name, f in fieldwork.WORKSTATION_FACTS.items() if f.choices),
    ],
)
def test_every_coded_value_has_its_word(words: wording.Words, values: tuple[str, ...]) -> None:
    assert set(values) <= words.keys()


def test_a_fact_of_an_earlier_visit_is_said_to_be_one() -> None:
    carried = {"w-1": {"software": "2025-11-20", "os": ""}}
    found = example.finding("os", "Système", "up-to-date", "Windows est à jour.", facts={"os": "windows"})
    judged = example.verdicts(example.verdict(findings=[found]))
    text = text_of(carried=carried, verdict=judged).replace("\u00a0", " ")
    assert "Vega (à confirmer, relevé le 20 novembre 2025)" in text
    assert "Ce verdict s’appuie sur 1 fait d’une visite précédente, à confirmer." in text
    assert "« À confirmer » : le fait vient d’une visite précédente" in text
    assert "à confirmer" not in text_of()


def test_facts_of_one_earlier_day_say_the_day_once_below_the_table() -> None:
    text = text_of(carried={"w-1": {"software": "2025-11-20", "os": "2025-11-20"}}).replace("\u00a0", " ")
    assert "Vega (à confirmer)" in text
    assert text.count("20 novembre 2025") == 1
    assert "À confirmer : relevé le 20 novembre 2025." in text


def test_a_report_says_that_a_later_edition_replaces_it_once_there_is_one() -> None:
    said = "Une édition plus récente de ce compte rendu existe."
    assert said in text_of(superseded_by="visit-2", replaced=True)
    assert said not in text_of(superseded_by="visit-2", replaced=False)
