"""The diagnosis as plain text, to paste into a message: no serial number, of a reader or of anyone's card."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from fieldkit import __version__
from fieldkit.i18n import N_, _, ngettext
from fieldkit.reports import wording

if TYPE_CHECKING:
    from fieldkit.services.reader_identity import Identity

SEVERITIES: Final = {"error": N_("À corriger"), "warning": N_("À vérifier"), "info": N_("À savoir")}
"""What to do about a finding, in a word."""
NOT_TOLD: Final = N_("non communiqué")
NOT_TOLD_HER: Final = N_("non communiquée")

_INTERFACES: Final = {
    "contact": N_("à contact"),
    "contactless": N_("sans contact"),
    "sam": N_("module SAM"),
    "unknown": N_("type non communiqué"),
}


def heading(words: str) -> str:
    """The first line: `words` with the app's `{version}` and `{now}` in it."""
    now = dt.datetime.now().strftime("%d/%m/%Y %H:%M")  # noqa: DTZ005  the clock on the delegate's wall
    return words.format(version=__version__, now=now)


def owner(finding: Mapping[str, str]) -> str:
    """Who is to do it, in a word."""
    return wording.word(wording.OWNERS, finding["owner"])


def identity_text(who: Identity | None) -> str:
    """Model, USB id, firmware and serial number of a reader, each told or said not to be."""
    if who is None or who.label is None:
        return _(NOT_TOLD)
    usb = _usb_text(who.vid_pid, who.vid_pid_from)
    if who.firmware is None and who.serial is None:
        return "\n".join((who.label, usb, _("version et n° de série non communiqués")))
    firmware = _("version {firmware}").format(firmware=who.firmware or _(NOT_TOLD_HER))
    serial = _("n° de série {serial}").format(serial=who.serial or _(NOT_TOLD))
    return "\n".join((who.label, usb, f"{firmware}, {serial}"))


def _usb_text(vid_pid: str | None, told_by: str | None) -> str:
    """A USB id, seen or only concluded from the reader's name."""
    usb = _("USB {vid_pid}").format(vid_pid=vid_pid or _(NOT_TOLD))
    return _("{usb} d'après le modèle").format(usb=usb) if told_by == "model" else usb


def bench_lines(bench: Mapping[str, Any]) -> Iterator[str]:
    """The slots of `readers.bench_json`, one after the other."""
    if bench["fault"]:
        yield "{message} {hint}".format(**bench["fault"])
    elif not bench["readers"]:
        yield _("Aucun lecteur n'est visible.")
    for slot in bench["readers"]:
        place = _("{reader}, fente {number}").format(reader=slot["name"], number=slot["slot"] + 1)
        interface: str = slot["interface"]
        kind = _(_INTERFACES[interface]) + (", " + _("virtuel") if slot["virtual"] else "")
        yield f"- {place} ({kind}) : {slot['state_text']}"
        firmware = _("version {firmware}").format(firmware=slot["firmware"] or _(NOT_TOLD_HER))
        yield f"  {_usb_text(slot['vid_pid'], slot['vid_pid_from'])}, {firmware}"
        if slot["atr_text"]:
            yield f"  ATR {slot['atr_text']}"
        seen = ngettext("{n} insertion vue", "{n} insertions vues", slot["insertions"])
        yield "  " + seen.format(n=slot["insertions"])


def finding_lines(diagnosis: Mapping[str, Any]) -> Iterator[str]:
    """The findings of `Diagnosis.as_dict`, the gravest first, and what could not be checked."""
    if not diagnosis["findings"]:
        yield _("Rien à signaler.")
    for number, finding in enumerate(diagnosis["findings"], start=1):
        yield f"{number}. {_(SEVERITIES[finding['severity']])} : {finding['title']}"
        yield f"   {finding['evidence']}"
        yield f"   → {finding['remedy']} ({owner(finding)})"
        if finding["source"]:
            yield "   " + _("Source : {source}").format(source=finding["source"])
    if diagnosis["unchecked"]:
        yield _("Non vérifié sur ce poste : {what}.").format(what=", ".join(diagnosis["unchecked"]))


def whole(found: Mapping[str, Mapping[str, Any]]) -> str:
    """All sections of `diagnose.diagnose`; one that failed says so."""
    lines = [heading(_("Fieldkit {version}, diagnostic du poste, {now}"))]
    for name, (title, render) in _SECTIONS.items():
        if name in found:
            lines += ["", _(title), *_section(found[name], render)]
    return "\n".join(lines)


def _section(section: Mapping[str, Any], render: Callable[[Any], Iterator[str]]) -> Iterator[str]:
    if section["ok"]:
        yield from render(section["found"])
    else:
        message = section["error"]["message"]
        yield _("Cette partie n'a pas pu être examinée ({message}).").format(message=message)


def _system(found: Mapping[str, str]) -> Iterator[str]:
    yield "{os}, {os_version}, {machine}".format(**found)


def _scanners(found: Mapping[str, Any]) -> Iterator[str]:
    if not found["listed"]:
        yield _("Les périphériques USB ne sont pas communiqués par ce système.")
    elif not found["scanners"]:
        yield _("Aucun lecteur de QR code connu sur USB.")
    for scanner in found["scanners"]:
        yield "- " + " ".join(filter(None, (scanner["maker"], scanner["model"], scanner["vid_pid"])))


def _components(found: list[Mapping[str, Any]]) -> Iterator[str]:
    if not found:
        yield _("Aucun composant santé trouvé aux emplacements connus.")
    for component in found:
        version = component["version"] or _("version inconnue")
        yield f"- {component['component']}, {version} {component['path']}".rstrip()


def _app(found: Mapping[str, str]) -> Iterator[str]:
    yield "Fieldkit {version}, Python {python}".format(**found)


def _database(found: Mapping[str, Any]) -> Iterator[str]:
    size = _("{n} ko").format(n=found["bytes"] // 1024)
    yield size if found["present"] else _("Aucune donnée de terrain ici.")


def _catalogue(found: Mapping[str, str]) -> Iterator[str]:
    yield _("Catalogue au {date}").format(date="/".join(reversed(found["as_of"].split("-"))))


_SECTIONS: Final[dict[str, tuple[str, Callable[[Any], Iterator[str]]]]] = {
    "system": (N_("Système"), _system),
    "readers": (N_("Lecteurs de cartes"), bench_lines),
    "reader_diagnosis": (N_("Diagnostic des lecteurs"), finding_lines),
    "scanners": (N_("Lecteurs de QR code"), _scanners),
    "components": (N_("Composants santé"), _components),
    "app": (N_("Application"), _app),
    "database": (N_("Données de terrain"), _database),
    "catalogue": (N_("Catalogue"), _catalogue),
}
