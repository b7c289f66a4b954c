"""What the catalogue's facts say of themselves, and how several files become one catalogue."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fieldkit.domain.catalogue import (
    Catalogue,
    Contact,
    Editor,
    EditorLink,
    LabelType,
    MarketFigure,
    Product,
    ProductKind,
    Provenance,
    Service,
    entry_id,
    latest,
    merged,
    new_label,
    read_kind,
    reads_mobile,
    unmatched,
    without_contacts,
)

ORIGIN = Provenance("source", "2023-12", "1")


def editor(name: str, as_of: str = "2023-12") -> Editor:
    origin = Provenance("source", as_of, "1")
    return Editor(entry_id("editor", name), name, (), (), as_of, "", origin)


def product(kind: ProductKind, maker: str = "") -> Product:
    return Product(
        id="product:x",
        name="X",
        editor=maker,
        editor_as_written="",
        editor_basis="",
        kind=kind,
        kind_as_written="",
        mobility=None,
        professions=(),
        professions_as_written="",
        description="",
        other_mentions="",
        note="",
        origin=ORIGIN,
    )


@pytest.mark.parametrize(
    ("written", "kind", "mobility", "for_practices"),
    [
        ("logiciel de gestion et télétransmission", ProductKind.BILLING, None, True),
        ("télétransmission seule", ProductKind.BILLING, None, True),
        ("logiciel de facturation / solution de mobilité", ProductKind.BILLING, True, True),
        ("solution de mobilité", ProductKind.MOBILITY, True, True),
        ("logiciel (PSEi)", ProductKind.OTHER, None, True),
        ("Dossier médical", ProductKind.MEDICAL_RECORD, None, True),
        ("logiciel de gestion de cabinet", ProductKind.MEDICAL_RECORD, None, True),
        ("moteur de facturation", ProductKind.ENGINE, None, False),
        ("application Mon espace santé", ProductKind.PATIENT_APP, None, False),
        ("logiciel établissements (SCOR CP)", ProductKind.ESTABLISHMENT, None, False),
        ("Lecteur de cartes bi-fente", ProductKind.CARD_READER, None, False),
        ("lecteur de QR code", ProductKind.QR_READER, None, False),
        ("douchette 2D", ProductKind.QR_READER, None, False),
        ("lecteur combiné carte et QR", ProductKind.COMBINED_READER, None, False),
        ("service de téléconsultation", ProductKind.SERVICE, None, False),
    ],
)
def test_the_words_of_a_source_tell_the_kind(
    written: str, kind: ProductKind, mobility: bool | None, for_practices: bool
) -> None:
    item = product(read_kind(written))
    assert (item.kind, reads_mobile(written), item.for_practices) == (kind, mobility, for_practices)


def test_a_label_of_one_type_service_and_version_has_one_identifier() -> None:
    vitale = Service("service:CDC_SV", "CDC_SV", "Version", "", "", "", "", "", "", "", None, "", ORIGIN)
    label = new_label(LabelType.APPROVAL, vitale, "addendum 8", ORIGIN)
    assert (label.id, label.name) == (
        "label:agrement-sesam-vitale-addendum-8",
        "Agrément SESAM-Vitale, addendum 8",
    )
    pro_ps = replace(vitale, id="service:PRO_PS", label="PRO-PS")
    assert new_label(LabelType.VINTAGE, pro_ps, "2024", ORIGIN).name == "Millésime PRO-PS, 2024"
    bare = new_label(LabelType.SELF_DECLARATION, None, "", ORIGIN)
    assert (bare.name, bare.service) == ("Auto-déclaration", "")


def test_the_present_description_is_the_newest_and_of_two_the_first() -> None:
    old, new, same = (
        replace(editor("A", day), note=note)
        for day, note in (("2021-06", "old"), ("2024-01", "new"), ("2024-01", "same"))
    )
    assert latest((old, new, same)) == {"editor:a": new}
    assert latest((new, old)) == {"editor:a": new}


def test_what_the_newest_leaves_empty_is_as_an_older_has_it() -> None:
    told = replace(product(ProductKind.BILLING, "editor:a"), description="old", mobility=True)
    newer = Provenance("source", "2026", "1")
    bare = replace(product(ProductKind.OTHER), name="X2", origin=newer)
    present = latest((told, bare))["product:x"]
    assert (present.name, present.editor, present.kind) == ("X2", "editor:a", ProductKind.BILLING)
    assert (present.description, present.mobility, present.origin) == ("old", True, newer)


def test_what_two_files_say_is_all_kept() -> None:
    base = Catalogue(
        "2024-01-08", editors=(editor("A"),), products=(product(ProductKind.BILLING, "editor:a"),)
    )
    extra = Catalogue(
        "2026-10",
        editors=(editor("A", "2026-10"), editor("B", "2026-10")),
        products=(product(ProductKind.MOBILITY, "editor:b"),),
    )
    whole = merged(base, extra)
    assert whole.as_of == "2024-01-08"
    assert whole.editors == base.editors + extra.editors
    assert [item.editor for item in whole.products] == ["editor:a", "editor:b"]
    assert merged(whole, Catalogue("2027")) == whole


def test_a_fact_that_names_nothing_known_is_told_and_refused() -> None:
    base = Catalogue("2024-01-08", editors=(editor("A"),))
    gone = EditorLink("editor:a", "acquired_by", "editor:gone", "Gone", "stated", "2025", ORIGIN)
    outside = replace(gone, to_editor="")
    figure = MarketFigure(
        "s", "product", "product:gone", "Gone", "professionals", "", "1", "1", "PS", "", ORIGIN
    )
    others = replace(figure, entity_type="cohort", entity="Autres")
    extra = Catalogue("2026", links=(gone, outside), market_figures=(figure, others))
    assert list(unmatched(extra, base)) == [gone, figure]
    with pytest.raises(ValueError, match="editor:gone"):
        merged(base, extra)
    known = Catalogue("2026", links=(outside,), market_figures=(others,))
    assert merged(base, known).links == (outside,)


def test_a_contact_can_be_erased() -> None:
    people = tuple(
        Contact(f"contact:{n}", "editor:a", "Nom", "support", "n@example.org", "", True, ORIGIN)
        for n in range(3)
    )
    whole = Catalogue("2024-01-08", editors=(editor("A"),), contacts=people)
    left = without_contacts(whole, {"contact:1"})
    assert [contact.id for contact in left.contacts] == ["contact:0", "contact:2"]
    assert left.editors == whole.editors
