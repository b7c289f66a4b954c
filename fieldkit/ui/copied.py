"""Pictures that come from elsewhere on the screen: pasted, or dropped."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMimeData, Qt
from PySide6.QtGui import QImage, QPainter


def pictures_in(data: QMimeData | None) -> list[Path | QImage]:
    """The files, else the picture, that were copied or dragged; an empty clipboard has no data."""
    if data is None:
        return []
    files: list[Path | QImage] = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    image = data.imageData() if data.hasImage() and not files else None
    return [image] if isinstance(image, QImage) and not image.isNull() else files


def encoded(image: QImage, kind: QImage.Format = QImage.Format.Format_RGB888) -> bytes:
    """A picture as the bytes of a file, as quickly as that can be done; what is transparent lies on white."""
    if image.hasAlphaChannel():
        flat = QImage(image.size(), QImage.Format.Format_RGB32)
        flat.fill(Qt.GlobalColor.white)
        painter = QPainter(flat)
        painter.drawImage(0, 0, image)
        painter.end()
        image = flat
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.convertToFormat(kind).save(buffer, "BMP")  # type: ignore[call-overload]  # Qt takes a str
    return bytes(buffer.data().data())
