"""Groups as trees, however their links run."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fieldkit.domain.catalogue import Branch, EditorLink, Provenance, group

ORIGIN = Provenance("source", "2023-12", "1")


def link(start: str, relation: str, end: str) -> EditorLink:
    return EditorLink(start, relation, end, end.upper(), "stated", "2020", ORIGIN)


def shape(branches: tuple[Branch, ...]) -> dict[str, object]:
    return {branch.editor: shape(branch.beyond) for branch in branches}


def test_owners_are_above_and_the_owned_below() -> None:
    links = [
        link("a", "acquired_by", "b"),
        link("b", "part_of", "c"),
        link("c", "groups", "d"),
        link("b", "partner_of", "x"),
        link("b", "renamed_to", "y"),
        link("b", "possible_same_or_group", "z"),
    ]
    whole = group(links, "b")
    assert shape(whole.owners) == {"c": {}}
    assert shape(whole.owned) == {"a": {}}
    assert shape(group(links, "c").owned) == {"b": {"a": {}}, "d": {}}
    assert shape(group(links, "d").owners) == {"c": {}}
    assert all(branch.owner for branch in whole.owners)
    assert not any(branch.owner for branch in whole.owned)


def test_an_owner_without_an_entry_ends_the_branch() -> None:
    outside = EditorLink("a", "part_of", "", "Leed Investissement", "stated", "", ORIGIN)
    (branch,) = group([outside, outside], "a").owners[:1]
    assert (branch.editor, branch.link.to_name, branch.beyond) == ("", "Leed Investissement", ())


NAMES = st.sampled_from("abcde")
LINKS = st.lists(
    st.builds(link, NAMES, st.sampled_from(("acquired_by", "part_of", "groups", "merged_into")), NAMES),
    max_size=8,
)


@given(LINKS, NAMES)
def test_links_in_a_circle_end(links: list[EditorLink], editor: str) -> None:
    def walk(branches: tuple[Branch, ...], seen: tuple[str, ...]) -> None:
        for branch in branches:
            assert branch.editor not in seen
            walk(branch.beyond, (*seen, branch.editor))

    whole = group(links, editor)
    walk(whole.owners, (editor,))
    walk(whole.owned, (editor,))
