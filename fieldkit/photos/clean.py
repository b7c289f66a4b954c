"""Any photo file in, clean pixels out: upright, in sRGB, at most `LONGEST` pixels on a side, and nothing else.

What comes in is not to be trusted. Sizes are judged before pixels are made; a JPEG is made smaller while it is
decoded, so that a photo of 200 megapixels costs no more than one of 12.
"""

from __future__ import annotations

import hashlib
import io
import math
import struct
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image, ImageCms, UnidentifiedImageError

from fieldkit.domain.marks import Mark
from fieldkit.errors import KnownError
from fieldkit.i18n import _
from fieldkit.photos.draw import draw

LONGEST: Final = 2_048
"""Pixels of the longest side of a photo that is kept (`hardware.md` §2)."""
SMALL: Final = 1_024
"""Of the one that is looked at in lists and printed: over 300 to the inch where the report shows it."""
MIME: Final = "image/jpeg"
MOST_BYTES: Final = 100 << 20
MOST_PIXELS: Final = 250_000_000
MOST_DECODED: Final = 64_000_000
"""Pixels that are made at once: about 200 MB of memory."""

_FORMATS: Final = ("JPEG", "PNG", "WEBP", "BMP")
_BEGINNINGS: Final = (b"\xff\xd8\xff", b"\x89PNG", b"BM")
_HEIF: Final = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif")
_QUALITY: Final = 85
_DAMAGE: Final = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    ArithmeticError,
    LookupError,
    TypeError,
    struct.error,
)
"""What Pillow's readers raise on a damaged file."""

Image.MAX_IMAGE_PIXELS = None  # ours is the judge, and it knows how much of a JPEG is ever decoded


@dataclass(frozen=True, slots=True)
class Picture:
    """Clean pixels: three bytes each (red, green, blue), row after row."""

    width: int
    height: int
    rgb: bytes


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo as it is kept: a JPEG without metadata, known by its digest, and a small one to show and to print."""

    jpeg: bytes
    small: bytes
    width: int
    height: int

    @property
    def sha256(self) -> str:
        """Its identity: 64 hexadecimal digits."""
        return hashlib.sha256(self.jpeg).hexdigest()


def read_file(path: Path) -> Picture:
    """As `read`, from a file. Raises KnownError `picture-unreadable` besides."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise KnownError(
            "picture-unreadable",
            _("Cette photo ne peut pas être ouverte."),
            _("Vérifiez qu'elle est toujours là et que vous avez le droit de la lire."),
        ) from error
    return read(data)


def read(data: bytes) -> Picture:
    """The pixels of a JPEG, PNG, WebP or BMP file.

    Raises KnownError `picture-empty`, `picture-too-large`, `picture-heic`, `picture-damaged`, `not-a-picture`.
    """
    if not data:
        raise KnownError(
            "picture-empty",
            _("Ce fichier est vide."),
            _("La copie depuis le téléphone s'est peut-être arrêtée : copiez la photo de nouveau."),
        )
    if len(data) > MOST_BYTES:
        raise _too_large()
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF:
        raise KnownError(
            "picture-heic",
            _("Ce format de photo (HEIC ou AVIF) n'est pas pris en charge."),
            _(
                "Envoyez-vous la photo en JPEG, ou réglez l'iPhone : Appareil photo, Formats, Le plus compatible."
            ),
        )
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module="PIL")  # of damage to what is not kept anyway
            with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
                return _picture(_upright(image))
    except UnidentifiedImageError:
        raise _damaged() if _looks_like_one(data) else _no_picture() from None
    except MemoryError:
        raise _too_large() from None
    except _DAMAGE:
        raise _damaged() from None


def marked(picture: Picture, marks: Sequence[Mark]) -> Picture:
    """`picture` with `marks` drawn in, one over the other."""
    return _picture(draw(_image(picture), marks))


def encode(picture: Picture, marks: Sequence[Mark] = ()) -> Photo:
    """`picture` with `marks` drawn in, encoded once. The same input gives the same bytes."""
    image = draw(_image(picture), marks)
    return Photo(_jpeg(image), _small(image), image.width, image.height)


def small(picture: Picture) -> bytes:
    """The small JPEG of a photo that is kept already."""
    return _small(_image(picture))


def _small(image: Image.Image) -> bytes:
    small = image.copy()
    small.thumbnail((SMALL, SMALL), Image.Resampling.LANCZOS)
    return _jpeg(small)


def _upright(image: Image.Image) -> Image.Image:
    if image.width * image.height > MOST_PIXELS:
        raise _too_large()
    # A progressive JPEG keeps all its coefficients in memory, however small it is decoded.
    if image.format in ("JPEG", "MPO") and not image.info.get("progressive"):
        scale = min(1.0, LONGEST / max(image.size))
        image.draft("RGB", (math.ceil(image.width * scale), math.ceil(image.height * scale)))
    if image.width * image.height > MOST_DECODED:
        raise _too_large()
    image.load()
    profile = image.info.get("icc_profile")
    orientation = _orientation(image)
    flat = _in_srgb(_flat(image), profile)
    flat.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return flat if orientation is None else flat.transpose(orientation)


_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ORIENTATION: Final = 0x0112


def _orientation(image: Image.Image) -> Image.Transpose | None:
    """How EXIF says to turn the photo; one whose EXIF is damaged is taken as it lies."""
    try:
        return _TURNS.get(image.getexif().get(_ORIENTATION, 1))
    except _DAMAGE:
        return None


def _flat(image: Image.Image) -> Image.Image:
    """Red, green and blue; what is transparent lies on white."""
    if image.has_transparency_data:
        on = Image.new("RGBA", image.size, "white")
        on.alpha_composite(image.convert("RGBA"))
        return on.convert("RGB")
    if image.mode.startswith("I"):  # 16 bits of grey
        return image.point(lambda value: value / 256).convert("L").convert("RGB")
    return image.convert("RGB")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """A phone's wide colours would look dull without its profile, which is not kept."""
    if not profile:
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, *_DAMAGE):  # of another kind of picture, or damaged
        return image
    return converted or image


def _picture(image: Image.Image) -> Picture:
    return Picture(image.width, image.height, image.tobytes())


def _image(picture: Picture) -> Image.Image:
    return Image.frombytes("RGB", (picture.width, picture.height), picture.rgb)


def _jpeg(image: Image.Image) -> bytes:
    bare = Image.frombytes("RGB", image.size, image.tobytes())  # Pillow would write what `info` holds
    out = io.BytesIO()
    try:
        bare.save(out, "JPEG", quality=_QUALITY, subsampling=0, optimize=True)
    except OSError:  # Pillow's buffer is one byte a pixel where it optimises: gravel or noise takes more
        out = io.BytesIO()
        bare.save(out, "JPEG", quality=_QUALITY, subsampling=0)
    return out.getvalue()


def _looks_like_one(data: bytes) -> bool:
    return data.startswith(_BEGINNINGS) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")


def _too_large() -> KnownError:
    return KnownError(
        "picture-too-large",
        _("Cette photo est trop grande."),
        _("Prenez-la en définition normale, ou faites-en une capture d'écran."),
    )


def _damaged() -> KnownError:
    return KnownError(
        "picture-damaged",
        _("Cette photo est incomplète ou endommagée."),
        _("Copiez-la de nouveau depuis l'appareil, ou prenez-en une autre."),
    )


def _no_picture() -> KnownError:
    return KnownError(
        "not-a-picture",
        _("Ce fichier n'est pas une photo, quel que soit son nom."),
        _("Choisissez un fichier JPEG, PNG, WebP ou BMP."),
    )
