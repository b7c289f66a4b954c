"""Makes what the registry publishes: a TUF repository of plain files, to be served by anything or carried on a key.

`metadata/` says, signed, what there is; `targets/` holds it, each file under its digest. Files go first and the
timestamp last, in one rename: whoever looks meanwhile sees the publication before, or this one.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec
from securesystemslib.signer import CryptoSigner
from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, MetaFile, Root, Signed, Snapshot, TargetFile, Targets, Timestamp

from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.paths import replace_file
from fieldkit.registry import signing_keys
from fieldkit.sync import editions
from fieldkit.sync.editions import METADATA, ROOT, TARGETS, Edition

S = TypeVar("S", Root, Timestamp, Snapshot, Targets)

DAYS: Final = {Root.type: 730, Targets.type: 365, Snapshot.type: 45, Timestamp.type: 45}
"""How long each signature holds, in days. The last bounds how long old publications can be passed off as new ones."""
KEPT: Final = 5
"""From how many editions before the newest a difference of the catalogue is published…"""
KEPT_DIRECTORY: Final = 2
"""…and one of the directory, which takes minutes for the whole country."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """Where publications are made: their folder, those of the keys with their passphrase, and the time."""

    folder: Path
    keys: Sequence[Path]
    passphrase: str | None = None
    now: dt.datetime | None = None

    @property
    def time(self) -> dt.datetime:
        """The time that is signed, in UTC to the second."""
        return (self.now or dt.datetime.now(dt.UTC)).replace(microsecond=0)

    def signer(self, name: str) -> CryptoSigner:
        """The key of that name. Raises KnownError `key-missing` or `key-locked`."""
        return signing_keys.needed(self.keys, name, self.passphrase)


@dataclass(frozen=True, slots=True)
class New:
    """Content to publish as the newest edition of a line; `as_of` is the day that it describes."""

    line: str
    content: bytes
    as_of: str


def begin(at: Workshop, root_keys: int = 3, threshold: int = 2) -> None:
    """Make the keys, in the first of the folders of keys, and an empty repository signed with them.

    Raises KnownError `publications-exist`, `threshold-wrong`, `key-exists`, `publications-unwritable`.
    """
    if (at.folder / METADATA / ROOT).exists():
        raise KnownError(
            "publications-exist",
            _("Des publications ont déjà été commencées dans {folder}.").format(folder=at.folder),
            _("Pour changer de clés, utilisez « fieldkit registry publish root »."),
        )
    if not 1 <= threshold <= root_keys:
        raise KnownError(
            "threshold-wrong",
            _("Il faut au moins une clé racine, et pas plus de signatures que de clés."),
            _("Par exemple : --root-keys 3 --threshold 2."),
        )
    root = Root(expires=_until(at, Root.type), consistent_snapshot=True)
    for name in (*signing_keys.root_names(root_keys), *signing_keys.ROLES):
        made = signing_keys.make(at.keys[0], name, at.passphrase)
        key = made.public_key
        key.unrecognized_fields["x-fieldkit-name"] = name
        root.add_key(key, Root.type if name.startswith(Root.type) else name)
    root.roles[Root.type].threshold = threshold
    _write_root(at, root, [at.signer(name) for name in signing_keys.root_names(root_keys)])
    _write(at, Targets(expires=_until(at, Targets.type)), None)


def publish(at: Workshop, news: Iterable[New]) -> list[Edition]:
    """Publish new editions together; returns the newest of each line, as it was where nothing is new in it.

    Raises KnownError `publications-none`, `key-missing`, `key-locked`, `publications-unwritable`.
    """
    before, targets = _current(at.folder)
    made = [_add(at, targets, new) for new in news]
    targets.version, targets.expires = targets.version + 1, _until(at, Targets.type)
    _write(at, targets, before)
    _sweep(at.folder, targets)
    return made


def refresh(at: Workshop) -> None:
    """Sign again that what is published is the newest there is. Raises KnownError as `publish`."""
    before, targets = _current(at.folder)
    _write(at, targets, before, sign_targets=False)


def new_root(at: Workshop, replaced: Sequence[str] = ()) -> None:
    """Sign a new root, with new keys in the place of those `replaced` (`root-2`, `timestamp`…).

    As many of the old root keys as the threshold asks must be in the folders of keys; what signs from now on is
    signed again. Raises KnownError as `publish`, or `key-unknown`.
    """
    before, targets = _current(at.folder)
    root = _root(at.folder)
    named = {key.unrecognized_fields.get("x-fieldkit-name", ""): key for key in root.keys.values()}
    roots = sorted(name for name in named if name.startswith(Root.type))
    if unknown := [name for name in replaced if name not in named]:
        raise KnownError(
            "key-unknown",
            _("Aucune clé ne s'appelle {name}.").format(name=unknown[0]),
            _("Clés connues : {names}.").format(names=", ".join(sorted(named))),
        )
    signers = [s for name in roots if (s := signing_keys.load(at.keys, name, at.passphrase)) is not None]
    if len(signers) < root.roles[Root.type].threshold:
        raise KnownError(
            "key-missing",
            _("Il faut {needed} clés racines pour signer, et il n'y en a que {here}.").format(
                needed=root.roles[Root.type].threshold, here=len(signers)
            ),
            _("Branchez les supports qui les portent, et donnez un --keys pour chacun."),
        )
    for name in replaced:
        role = Root.type if name in roots else name
        home = next((place for place in at.keys if (place / f"{name}.pem").exists()), None)
        if home is not None:
            signing_keys.set_aside(home, name)
        made = signing_keys.make(home or at.keys[0], name, at.passphrase)
        root.revoke_key(named[name].keyid, role)
        key = made.public_key
        key.unrecognized_fields["x-fieldkit-name"] = name
        root.add_key(key, role)
        if role == Root.type:
            signers.append(made)
    root.version, root.expires = root.version + 1, _until(at, Root.type)
    _write_root(at, root, signers)
    if any(name not in roots for name in replaced):
        targets.version, targets.expires = targets.version + 1, _until(at, Targets.type)
        _write(at, targets, before)


def fingerprint(root: bytes) -> str:
    """What a person compares: the SHA-256 of a root, in hexadecimal."""
    return hashlib.sha256(root).hexdigest()


def status(folder: Path) -> dict[str, Any]:
    """`{fingerprint, root_version, expires: {root, targets, snapshot, timestamp}, editions: {line: …}}`.

    Raises KnownError `publications-none`.
    """
    timestamp, targets = _current(folder)
    root, snapshot = _root(folder), _signed(folder, Snapshot, timestamp.snapshot_meta.version)
    signed: tuple[Signed, ...] = (root, targets, snapshot, timestamp)
    return {
        "fingerprint": fingerprint((folder / METADATA / ROOT).read_bytes()),
        "root_version": root.version,
        "expires": {one.type: one.expires.isoformat() for one in signed},
        "editions": {
            line: msgspec.to_builtins(editions.told(file.custom))
            for path, file in sorted(targets.targets.items())
            if (line := editions.line_of(path)) is not None
        },
    }


def _add(at: Workshop, targets: Targets, new: New) -> Edition:
    file = targets.targets.get(editions.whole(new.line))
    last = None if file is None else editions.told(file.custom)
    sha256 = editions.digest(new.content)
    if last is not None and (last.sha256, last.as_of) == (sha256, new.as_of):
        return last
    before: list[dict[str, Any]] = []
    if file is not None and last is not None:
        older = (file.custom or {}).get("before", [])
        before = [{"file": file.hashes["sha256"], **msgspec.to_builtins(last)}, *older][: _kept(new.line)]
    number = 1 if last is None else last.number + 1
    made = Edition(number, new.as_of, at.time.isoformat(), sha256, len(new.content))
    for path in [path for path in targets.targets if path.startswith(f"{new.line}/")]:
        del targets.targets[path]
    packed = editions.pack(new.content)
    _put(at, targets, editions.whole(new.line), packed, {**msgspec.to_builtins(made), "before": before})
    for about in before:
        known = editions.told(about)
        if known.sha256 == sha256:
            continue
        place = _place(at.folder, editions.whole(new.line), about["file"])
        difference = editions.pack(new.content, editions.unpack(place.read_bytes(), known))
        if len(difference) < len(packed):
            _put(at, targets, editions.since(new.line, known.sha256), difference, {"to": sha256})
    return made


def _kept(line: str) -> int:
    return KEPT if line == editions.CATALOGUE else KEPT_DIRECTORY


def _put(at: Workshop, targets: Targets, path: str, content: bytes, about: Mapping[str, Any]) -> None:
    file = TargetFile.from_data(path, content, ["sha256"])
    file.unrecognized_fields["custom"] = dict(about)
    targets.targets[path] = file
    place = _place(at.folder, path, file.hashes["sha256"])
    _save(place, content)


def _place(folder: Path, path: str, sha256: str) -> Path:
    *above, name = path.split("/")
    return folder.joinpath(TARGETS, *above, f"{sha256}.{name}")


def _write(at: Workshop, targets: Targets, before: Timestamp | None, *, sign_targets: bool = True) -> None:
    """Sign what there is now, up to the timestamp, which takes its place last."""
    at_hand = {role: at.signer(role) for role in signing_keys.ROLES if sign_targets or role != Targets.type}
    number = 1 if before is None else before.snapshot_meta.version + 1
    if sign_targets:
        content = _sign(targets, [at_hand[Targets.type]])
        _save(at.folder / METADATA / f"{targets.version}.targets.json", content)
    else:
        content = (at.folder / METADATA / f"{targets.version}.targets.json").read_bytes()
    meta = {"targets.json": MetaFile.from_data(targets.version, content, ["sha256"])}
    snapshot = Snapshot(number, expires=_until(at, Snapshot.type), meta=meta)
    content = _sign(snapshot, [at_hand[Snapshot.type]])
    _save(at.folder / METADATA / f"{number}.snapshot.json", content)
    told = MetaFile.from_data(number, content, ["sha256"])
    version = 1 if before is None else before.version + 1
    timestamp = Timestamp(version, expires=_until(at, Timestamp.type), snapshot_meta=told)
    _save(at.folder / METADATA / "timestamp.json", _sign(timestamp, [at_hand[Timestamp.type]]))


def _write_root(at: Workshop, root: Root, signers: Sequence[CryptoSigner]) -> None:
    content = _sign(root, signers)
    _save(at.folder / METADATA / f"{root.version}.root.json", content)
    _save(at.folder / METADATA / ROOT, content)


def _sign(signed: S, signers: Sequence[CryptoSigner]) -> bytes:
    metadata: Metadata[S] = Metadata(signed)
    for signer in signers:
        metadata.sign(signer, append=True)
    return metadata.to_bytes()


def _current(folder: Path) -> tuple[Timestamp, Targets]:
    """What is published, as its own timestamp says."""
    try:
        timestamp = Metadata[Timestamp].from_bytes((folder / METADATA / "timestamp.json").read_bytes()).signed
        snapshot = _signed(folder, Snapshot, timestamp.snapshot_meta.version)
        return timestamp, _signed(folder, Targets, snapshot.meta["targets.json"].version)
    except (OSError, RepositoryError, KeyError) as error:
        raise KnownError(
            "publications-none",
            _("Il n'y a pas de publications utilisables dans {folder}.").format(folder=folder),
            _("Commencez-les avec « fieldkit registry publish init »."),
        ) from error


def _root(folder: Path) -> Root:
    return Metadata[Root].from_bytes((folder / METADATA / ROOT).read_bytes()).signed


def _signed(folder: Path, kind: type[S], version: int) -> S:
    raw = (folder / METADATA / f"{version}.{kind.type}.json").read_bytes()
    return Metadata[S].from_bytes(raw).signed


def _until(at: Workshop, role: str) -> dt.datetime:
    return at.time + dt.timedelta(days=DAYS[role])


def _save(place: Path, content: bytes) -> None:
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        replace_file(place, content)
        place.chmod(0o644)
    except OSError as error:
        raise KnownError(
            "publications-unwritable",
            _("La publication ne peut pas être écrite dans {folder}.").format(folder=place.parent),
            _("Ce qui était publié le reste. Vérifiez vos droits et la place libre."),
        ) from error


def _sweep(folder: Path, targets: Targets) -> None:
    """Take away what neither this publication nor the one before it names: a laptop may be half through that one."""
    kept = set()
    previous = folder / METADATA / f"{targets.version - 1}.targets.json"
    told = [targets, *([_signed(folder, Targets, targets.version - 1)] if previous.exists() else [])]
    for one in told:
        for path, file in one.targets.items():
            kept.add(_place(folder, path, file.hashes["sha256"]))
            kept |= {_place(folder, path, about["file"]) for about in (file.custom or {}).get("before", [])}
    for place in (folder / TARGETS).rglob("*.zst"):
        if place not in kept:
            place.unlink()
    for role, version in ((Targets, targets.version), (Snapshot, _current(folder)[0].snapshot_meta.version)):
        for place in (folder / METADATA).glob(f"*.{role.type}.json"):
            if int(place.name.partition(".")[0]) < version - 1:
                place.unlink()
