"""`make demo`: a delegate's whole visit, unattended, on real parts.

A real window on a virtual screen driven by real key events, a real pcscd with a virtual bi-slot reader, a registry
in a process of its own. Prints a line per step, and leaves pictures, report and summary in build/demo.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from PySide6.QtGui import QImage

from fieldkit.hardware.scanner.decode import decode
from fieldkit.services import registry as service
from tests.e2e.person import Person
from tests.e2e.screen import Screen, virtual_screen
from tests.e2e.service import ROOT, fieldkit, registry
from tests.hardware.virtual_pcscd import VirtualPcscd, virtual_pcscd

OUT = ROOT / "build" / "demo"
CPS3 = bytes.fromhex("3BAC00402A001225006480000310009000")
VITALE2 = bytes.fromhex("3B751300004509EA9000")
PARTS = {"note": "notes", "obstacle": "obstacles", "follow_up": "follow_ups", "test_run": "test_runs"}
SECOND_NOTE = "Le secrétariat rappelle : passage en addendum 8 prévu jeudi"


class Demo:
    """The parts that run, and what the delegate does with them."""

    def __init__(self, place: Path, parts: ExitStack) -> None:
        self.parts = parts
        self.profile = place / "profile"
        self.profile.mkdir()
        self.passphrase = place / "passphrase"
        self.passphrase.write_text("bruyère et genêt", encoding="utf-8")
        self.screen: Screen = parts.enter_context(virtual_screen(OUT / "xvfb.log"))
        self.screen.layout("fr")
        self.pcscd: VirtualPcscd = parts.enter_context(virtual_pcscd(OUT))
        self.data = place / "registry"
        self.registry: str = parts.enter_context(registry(self.data, OUT / "registry.log"))
        self.token = self._registry("token", "create", "--user", "demo", "--scope", "dept:72")["token"]
        self.person: Person
        self.visit = ""
        self.pictures = 0

    def steps(self) -> list[tuple[str, Callable[[], str]]]:
        """What is done, in order; each gives a word of what was seen, or raises."""
        return [
            ("catalogue", self.look_a_product_up),
            ("visit", self.begin_a_visit),
            ("readers", self.try_the_card_readers),
            ("scanner", self.try_the_scanner),
            ("verdict", self.reach_a_verdict),
            ("report", self.finalise_and_report),
            ("sync", self.send_to_the_registry),
            ("kill", self.survive_a_power_cut),
        ]

    def look_a_product_up(self) -> str:
        """The window opens; a product is found by typing, and its card read."""
        self.start_the_app()
        self.person.sees("404")  # the national figures are there
        self.person.sees("2 fentes")
        self.picture("tableau-de-bord")
        self.person.keys("ctrl+k")
        self.person.type("medi+4000")
        self.person.sees("Medi+4000", "Cegedim")
        self.picture("recherche")
        self.person.keys("Return")
        seen = self.person.sees("Medi+4000", "mind Health", "Présentation")
        self.picture("fiche")
        assert "01/2024" in seen, "the card does not show its date"
        return "Medi+4000, sa source et sa date"

    def begin_a_visit(self) -> str:
        """A practice with its numbers, one workstation with its facts."""
        person = self.person
        person.keys("F2")
        person.sees("Aucune visite")
        person.keys("ctrl+n")
        for control, text in (
            ("newVisitName", "Cabinet des Tilleuls"),
            ("newVisitRpps", "10003456786"),
            ("newVisitFiness", "750100125"),
            ("newVisitDepartment", "72"),
            ("newVisitCity", "Le Mans"),
        ):
            person.fills(control, text)
        self.picture("nouvelle-visite")
        person.keys("Return")
        person.sees("Visites précédentes")
        person.fills("visitDelegate", "Camille Roussel")
        (visit,) = self._profile("visit", "list")["visits"]
        self.visit = visit["id"]
        person.keys("alt+2")
        person.activates("addFirstWorkstation")
        person.fills("workstationName", "Accueil")
        person.picks("workstationOs", "Windows")
        person.picks("workstationInternet", "Oui")
        person.fills("workstationSoftware", "Medi+4000")
        person.picks("workstationAddendum", "Addendum 7")
        person.fills("workstationCardReader", "KAPELSE KAP-GO")
        person.picks("workstationCardReaderKind", "Terminal (TL) bi-mode")
        person.fills("workstationCardReaderVersion", "04.00")
        person.picks("workstationCardReaderPcsc", "Activé")
        person.picks("workstationProCard", "CPS3")
        person.fills("workstationQrReader", "Douchette USB")
        person.picks("workstationQrReaderMode", "Clavier")
        expected = {
            **{"name": "Accueil", "os": "windows", "internet": "yes", "software": "Medi+4000", "addendum": 7},
            **{"card_reader": "KAPELSE KAP-GO", "card_reader_kind": "tl-bimode"},
            **{"card_reader_version": "04.00", "card_reader_pcsc": "active", "pro_card": "cps3"},
            **{"qr_reader": "Douchette USB", "qr_reader_mode": "keyboard"},
        }
        person.wait_for("the workstation on disk", lambda: expected.items() <= self._workstation().items())
        self.picture("poste")
        return f"{len(expected)} faits enregistrés"

    def try_the_card_readers(self) -> str:
        """Two cards go in, are recognised live, and one goes out."""
        person = self.person
        with self.pcscd.card(0) as cps, self.pcscd.card(1) as vitale:
            person.keys("F5")
            person.sees("KAP-GO")
            cps.insert(CPS3)
            person.sees("CPS3")
            vitale.insert(VITALE2)
            person.sees("Vitale 2")
            self.picture("lecteurs")
            self._keep_readers()
            vitale.remove()
            person.wait_for(
                "the empty slot", lambda: not any("Carte Vitale 2 :" in t for t in person.texts())
            )
            self.picture("lecteurs-retrait")
            assert not cps.commands, "a command reached the CPS"
            assert not vitale.commands, "a command reached the Vitale"
        return "CPS3 et Vitale 2 reconnues, retrait vu, aucune commande envoyée aux cartes"

    def try_the_scanner(self) -> str:
        """A scanner set to QWERTY types into an AZERTY computer; then one that is set right."""
        person = self.person
        person.keys("F6")
        person.reaches("keyCapture")
        code = person.wait_for("the test code", self._code_on_screen)
        self.screen.press("us", code + "\r")
        person.sees("QWERTY")
        person.sees("Keyboard country")
        self.picture("scanner-qwerty")
        person.reaches("keyCapture")
        code = person.wait_for("the test code", self._code_on_screen)
        self.screen.press("fr-linux", code + "\r")
        seen = person.sees("arrive intact")
        self.picture("scanner-bon")
        self._keep_scanner()
        return seen

    def reach_a_verdict(self) -> str:
        """The verdict with its reasons, a note and an obstacle."""
        person = self.person
        person.keys("F2")
        person.sees("Cabinet des Tilleuls")
        person.keys("alt+4")
        person.sees("Le plus court chemin")
        self.picture("verdict")
        (found,) = self._profile("verdict", self.visit)["workstations"]
        assert found["apcv"] == "not-yet", found["apcv"]
        assert found["shortest_path"], "no way to ready is given"
        person.keys("alt+5")
        person.fills("noteText", "Très bon accueil. L'éditeur annonce l'addendum 8 pour jeudi.")
        person.picks("obstacleTheme", "Identité nationale de santé (INS)")
        person.picks("obstacleGravity", "Gêne réelle")
        person.fills("obstacleText", "La recherche INSi prend une minute le matin.")
        person.wait_for("note and obstacle on disk", self._noted)
        self.picture("irritants-et-notes")
        person.keys("alt+6")
        person.fills("followUpText", "Installer la version avec l'addendum 8")
        person.picks("followUpWho", "Éditeur")
        person.fills("followUpBy", "10/12/2026")
        person.wait_for("the action on disk", lambda: self._shown()["follow_ups"])
        self.picture("suites")
        return f"pas encore prêt, {len(found['shortest_path'])} changements"

    def finalise_and_report(self) -> str:
        """The visit is frozen, and its PDF saved where the delegate says."""
        person = self.person
        out = OUT / "report.pdf"
        person.keys("alt+7")
        person.activates("finaliseVisit")
        person.reaches("finaliseConfirm")
        self.picture("finaliser")
        person.activates("finaliseConfirm")
        person.wait_for("the frozen visit", lambda: self._shown()["state"] == "waiting")
        person.activates("saveReport")
        person.wait_for("the file dialog", lambda: person.find(kind="QFileDialog"))
        person.take_keyboard()
        person.keys("ctrl+a")
        person.type(str(out))
        person.keys("Return")
        person.wait_for("the report", out.exists)
        person.take_keyboard()
        person.sees("compte rendu est prêt")
        self.picture("compte-rendu")
        assert out.read_bytes().startswith(b"%PDF-"), "the report is not a PDF"
        return f"report.pdf, {out.stat().st_size // 1024} Ko"

    def send_to_the_registry(self) -> str:
        """Everything is pushed, and read back from the registry field by field."""
        person = self.person
        person.keys("F7")
        person.fills("registryUrl", self.registry)
        person.fills("registryToken", self.token)
        person.keys("Return")
        person.sees("Modifier")
        person.keys("ctrl+s")
        person.sees("Tout est envoyé")
        self.picture("synchro")
        assert self._profile("sync", "status")["waiting"] == []
        assert self._shown()["state"] == "sent"
        compared = 0
        for kind, records in self._records().items():
            held = service.show(kind, data=self.data)["items"]  # as `registry show` tells it
            there = {item["id"]: item["fields"] for item in held}
            for record in records:
                for name in record.keys() - {"id"}:
                    assert there[record["id"]][name] == record[name], f"{kind}.{name} differs on the registry"
                    compared += 1
        return f"{compared} champs relus sur le registre, tous égaux"

    def survive_a_power_cut(self) -> str:
        """The app dies while a second note is typed; the note is there at the next start."""
        person = self.person
        person.keys("F2")
        person.sees("Lecture seule")
        person.keys("ctrl+n")
        person.fills("newVisitName", "Pharmacie du Port")
        person.fills("newVisitDepartment", "72")
        person.keys("Return")
        person.sees("Tout est enregistré")  # the visit is open, not only its name typed
        person.keys("alt+5")
        person.reaches("noteText")
        person.type(SECOND_NOTE)
        person.sees("Tout est enregistré")  # the promise
        person.type(" à")
        person.kill()
        self.start_the_app()
        self.person.keys("F2")
        self.person.sees("Pharmacie du Port")
        self.person.reaches("visitsTable")
        self.person.keys("Home", "Return")
        self.person.sees("Tout est enregistré")
        self.person.keys("alt+5")
        self.person.sees(SECOND_NOTE)
        self.picture("apres-coupure")
        return "la note est là, au dernier mot"

    def start_the_app(self) -> None:
        """Start the app on the demo's profile."""
        self.person = Person(self.screen, self.profile, self.passphrase, OUT / "app.log")
        self.parts.enter_context(self.person)

    def picture(self, name: str) -> None:
        """Keep what the screen shows, in the order in which it was seen."""
        self.pictures += 1
        self.person.picture(OUT / f"{self.pictures:02d}-{name}.png")

    def _code_on_screen(self) -> str | None:
        """The text of the test code, read from the screen as a scanner reads it."""
        shot = OUT / "screen.png"
        self.person.picture(shot)
        image = QImage(str(shot)).convertToFormat(QImage.Format.Format_Grayscale8)
        width, height = image.bytesPerLine(), image.height()
        shot.unlink()
        return next(
            (code.text for code in decode(bytes(image.constBits()), width, height) if code.text), None
        )

    def _keep_readers(self) -> None:
        self.person.activates("attachReaders")
        self.person.wait_for("the reader test on disk", lambda: len(self._shown()["test_runs"]) == 1)

    def _keep_scanner(self) -> None:
        self.person.keys("Escape")  # the zone takes every key but this one
        self.person.activates("attachScanner")
        self.person.wait_for("the scanner test on disk", lambda: len(self._shown()["test_runs"]) == 2)

    def _noted(self) -> bool:
        shown = self._shown()
        wanted = {"theme": "ins", "text": "La recherche INSi prend une minute le matin."}
        return (
            any(note["text"].endswith("pour jeudi.") for note in shown["notes"])
            and any(wanted.items() <= obstacle.items() for obstacle in shown["obstacles"])
            and all(obstacle.get("gravity") for obstacle in shown["obstacles"])
        )

    def _records(self) -> dict[str, list[dict[str, Any]]]:
        """Every record of the visit as the laptop has it, by type."""
        shown = self._shown()
        practice = self._profile("practice", "show", shown["practice"]["id"])
        own = {name: shown[name] for name in ("id", "date", "delegate", "finalised_at")}
        snapshot = {name: shown[name] for name in ("practice", "workstations", "verdict")}
        return {
            "visit": [{**own, "snapshot": snapshot, "state": "finalised"}],
            "practice": [{k: v for k, v in practice.items() if not isinstance(v, list)}],
            "workstation": practice["workstations"],
            **{kind: shown[listed] for kind, listed in PARTS.items()},
        }

    def _workstation(self) -> dict[str, Any]:
        return next(iter(self._shown()["workstations"]), {})

    def _shown(self) -> dict[str, Any]:
        return dict(self._profile("visit", "show", self.visit))

    def _profile(self, *arguments: str) -> Any:
        place = {"FIELDKIT_PROFILE": str(self.profile), "FIELDKIT_PASSPHRASE_FILE": str(self.passphrase)}
        return fieldkit(*arguments, **place)

    def _registry(self, *arguments: str) -> Any:
        return fieldkit("registry", *arguments, "--data", str(self.data))


def main() -> int:
    """Run the steps; 0 only if all are true."""
    OUT.mkdir(parents=True, exist_ok=True)
    for old in OUT.iterdir():
        old.unlink() if old.is_file() else None
    results: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="fieldkit-demo-") as place, ExitStack() as parts:
        demo = Demo(Path(place), parts)
        for name, step in demo.steps():
            results.append(_run(name, step))
            if not results[-1]["ok"]:
                _look_at_failure(demo)
                break
        ok = all(result["ok"] for result in results) and len(results) == len(demo.steps())
        summary = {"ok": ok, "steps": results}
        (OUT / "summary.json").write_text(json.dumps(summary, ensure_ascii=False, indent=2), encoding="utf-8")
        print(f"Pictures, report and summary: {OUT}")
        if "--keep-open" in sys.argv:
            _keep_open(demo)
    return 0 if ok else 1


def _run(name: str, step: Callable[[], str]) -> dict[str, Any]:
    start = time.perf_counter()
    try:
        ok, detail = True, step()
    except Exception as error:  # noqa: BLE001  a step's border: whatever went wrong is this step's ✘
        ok, detail = False, f"{type(error).__name__}: {error}"
    ms = round((time.perf_counter() - start) * 1000)
    print(f"{'✔' if ok else '✘'} {name:10} {ms / 1000:6.1f} s  {detail}", flush=True)
    return {"name": name, "ok": ok, "ms": ms, "detail": detail}


def _look_at_failure(demo: Demo) -> None:
    try:
        demo.person.picture(OUT / "failure.png")
    except (AssertionError, AttributeError, OSError):
        print("no picture of the failure: the app is gone", file=sys.stderr)


def _keep_open(demo: Demo) -> None:
    """Leave the demo's profile, readers and registry to a person, until the window is closed."""
    display = os.environ.get("DISPLAY")
    if display is None:
        print(f"The window stays on display {demo.screen.display} until Ctrl+C.")
        demo.person.wait_until_closed()
        return
    demo.person.close()
    place = ["--profile", str(demo.profile), "--passphrase-file", str(demo.passphrase)]
    subprocess.run([sys.executable, "-m", "fieldkit", *place], cwd=ROOT, check=False)


if __name__ == "__main__":
    sys.exit(main())
