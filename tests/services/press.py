"""A keeper of publications for tests, with small catalogues; and what it publishes, in places to read it from."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from fieldkit.domain.catalogue import Catalogue, flat
from fieldkit.domain.catalogue.layers import whole
from fieldkit.importers.starting_catalogue import REFERENCE_BASE
from fieldkit.registry import publisher
from fieldkit.registry.publisher import New, Workshop
from fieldkit.services import catalogue_export, catalogue_file, publications
from fieldkit.sync import editions

LONG_AGO = dt.datetime.now(dt.UTC).replace(microsecond=0) - dt.timedelta(days=100)
"""What was published then and not signed again has expired; the keys have not."""


@cache
def small() -> Catalogue:
    """A whole catalogue with few facts of each kind."""
    every = catalogue_file.shipped()
    few = {kind: getattr(every, kind)[:12] for kind in flat.kinds()}
    few["deployment_figures"] = tuple(f for f in every.deployment_figures if f.topic == REFERENCE_BASE)
    return whole(replace(every, **few))


def later() -> Catalogue:
    """`small`, of which one editor is gone, one has another site, and there is a new one."""
    _gone, second, third, *others = small().editors
    other = replace(second, note="une note de plus")
    new = replace(third, id="editor:tout-nouveau", name="Tout Nouveau")
    return whole(replace(small(), editors=(other, third, *others, new)))


def facts(catalogue: Catalogue) -> set[tuple[str, object]]:
    """All that a catalogue says."""
    return {(kind, fact) for kind in flat.kinds() for fact in getattr(catalogue, kind)}


@dataclass
class Press:
    """Publishes into `folder`, with keys in `keys`."""

    folder: Path
    keys: Path
    now: dt.datetime | None = None
    written: dict[str, bytes] = field(default_factory=dict)

    @property
    def at(self) -> Workshop:
        """Where it works."""
        return Workshop(self.folder, (self.keys,), None, self.now)

    def begin(self) -> Press:
        """Make keys and the folder."""
        publisher.begin(self.at)
        return self

    def catalogue(self, catalogue: Catalogue) -> editions.Edition:
        """Publish a catalogue."""
        out = self.keys / "edition.json"
        catalogue_export.write(catalogue, out)
        return self.content(editions.CATALOGUE, out.read_bytes(), catalogue.as_of)

    def content(self, line: str, content: bytes, as_of: str) -> editions.Edition:
        """Publish any content."""
        made = publisher.publish(self.at, [New(line, content, as_of)])[0]
        self.written[made.sha256] = content
        return made

    def trusted_by(self, profile: Path) -> None:
        """Have a profile trust what is published now."""
        publications.trust(profile, publications.look_at(str(self.folder)))

    def newest(self, pattern: str) -> Path:
        """The file that was written last of those whose name ends so."""
        return max(self.folder.rglob(f"*{pattern}"), key=lambda file: (file.stat().st_mtime_ns, file.name))


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def served(folder: Path, handler: type[SimpleHTTPRequestHandler] = _Quiet) -> Iterator[str]:
    """Serve a folder over HTTP on loopback, as `/publications`."""
    top = folder.parent / "served"
    top.mkdir(exist_ok=True)
    if not (top / "publications").exists():
        (top / "publications").symlink_to(folder, target_is_directory=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(top)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def copy(source: Path, target: Path) -> Path:
    """A copy of a folder in the place of what is at `target`, as one makes it on a key."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)
    return target


def change(file: Path, place: int = -40) -> None:
    """Turn one bit of a file."""
    raw = bytearray(file.read_bytes())
    raw[place] ^= 1
    file.write_bytes(raw)


def age(file: Path) -> None:
    """Make a file older than any other."""
    os.utime(file, (1, 1))
