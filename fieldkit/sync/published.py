"""What is published, seen from a laptop: from a registry over HTTP, or from a folder such as a USB key's.

The rules of TUF decide what is believed (`tuf.ngclient`): nothing unsigned, nothing older than was seen before,
nothing after its date, nothing mixed, nothing longer than announced.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Final

import httpx
import stamina
from tuf.api.exceptions import DownloadHTTPError, LengthOrHashMismatchError
from tuf.api.metadata import Metadata, Root, TargetFile
from tuf.ngclient import FetcherInterface, Updater, UpdaterConfig

from fieldkit import __version__
from fieldkit.errors import KnownError
from fieldkit.sync import client, editions, network, troubles
from fieldkit.sync.doubts import doubt, explained
from fieldkit.sync.editions import METADATA, PLACE, ROOT, TARGETS, Edition, EditionDamagedError, StoppedError

_BLOCK: Final = 1 << 16
_NONE: Final = "publications-none"
_MIXED: Final = "publications-mixed"

OnShare = Callable[[float], None]


def is_folder(source: str) -> bool:
    """Whether `source` is a folder and not an address."""
    return not source.startswith(("https://", "http://"))


def at_registry(url: str) -> str:
    """Where the registry at `url` publishes."""
    return url.rstrip("/") + PLACE


def root_at(source: str) -> bytes:
    """The root that `source` shows. Nobody vouches for it: a person compares its fingerprint.

    Raises KnownError: a doubt, or a trouble of the network.
    """
    limits = UpdaterConfig()
    with _Source(source) as found, explained(folder=is_folder(source), mismatch=_MIXED, missing=_NONE):
        root = found.download_bytes(f"{METADATA}/{ROOT}", limits.root_max_length)
        signed = Metadata[Root].from_bytes(root)
        signed.signed.verify_delegate(Root.type, signed.signed_bytes, signed.signatures)
    return root


class Published:
    """The publications at `source`, believed from `root` on. Use as a context manager.

    What was seen is remembered in the folder `memory`, so that nothing older passes later. Every call raises
    KnownError: a doubt of `doubts`, a trouble of the network, `disk-full`; or StoppedError once `cancelled`.
    """

    def __init__(
        self,
        source: str,
        memory: Path,
        root: bytes,
        on_share: OnShare = lambda _share: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        self.on_key = is_folder(source)
        """Whether they are in a folder and not at a registry."""
        self._source = _Source(source, on_share, cancelled)
        self._memory = memory
        with explained(folder=self.on_key, mismatch=_MIXED, missing=_NONE):
            memory.mkdir(parents=True, exist_ok=True)
            self._updater = Updater(
                str(memory),
                f"{METADATA}/",
                target_base_url=f"{TARGETS}/",
                fetcher=self._source,
                bootstrap=root,
            )
        self.received = 0
        """Bytes of files that were taken, packed."""

    def __enter__(self) -> Published:
        return self

    def __exit__(self, *_fault: object) -> None:
        self._source.__exit__()

    def refresh(self) -> dict[str, Edition]:
        """Look what there is now: the newest edition of each line."""
        with explained(folder=self.on_key, mismatch=_MIXED, missing=_NONE):
            self._updater.refresh()
        return editions.remembered(self._memory)

    def take(self, line: str, edition: Edition, held: bytes | None = None) -> bytes:
        """The content of the newest `edition` of a line; by the difference from `held` where there is one.

        A difference that does not lead there is no reason to go without: the whole is taken then.
        """
        if held is not None and (content := self._by_difference(line, edition, held)) is not None:
            return content
        packed = self._file(self._target(editions.whole(line)))
        try:
            return editions.unpack(packed, edition)
        except EditionDamagedError as error:
            raise doubt("edition-unreadable", folder=self.on_key) from error

    def _by_difference(self, line: str, edition: Edition, held: bytes) -> bytes | None:
        found = self._updater.get_targetinfo(editions.since(line, editions.digest(held)))
        if found is None:
            return None
        try:
            return editions.unpack(self._file(found), edition, held)
        except (EditionDamagedError, KnownError):
            return None

    def _target(self, file: str) -> TargetFile:
        found = self._updater.get_targetinfo(file)
        if found is None:
            raise doubt("publications-incomplete", folder=self.on_key)
        return found

    def _file(self, target: TargetFile) -> bytes:
        """The bytes of a file, which are those that were signed."""
        self._source.expect(target.length)
        with explained(folder=self.on_key, mismatch="", missing="publications-incomplete"):
            # The name under its digest, as `Updater.download_target` makes it; that one would write it to a file.
            above, slash, name = target.path.rpartition("/")
            packed = self._source.download_bytes(
                f"{TARGETS}/{above}{slash}{target.hashes['sha256']}.{name}", target.length
            )
            try:
                target.verify_length_and_hashes(packed)
            except LengthOrHashMismatchError as error:
                short = len(packed) < target.length
                raise doubt(
                    "publications-cut" if short else "publications-damaged", folder=self.on_key
                ) from error
        self.received += len(packed)
        return packed


class _Source(FetcherInterface):
    """Reads files by their path below the publications."""

    def __init__(
        self,
        source: str,
        on_share: OnShare = lambda _share: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        self._on_share = on_share
        self._cancelled = cancelled
        self._expected = 0
        self._folder = Path(source) if is_folder(source) else None
        if self._folder is None:
            self._http = httpx.Client(
                base_url=client.checked_url(source),
                headers={
                    "User-Agent": f"fieldkit/{__version__}",
                    "Accept-Encoding": "identity",
                    "Cache-Control": "no-cache",
                },
                timeout=httpx.Timeout(client.STALL_SECONDS, connect=client.CONNECT_SECONDS),
                verify=network.tls(),
            )

    def __enter__(self) -> _Source:
        return self

    def __exit__(self, *_fault: object) -> None:
        if self._folder is None:
            self._http.close()

    def expect(self, length: int) -> None:
        """The next file has this length: tell its share while it comes."""
        self._expected = length

    def _fetch(self, url: str) -> Iterator[bytes]:
        got = 0
        for block in self._of_registry(url) if self._folder is None else self._of_folder(self._folder, url):
            if self._cancelled():
                raise StoppedError
            got += len(block)
            if self._expected:
                self._on_share(min(got / self._expected, 1.0))
            yield block

    def _of_folder(self, folder: Path, path: str) -> Iterator[bytes]:
        try:
            with folder.joinpath(*path.split("/")).open("rb") as file:
                while block := file.read(_BLOCK):
                    yield block
        except FileNotFoundError as error:
            raise DownloadHTTPError(path, HTTPStatus.NOT_FOUND) from error
        except OSError as error:
            raise doubt("publications-unreadable", folder=True) from error

    def _of_registry(self, path: str) -> Iterator[bytes]:
        try:
            for attempt in stamina.retry_context(
                client.is_passing, client.ATTEMPTS, wait_initial=0.2, wait_jitter=0.2
            ):
                with attempt:
                    response = self._http.send(self._http.build_request("GET", path), stream=True)
            try:
                kind = response.headers.get("content-type", "")
                if response.status_code == HTTPStatus.NOT_FOUND:
                    raise DownloadHTTPError(path, response.status_code)
                if not response.is_success or "html" in kind:
                    raise troubles.of_stranger(response.status_code, kind)
                yield from response.iter_raw(_BLOCK)
            finally:
                response.close()
        except httpx.HTTPError as error:
            raise troubles.of_transport(error) from error
