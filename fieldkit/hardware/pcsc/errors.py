"""What a PC/SC code means for the person in front of the reader: what happened, and what to do.

Code, name: pcsclite.h and winscard.h. A code that is not in the table is still named by its number.
"""

from __future__ import annotations

import platform
from dataclasses import dataclass, replace
from typing import Final, Literal

from fieldkit.i18n import N_, _

System = Literal["windows", "macos", "linux"]

SUCCESS: Final = 0
CANCELLED: Final = 0x80100002
INVALID_HANDLE: Final = 0x80100003
UNKNOWN_READER: Final = 0x80100009
TIMEOUT: Final = 0x8010000A
SHARING_VIOLATION: Final = 0x8010000B
COMM_ERROR: Final = 0x80100013
READER_UNAVAILABLE: Final = 0x80100017
NO_SERVICE: Final = 0x8010001D
SERVICE_STOPPED: Final = 0x8010001E
NO_READERS: Final = 0x8010002E
UNRESPONSIVE_CARD: Final = 0x80100066
SECURITY_VIOLATION: Final = 0x8010006A


@dataclass(frozen=True, slots=True)
class Fault:
    """A PC/SC code, told: its `name` in the PC/SC header, and in the language in use the rest."""

    code: int
    name: str
    message: str
    hint: str

    def as_dict(self) -> dict[str, str]:
        """`{code, name, message, hint}`, the code as `0x8010001D`."""
        return {"code": f"0x{self.code:08X}", "name": self.name, "message": self.message, "hint": self.hint}


@dataclass(frozen=True, slots=True)
class _Row:
    """`hint` serves every system that has no hint of its own."""

    name: str
    message: str
    hint: str
    windows: str = ""
    macos: str = ""
    linux: str = ""

    def hint_for(self, system: System) -> str:
        own = {"windows": self.windows, "macos": self.macos, "linux": self.linux}[system]
        return own or self.hint


_REPLUG: Final = N_("Débranchez le lecteur, attendez quelques secondes, puis rebranchez-le.")
_REINSERT: Final = N_("Retirez la carte, puis insérez-la à fond, la puce vers le lecteur.")
_NOTHING: Final = N_("Rien à faire : l'opération peut être relancée.")
_CLOSE_OTHERS: Final = N_(
    "Fermez le logiciel qui utilise le lecteur (facturation, gestion des lecteurs, navigateur) et réessayez."
)
_TRY_ANOTHER_CARD: Final = N_(
    "Essayez une autre carte : si elle est lue, c'est la première qui est en cause."
)

_TABLE: Final[dict[int, _Row]] = {
    CANCELLED: _Row("SCARD_E_CANCELLED", N_("L'attente a été interrompue."), _NOTHING),
    0x80100008: _Row(
        "SCARD_E_INSUFFICIENT_BUFFER",
        N_("Le pilote du lecteur a donné une réponse trop longue."),
        N_("Mettez à jour le pilote du lecteur."),
        linux=N_("Mettez à jour le paquet libccid ou le pilote du lecteur."),
    ),
    UNKNOWN_READER: _Row(
        "SCARD_E_UNKNOWN_READER", N_("Le système ne connaît plus ce lecteur : il a été débranché."), _REPLUG
    ),
    TIMEOUT: _Row("SCARD_E_TIMEOUT", N_("Rien ne s'est passé dans le temps prévu."), _NOTHING),
    SHARING_VIOLATION: _Row(
        "SCARD_E_SHARING_VIOLATION", N_("Un autre programme tient le lecteur."), _CLOSE_OTHERS
    ),
    0x8010000C: _Row("SCARD_E_NO_SMARTCARD", N_("Il n'y a pas de carte dans le lecteur."), _REINSERT),
    0x8010000F: _Row(
        "SCARD_E_PROTO_MISMATCH",
        N_("La carte et le lecteur n'ont pas de protocole commun."),
        _TRY_ANOTHER_CARD,
    ),
    0x80100010: _Row("SCARD_E_NOT_READY", N_("Le lecteur n'est pas prêt."), _REPLUG),
    COMM_ERROR: _Row(
        "SCARD_F_COMM_ERROR",
        N_("La liaison avec le service de cartes à puce est coupée : il s'est arrêté ou redémarre."),
        N_("Attendez quelques secondes. Si rien ne revient, redémarrez l'ordinateur."),
        linux=N_("Attendez quelques secondes. Si rien ne revient : sudo systemctl restart pcscd"),
    ),
    READER_UNAVAILABLE: _Row("SCARD_E_READER_UNAVAILABLE", N_("Le lecteur n'est pas disponible."), _REPLUG),
    NO_SERVICE: _Row(
        "SCARD_E_NO_SERVICE",
        N_("Le service de cartes à puce ne répond pas."),
        _REPLUG,
        windows=N_(
            "Si aucun lecteur n'a jamais été branché sur ce poste, c'est normal : branchez-en un. "
            "Sinon, ouvrez « Services » et démarrez « Carte à puce »."
        ),
        macos=N_("Débranchez puis rebranchez le lecteur. Si rien ne change, redémarrez le Mac."),
        linux=N_("Démarrez-le : sudo systemctl start pcscd"),
    ),
    SERVICE_STOPPED: _Row(
        "SCARD_E_SERVICE_STOPPED",
        N_("Le service de cartes à puce s'est arrêté."),
        _REPLUG,
        windows=N_(
            "Windows l'arrête de lui-même quand le dernier lecteur est débranché : rebranchez le lecteur. "
            "Si rien ne change, ouvrez « Services » et démarrez « Carte à puce »."
        ),
        linux=N_("Redémarrez-le : sudo systemctl start pcscd"),
    ),
    0x8010001F: _Row(
        "SCARD_E_UNEXPECTED",
        N_("Le service de cartes à puce a rencontré une erreur imprévue."),
        N_("Débranchez puis rebranchez le lecteur. Si l'erreur revient, redémarrez l'ordinateur."),
    ),
    NO_READERS: _Row(
        "SCARD_E_NO_READERS_AVAILABLE",
        N_("Aucun lecteur n'est visible."),
        N_("Branchez le lecteur directement sur l'ordinateur, sans passer par un clavier ou un écran."),
        windows=N_(
            "Branchez le lecteur directement sur l'ordinateur. S'il l'est déjà, vérifiez son pilote "
            "dans le Gestionnaire de périphériques."
        ),
        macos=N_(
            "Branchez le lecteur directement sur le Mac, et répondez « Autoriser » si le Mac demande "
            "s'il peut se connecter à l'accessoire."
        ),
        linux=N_(
            "Branchez le lecteur directement sur l'ordinateur. S'il l'est déjà, vérifiez que le paquet "
            "libccid est installé et assez récent pour ce modèle."
        ),
    ),
    0x8010002F: _Row("SCARD_E_COMM_DATA_LOST", N_("La communication avec le lecteur a été coupée."), _REPLUG),
    0x80100065: _Row(
        "SCARD_W_UNSUPPORTED_CARD", N_("Le lecteur ne sait pas parler à cette carte."), _TRY_ANOTHER_CARD
    ),
    UNRESPONSIVE_CARD: _Row(
        "SCARD_W_UNRESPONSIVE_CARD",
        N_("La carte ne répond pas."),
        N_("Retournez la carte et insérez-la à fond. Si rien ne change, essayez une autre carte."),
    ),
    0x80100067: _Row("SCARD_W_UNPOWERED_CARD", N_("La carte n'est plus alimentée."), _REINSERT),
    0x80100068: _Row("SCARD_W_RESET_CARD", N_("Un autre programme a réinitialisé la carte."), _CLOSE_OTHERS),
    0x80100069: _Row("SCARD_W_REMOVED_CARD", N_("La carte a été retirée."), _REINSERT),
    SECURITY_VIOLATION: _Row(
        "SCARD_W_SECURITY_VIOLATION",
        N_("Le système refuse l'accès aux lecteurs."),
        N_("Demandez à la personne qui administre le poste d'autoriser l'accès aux lecteurs de cartes."),
        linux=N_(
            "Ouvrez une session sur le poste lui-même, ou demandez à la personne qui l'administre "
            "une règle polkit pour pcscd."
        ),
    ),
}

CODES: Final = tuple(_TABLE)
"""All codes with words of their own."""

_NAMES: Final = {
    0x80100001: "SCARD_F_INTERNAL_ERROR",
    0x80100003: "SCARD_E_INVALID_HANDLE",
    0x80100004: "SCARD_E_INVALID_PARAMETER",
    0x80100005: "SCARD_E_INVALID_TARGET",
    0x80100006: "SCARD_E_NO_MEMORY",
    0x80100007: "SCARD_F_WAITED_TOO_LONG",
    0x8010000D: "SCARD_E_UNKNOWN_CARD",
    0x8010000E: "SCARD_E_CANT_DISPOSE",
    0x80100011: "SCARD_E_INVALID_VALUE",
    0x80100012: "SCARD_E_SYSTEM_CANCELLED",
    0x80100014: "SCARD_F_UNKNOWN_ERROR",
    0x80100015: "SCARD_E_INVALID_ATR",
    0x80100016: "SCARD_E_NOT_TRANSACTED",
    0x80100018: "SCARD_P_SHUTDOWN",
    0x80100019: "SCARD_E_PCI_TOO_SMALL",
    0x8010001A: "SCARD_E_READER_UNSUPPORTED",
    0x8010001B: "SCARD_E_DUPLICATE_READER",
    0x8010001C: "SCARD_E_CARD_UNSUPPORTED",
    0x80100020: "SCARD_E_ICC_INSTALLATION",
    0x80100021: "SCARD_E_ICC_CREATEORDER",
    0x80100022: "SCARD_E_UNSUPPORTED_FEATURE",
    0x80100023: "SCARD_E_DIR_NOT_FOUND",
    0x80100024: "SCARD_E_FILE_NOT_FOUND",
    0x80100025: "SCARD_E_NO_DIR",
    0x80100026: "SCARD_E_NO_FILE",
    0x80100027: "SCARD_E_NO_ACCESS",
    0x80100028: "SCARD_E_WRITE_TOO_MANY",
    0x80100029: "SCARD_E_BAD_SEEK",
    0x8010002A: "SCARD_E_INVALID_CHV",
    0x8010002B: "SCARD_E_UNKNOWN_RES_MNG",
    0x8010002C: "SCARD_E_NO_SUCH_CERTIFICATE",
    0x8010002D: "SCARD_E_CERTIFICATE_UNAVAILABLE",
    0x80100030: "SCARD_E_NO_KEY_CONTAINER",
    0x80100031: "SCARD_E_SERVER_TOO_BUSY",
    0x8010006B: "SCARD_W_WRONG_CHV",
    0x8010006C: "SCARD_W_CHV_BLOCKED",
    0x8010006D: "SCARD_W_EOF",
    0x8010006E: "SCARD_W_CANCELLED_BY_USER",
    0x8010006F: "SCARD_W_CARD_NOT_AUTHENTICATED",
}
"""The other codes of the header: named, with the words of `_OTHER`."""
KNOWN_CODES: Final = (*CODES, *_NAMES)
"""All codes of the header."""

_OTHER: Final = _Row(
    "UNKNOWN",
    N_("Le service de cartes à puce a répondu par un code inconnu."),
    N_("Débranchez puis rebranchez le lecteur. Si le code revient, notez-le pour le support."),
)
_ABSENT: Final = _Row(
    "ABSENT",
    N_("Aucun service de cartes à puce n'est installé sur cet ordinateur."),
    N_("Réinstallez l'application ; si rien ne change, signalez-le au support."),
    linux=N_("Installez-le : sudo apt install pcscd"),
)


def explain(code: int, system: System | None = None) -> Fault:
    """What the PC/SC `code` means and what to do about it on `system`, by default this computer's."""
    code &= 0xFFFFFFFF
    row = _TABLE.get(code) or replace(_OTHER, name=_NAMES.get(code, _OTHER.name))
    return _told(code, row, system)


def explain_absence(system: System | None = None) -> Fault:
    """What to do where PC/SC is not installed at all."""
    return _told(NO_SERVICE, _ABSENT, system)


def _told(code: int, row: _Row, system: System | None) -> Fault:
    return Fault(code, row.name, _(row.message), _(row.hint_for(system or this_system())))


def this_system() -> System:
    """The family of systems this computer belongs to; what is neither Windows nor macOS counts as Linux."""
    known: dict[str, System] = {"Windows": "windows", "Darwin": "macos"}
    return known.get(platform.system(), "linux")
