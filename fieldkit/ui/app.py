"""Starting the window: painted first, then the field data are opened on their worker."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QLocale, QTimer, QTranslator
from PySide6.QtWidgets import QApplication

from fieldkit import i18n, settings
from fieldkit.i18n import _
from fieldkit.ui import theme
from fieldkit.ui.garbage import Sweeper
from fieldkit.ui.main_window import MainWindow
from fieldkit.ui.pages.base import Context
from fieldkit.ui.runner import Queue, Runner
from fieldkit.ui.words import french_date

if TYPE_CHECKING:
    from fieldkit.services.profile import Profile


def main(
    profile: Path,
    passphrase_file: Path | None = None,
    language: str | None = None,
    on_painted: Callable[[MainWindow], object] | None = None,
) -> int:
    """Open the window on the profile in folder `profile`; returns the exit code when it is closed.

    `language` overrides that of the settings. `on_painted` is called once the window has been drawn and takes
    input (demo and benchmark begin there); what it returns lives as long as the window.
    """
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("Fieldkit")
    app.setDesktopFileName("fieldkit")
    chosen = settings.load(profile)
    speak(app, i18n.use(language or os.environ.get("FIELDKIT_LANG") or chosen.language))
    context = Context(profile, Runner(), chosen)
    theme.apply(app, chosen.theme, chosen.text_size)
    follow_theme(app, context)
    window = MainWindow(context)
    sweeper = Sweeper(window)
    kept: list[object] = []

    def begin() -> None:
        sweeper.start()
        if on_painted is not None:
            kept.append(on_painted(window))
        QTimer.singleShot(0, work)  # after what someone may have typed already

    def work() -> None:  # what the workers load would slow down the painting
        open_field_data(window, passphrase_file)
        context.readers.start()
        tell_catalogue_date(context)
        context.catalogue_changed.connect(lambda: tell_catalogue_date(context))

    window.painted.connect(begin)
    window.begin()
    window.show()
    code = app.exec()
    context.close()
    sweeper.stop()
    return code


def speak(app: QApplication, language: str) -> None:
    """Have Qt's own dialogs speak `language`, and numbers and dates follow it."""
    QLocale.setDefault(QLocale(language))
    translator = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(f"qtbase_{language}", folder):
        app.installTranslator(translator)


def follow_theme(app: QApplication, context: Context) -> None:
    """Dress the window anew when the settings or the system's light and dark change."""

    def dress() -> None:
        theme.apply(app, context.settings.theme, context.settings.text_size)

    context.settings_changed.connect(dress)
    app.styleHints().colorSchemeChanged.connect(lambda _scheme: dress())


def tell_catalogue_date(context: Context) -> None:
    """Load the catalogue if it is not yet, and say of which day it is."""

    def ask(catalogue: Path) -> dt.date:
        from fieldkit.services.catalogue_file import as_of

        return as_of(catalogue)

    def tell(day: dt.date) -> None:
        context.show_status("catalogue", _("Catalogue au {day}").format(day=french_date(day.isoformat())))

    context.ask_catalogue(ask, tell)


def open_field_data(window: MainWindow, passphrase_file: Path | None = None) -> None:
    """Open the field data on the database worker; when they need something, the window asks for it."""
    folder = window.context.folder

    def work() -> Profile:
        from fieldkit.services.profile import open_profile

        return open_profile(folder, passphrase_file=passphrase_file)

    window.context.runner.run(Queue.DATABASE, work, window.context.open, window.ask_to_unlock)
