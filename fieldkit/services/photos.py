"""Photos of a visit: read from a file or the clipboard, marked, kept, shown, and made fit for paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.photos import clean
from fieldkit.photos.clean import LONGEST, Photo, Picture
from fieldkit.store import attachments
from fieldkit.store.changes import Changes, frozen
from fieldkit.store.fieldwork import FieldStore

__all__ = [
    "LONGEST",
    "Gallery",
    "Photo",
    "Picture",
    "add",
    "encode",
    "gallery",
    "marked",
    "open_stored",
    "read",
    "replace",
    "small",
    "small_of",
]

marked = clean.marked
encode = clean.encode


def read(source: Path | bytes) -> Picture:
    """The clean pixels of a photo: of its file, or of the bytes of one. Its name and metadata are not kept.

    Raises KnownError `picture-unreadable`, `picture-empty`, `picture-too-large`, `picture-heic`,
    `picture-damaged`, `not-a-picture`.
    """
    return clean.read(source) if isinstance(source, bytes) else clean.read_file(source)


def add(store: FieldStore, visit_id: str, photo: Photo, caption: str | None = None) -> str:
    """Keep a photo in a draft: its bytes, its record and the outbox entry, all or nothing. Returns its identity.

    Raises KnownError `visit-finalised`, `nir-refused` (the caption), `disk-full`.
    """
    visit = store.get("visit", visit_id)
    if visit["state"] != "draft":
        raise frozen()
    made_at = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    with store.changeset(_("Nouvelle photo")) as c:
        fields = {"visit": visit_id, "caption": caption, "made_at": made_at, **_filed(store, photo)}
        return c.create("photo", visit.scope, fields)


def replace(store: FieldStore, photo_id: str, photo: Photo) -> Changes:
    """Put another picture in the place of a photo, such as the same one with more marks."""
    with store.changeset(_("Photo retouchée")) as c:
        c.set("photo", photo_id, _filed(store, photo))
    return c.changes


def open_stored(store: FieldStore, sha256: str) -> Picture:
    """The pixels of a photo that is kept. Raises KnownError `photo-elsewhere`."""
    content = attachments.read(store.database, sha256)
    if content is None:
        raise KnownError(
            "photo-elsewhere",
            _("Cette photo n'est pas lisible sur cet ordinateur."),
            _("Elle est sur celui qui l'a prise. Si c'est celui-ci, retirez-la et ajoutez-la de nouveau."),
        )
    return clean.read(content)


@dataclass(frozen=True, slots=True)
class Gallery:
    """What there is to see of a visit's photos: small JPEGs by digest, and where the large ones are."""

    small: Mapping[str, bytes]
    waiting: int
    """Photos that are still to be sent."""
    elsewhere: int
    """Photos that are not on this laptop."""


def gallery(store: FieldStore, visit_id: str, wanted: Collection[str]) -> Gallery:
    """The small JPEGs of the `wanted` digests, and where the photos of the visit are."""
    linked = {photo["sha256"] for photo in store.of_visit("photo", visit_id)}
    states = attachments.states(store.database, visit_id)
    waiting = sum(state == "pending" for state in states.values())
    return Gallery(small(store, wanted), waiting, len(linked - states.keys()))


def small(store: FieldStore, digests: Iterable[str]) -> dict[str, bytes]:
    """Small JPEGs by digest, for lists and for paper; a photo that is not on this laptop is left out."""
    return attachments.read_small(store.database, digests)


def small_of(jpeg: bytes) -> bytes:
    """The small JPEG of a photo that another laptop made; empty where it cannot be read as one."""
    try:
        return clean.small(clean.read(jpeg))
    except KnownError:
        return b""


def _filed(store: FieldStore, photo: Photo) -> dict[str, Any]:
    sha256 = attachments.keep(store.database, photo.jpeg, clean.MIME, photo.small)
    size = {"size": len(photo.jpeg), "width": photo.width, "height": photo.height}
    return {"sha256": sha256, "mime": clean.MIME, **size}
