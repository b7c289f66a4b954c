"""Synchronising without being asked: soon after something was written, when the network is back, and now and then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QRandomGenerator, QTimer

from fieldkit.services import pace

if TYPE_CHECKING:
    from PySide6.QtNetwork import QNetworkInformation

    from fieldkit.ui.live_sync import LiveSync, Status

_BACK_AGAIN: Final = 3.0
"""Seconds that a network needs to settle once it is back."""
_SPREAD: Final = 0.25
"""By which part a pause is shortened or lengthened, so that laptops that lost one network do not all come at once."""


class ByItself(QObject):
    """The clock of `live`; it rests where the delegate turned it off."""

    def __init__(self, live: LiveSync, *, wanted: bool) -> None:
        super().__init__(live)
        self._live = live
        self._failures = 0
        self._for_a_person = False
        """Whether the last attempt ended with something that a person must settle."""
        self._wanted = wanted
        self._network: QNetworkInformation | None = None
        self.timer = QTimer(self, singleShot=True)
        self.timer.timeout.connect(self._due)
        live.changed.connect(self._plan)
        live.ended.connect(self._count)

    def want(self, wanted: bool) -> None:
        """Turn it on or off."""
        self._wanted = wanted
        self.timer.stop()
        if self._live.status is not None:
            self._plan(self._live.status)

    def resume(self) -> None:
        """A person did something about what went wrong."""
        self._failures, self._for_a_person = 0, False
        if self._live.status is not None:
            self._plan(self._live.status)

    @property
    def offline(self) -> bool:
        """Whether the system knows that there is no network; where it does not know, it is tried."""
        from PySide6.QtNetwork import QNetworkInformation

        return (
            self._network is not None
            and self._network.reachability() == QNetworkInformation.Reachability.Disconnected
        )

    def network_is_back(self) -> None:
        """Try soon, whatever went wrong before."""
        self._failures = 0
        self.timer.stop()
        if self._live.status is not None:
            self._plan(self._live.status, at_most=_BACK_AGAIN)

    def _plan(self, status: Status, at_most: float = pace.LONGEST_PAUSE) -> None:
        wanted = self._wanted and not self._for_a_person
        seconds = pace.pause(status, self._failures) if wanted else None
        if seconds is None or self._live.running:
            self.timer.stop()
            return
        self._watch_network()
        spread = 1 + _SPREAD * (2 * QRandomGenerator.global_().generateDouble() - 1)
        wait = round(min(seconds, at_most) * spread * 1000)
        if not self.timer.isActive() or self.timer.remainingTime() > wait:
            self.timer.start(wait)

    def _due(self) -> None:
        if not self.offline:  # else: when the network is back
            self._live.start(by_itself=True)

    def _count(self, answer: dict[str, Any] | Exception) -> None:
        self._failures = self._failures + 1 if isinstance(answer, Exception) else 0
        self._for_a_person = isinstance(answer, Exception) and pace.is_for_a_person(answer)
        self.timer.stop()

    def _watch_network(self) -> None:
        """Once there is a registry to speak to: looking for the network takes a moment."""
        if self._network is None:
            from PySide6.QtNetwork import QNetworkInformation

            if QNetworkInformation.loadDefaultBackend():
                self._network = QNetworkInformation.instance()
                self._network.reachabilityChanged.connect(self._network_changed)

    def _network_changed(self) -> None:
        if not self.offline:
            self.network_is_back()
