"""The lock files name packages and hashes, and no place to get them from: each machine has its own."""

import json
import re
from importlib.metadata import distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock")
# Markers may hold "://" nowhere, a URL requirement has " @ ", options begin with "--" (a hash stands indented).
_PLACES = re.compile(r"://|^file:| @ |^-|^\s+--(?!hash=sha256:)")


def blocks(name: str) -> list[str]:
    """The requirements of a lock file, each with its hashes."""
    text = (ROOT / name).read_text()
    assert text.strip()
    return re.split(r"\n(?=\S)", text.strip())


@pytest.mark.parametrize("name", LOCKS)
def test_a_python_lock_names_no_place(name):
    assert [line for line in (ROOT / name).read_text().splitlines() if _PLACES.search(line)] == []


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_python_package_has_a_version_and_hashes(name):
    assert [
        block for block in blocks(name) if not re.match(r"[a-z0-9._-]+(\[[a-z, ]+\])?==\S+ .*--hash=sha256:[0-9a-f]{64}", block, re.DOTALL)
    ] == []


def test_what_is_asked_for_is_locked():
    for name in LOCKS:
        locked = {re.split(r"[\[=]", block)[0] for block in blocks(name)}
        asked = {
            re.split(r"[\[~=<>!;]", line)[0].strip().lower()
            for line in (ROOT / name.replace(".lock", ".in")).read_text().splitlines()
            if line and not line.startswith(("#", "-"))
        }
        assert asked - locked == set(), name


def test_what_a_package_asks_for_with_an_extra_is_locked_with_it():
    """pip would take the newest version for the extra, beside the locked one, and refuse both: a lock breaks by somebody's release."""
    locked = {block.partition("==")[0].replace(" ", "") for name in LOCKS for block in blocks(name)}
    asked = {
        _canonical(found[0])
        for package in distributions()
        if _canonical(package.name) in {_canonical(name.partition("[")[0]) for name in locked}
        for requirement in package.requires or ()
        if "extra ==" not in requirement and (found := re.match(r"[\w.-]+\[[\w,-]+\]", requirement.replace(" ", "")))
    }
    assert asked - {_canonical(name) for name in locked} == set()


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_both_python_locks_agree_on_versions():
    pinned = re.compile(r"([a-z0-9._-]+)(?:\[[a-z, ]+\])?==(\S+)")
    versions = [dict(pinned.match(block).groups() for block in blocks(name)) for name in LOCKS]
    assert {name: version for name, version in versions[1].items() if versions[0].get(name, version) != version} == {}


def test_the_npm_lock_names_no_place_and_has_a_checksum_for_each_package():
    text = (ROOT / "package-lock.json").read_text()
    assert "://" not in re.sub(r'"url": "https://[^"]*"', "", text)  # funding links say nothing about where to install from
    packages = {path: package for path, package in json.loads(text)["packages"].items() if path}
    assert packages
    assert [path for path, package in packages.items() if "resolved" in package or not package["integrity"].startswith("sha512-")] == []
