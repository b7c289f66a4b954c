"""What came, stroke by stroke or byte by byte, for support: of our own codes only."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit

from fieldkit.i18n import _
from fieldkit.ui.theme import scaled
from fieldkit.ui.widgets.card import Card
from fieldkit.ui.widgets.flow import flowing
from fieldkit.ui.widgets.text import button, label


class RawView(Card):
    """Hidden until asked for; holds the last code of ours and nothing else."""

    def __init__(self) -> None:
        super().__init__(_("Vue brute"), "rawView")
        self.text = QPlainTextEdit()
        self.text.setObjectName("rawText")
        self.text.setProperty("role", "mono")
        self.text.setAccessibleName(_("Vue brute de la dernière lecture"))
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setMinimumHeight(scaled(180))
        self.text.setPlaceholderText(_("Scannez un code de test. Rien n'est montré d'un autre code."))
        about = _(
            "Pour le support : temps, touche, touches tenues, caractère ; ou les octets d'un port série."
        )
        self.body.addWidget(label(about, "caption", wrap=True))
        self.body.addWidget(self.text)
        self.body.addWidget(flowing(button(_("Copier"), "copyRaw", self._copy, icon="copy")))
        self.hide()

    def show_lines(self, lines: Sequence[str]) -> None:
        """Show these lines in the place of the last ones."""
        self.text.setPlainText("\n".join(lines))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
