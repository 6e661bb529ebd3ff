"""What the environment of a production makes of the settings; each in a process of its own, as they are read once."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PRODUCTION = {
    "DATABASE_URL": "postgres://innendienst:geheim@db.example/innendienst?sslmode=require",
    "REDIS_URL": "redis://broker.example:6379/1",
    "BASE_URL": "https://innendienst.example",
    "SECRET_KEY": "Pd4kq8-vb2Zr_6tYxw7Nc1Jm5Hs9Lf3Gu0Ea-Qi_To4Rk8Wz2Bn6Vy",
}
_BASICS = ("PATH", "HOME", "LANG")


def run(*arguments: str, environment: dict[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    basics = {name: os.environ[name] for name in _BASICS if name in os.environ}
    whole = {**basics, "VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "innendienst.settings", **environment}
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, env=whole, capture_output=True, text=True, timeout=60)


def read(names: str, environment: dict[str, str], folder: Path) -> dict:
    code = f"import json; from django.conf import settings; print(json.dumps({{n: getattr(settings, n) for n in {names.split()!r}}}))"
    done = run("-c", code, environment=environment, folder=folder)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_production_passes_djangos_own_deployment_checks(tmp_path):
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", environment=PRODUCTION, folder=tmp_path)
    assert (done.returncode, done.stdout.strip()) == (0, "System check identified no issues (0 silenced)."), done.stderr


@pytest.mark.parametrize("name", ["BASE_URL", "SECRET_KEY"])
def test_production_without_its_address_or_key_does_not_start_and_says_which_is_missing(tmp_path, name):
    environment = {key: value for key, value in PRODUCTION.items() if key != name}
    done = run("manage.py", "check", environment=environment, folder=tmp_path)
    assert done.returncode == 1
    assert f"EnvironmentVariableError: {name} is not set" in done.stderr


def test_production_speaks_https_sends_by_smtp_and_keeps_nothing_embedded(tmp_path):
    names = "DEBUG ALLOWED_HOSTS SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE SECURE_SSL_REDIRECT EMAIL_BACKEND DEFAULT_FROM_EMAIL USES_EMBEDDED_BROKER"
    assert read(names, PRODUCTION, tmp_path) == {
        "DEBUG": False,
        "ALLOWED_HOSTS": ["innendienst.example"],
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_SSL_REDIRECT": True,
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "DEFAULT_FROM_EMAIL": "innendienst@innendienst.example",
        "USES_EMBEDDED_BROKER": False,
    }
    assert not (tmp_path / "secret_key").exists()


def test_without_any_variable_it_runs_embedded_on_this_machine_only(tmp_path):
    found = read("DEBUG ALLOWED_HOSTS BASE_URL USES_EMBEDDED_BROKER REDIS_URL SESSION_COOKIE_SECURE", {"PORT": "8017"}, tmp_path)
    assert found == {
        "DEBUG": False,
        "ALLOWED_HOSTS": ["127.0.0.1", "localhost"],
        "BASE_URL": "http://127.0.0.1:8017",
        "USES_EMBEDDED_BROKER": True,
        "REDIS_URL": f"redis+socket://{tmp_path}/redis.sock",
        "SESSION_COOKIE_SECURE": False,
    }


def test_further_hosts_are_added_to_that_of_the_address(tmp_path):
    embedded = {"BASE_URL": "http://innendienst.lan:8000", "ALLOWED_HOSTS": "10.0.0.7"}
    assert read("ALLOWED_HOSTS", embedded, tmp_path) == {"ALLOWED_HOSTS": ["innendienst.lan", "127.0.0.1", "localhost", "10.0.0.7"]}


def test_the_embedded_key_is_made_once_and_for_its_owner_only(tmp_path):
    first, second = (read("SECRET_KEY", {}, tmp_path) for _start in range(2))
    assert first == second
    assert len(first["SECRET_KEY"]) >= 50
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_every_variable_that_is_read_is_explained():

    settings = (ROOT / "innendienst" / "settings.py").read_text() + (ROOT / "deploy" / "gunicorn.conf.py").read_text()
    read_names = set(re.findall(r"""env\.\w+\(\s*["']([A-Z_]+)["']|environ\.get\(["']([A-Z_]+)["']""", settings))
    explained = (ROOT / "docs" / "settings.md").read_text()
    assert sorted(name for pair in read_names for name in pair if name and f"`{name}`" not in explained) == []
