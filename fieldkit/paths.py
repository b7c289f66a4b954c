"""Where things are: what travels with the app, and what belongs to one delegate."""

from __future__ import annotations

import os
from pathlib import Path

from fieldkit.errors import KnownError

_PACKAGE = Path(__file__).resolve().parent


def resource(*parts: str) -> Path:
    """A file or folder of `resources/`: beside the package in a checkout, inside it elsewhere."""
    inside = _PACKAGE / "resources"
    root = inside if inside.is_dir() else _PACKAGE.parent / "resources"
    return root.joinpath(*parts)


def named(variable: str) -> Path | None:
    """The file or folder that an environment variable names; None where it names nothing."""
    value = os.environ.get(variable)
    return Path(value) if value else None


def default_profile() -> Path:
    """The folder that holds everything of one delegate, where the system wants such folders."""
    import platformdirs

    return platformdirs.user_data_path("fieldkit", appauthor=False)


def replace_file(file: Path, content: bytes) -> None:
    """Put `content` at `file`, whole and on the disk, or leave what is there. Raises OSError."""
    import tempfile

    handle, name = tempfile.mkstemp(prefix=f".{file.name}.", suffix=".new", dir=file.parent)
    aside = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        aside.replace(file)
    finally:
        aside.unlink(missing_ok=True)


def ensure_folder(folder: Path) -> Path:
    """Make `folder` (for its owner only) if it is missing.

    Raises KnownError `profile-unusable` where a file stands in the way or rights are missing.
    """
    from fieldkit.i18n import _

    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise KnownError(
            "profile-unusable",
            _("Le dossier du profil ne peut pas être créé : {folder}").format(folder=folder),
            _("Choisissez un autre dossier avec --profile, ou vérifiez vos droits sur celui-ci."),
        ) from error
    return folder
