"""The commands of deploy/*.service against a real PostgreSQL and Redis: several processes, one day's sign-in."""

import json
import os
import re
import secrets
import shlex
import subprocess
import sys
import urllib.parse
from http.client import HTTPConnection
from http.cookies import SimpleCookie

import psutil
import psycopg
import pytest
from django.conf import settings

from tests.processes.installation import ROOT, Installation, wait_until
from tests.workers import start_redis

HOST = "innendienst.example"


class Browser:
    """Speaks to gunicorn as the proxy does, and keeps cookies."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}

    def open(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Status, address it leads on to, text."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Host": HOST, "X-Forwarded-Proto": "https", "Origin": f"https://{HOST}", "Accept-Language": "de"}
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = None
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urllib.parse.urlencode({**form, "csrfmiddlewaretoken": self.cookies["csrftoken"]})
        connection.request("GET" if form is None else "POST", path, body, headers)
        response = connection.getresponse()
        text = response.read().decode()
        for line in response.headers.get_all("Set-Cookie", []):
            self.cookies.update({name: morsel.value for name, morsel in SimpleCookie(line).items()})
            assert "Secure" in line
        connection.close()
        return response.status, response.headers.get("Location", ""), text


def command_of(unit: str, instance: str, folder: str) -> list[str]:
    """The command of a unit as systemd would run it, with this Python and this folder."""
    line = re.search(r"^ExecStart=(.+)$", (ROOT / "deploy" / unit).read_text(), re.MULTILINE)[1]
    line = line.replace("%i", instance).replace("%%", "%").replace("/var/lib/innendienst", folder)
    return shlex.split(line.replace("/srv/innendienst/.venv/bin/python", sys.executable))


@pytest.fixture
def production(tmp_path):
    """A prepared installation with a database of its own on the run's PostgreSQL; its first administrator's password."""
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        pytest.skip("needs the PostgreSQL of the run (TEST_DB=postgres)")
    name = f"production_{secrets.token_hex(4)}"
    server = os.environ["DATABASE_URL"].replace("postgres:///postgres", "postgresql:///postgres")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    redis = start_redis(tmp_path / "broker.sock")
    installation = Installation(
        tmp_path,
        DATABASE_URL=os.environ["DATABASE_URL"].replace("postgres:///postgres", f"postgres:///{name}"),
        REDIS_URL=f"redis+socket://{tmp_path}/broker.sock",
        BASE_URL=f"https://{HOST}",
        SECRET_KEY=secrets.token_urlsafe(50),
        WEB_CONCURRENCY="2",
    )
    yield installation
    installation.clean_up()
    redis.terminate()
    redis.wait()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def start_services(production: Installation) -> None:
    services = [("innendienst-web.service", ""), ("innendienst-scheduler.service", "")]
    services += [("innendienst-worker@.service", queue) for queue in ("default", "bulk")]
    for unit, instance in services:
        with (production.folder / "starter.log").open("a") as log:
            command = command_of(unit, instance, str(production.folder))
            process = subprocess.Popen(command, cwd=ROOT, env=production.environment, stdout=log, stderr=log)
        production.starters.append(process)


def undone_count(production: Installation) -> int:
    address = production.environment["DATABASE_URL"].replace("postgres:///", "postgresql:///")
    with psycopg.connect(address) as connection:
        return connection.execute("SELECT COUNT(*) FROM base_job WHERE state <> 'done'").fetchone()[0]


def test_the_services_of_a_production_serve_pages_and_do_the_work(production):
    printed = production.manage("prepare", "--first-admin").stdout
    password = printed.strip().rsplit(" ", 1)[-1]
    start_services(production)
    wait_until(production.answers, 60, production.log)

    browser = Browser(production.port)
    assert browser.open("/")[:2] == (302, "/accounts/login/?next=/")
    assert browser.open("/accounts/login/")[0] == 200
    status, location, _text = browser.open("/accounts/login/", {"login": "admin", "password": password})
    assert (status, location) == (302, "/")
    status, location, text = browser.open(location)
    if status == 302:  # an empty installation first asks for its company
        status, _location, text = browser.open(location)
    assert (status, "/accounts/logout/" in text) == (200, True)
    style_sheet = re.search(r'href="(/static/[^"]+\.css)"', text)[1]
    assert browser.open(style_sheet)[0] == 200

    workers = [psutil.Process(process.pid) for process in production.starters if "worker" in process.args]
    wait_until(lambda: all(len(worker.children()) == 2 for worker in workers), 60, production.log)
    ask = "from innendienst.base import jobs, tasks; print(jobs.request('refresh').pk, jobs.request('send_mail').pk); tasks.tick.delay()"
    production.manage("shell", "-c", ask)
    wait_until(lambda: browser.open("/health/")[0] == 200, 30, production.log)
    wait_until(lambda: undone_count(production) == 0, 60, production.log)
    health = json.loads(browser.open("/health/")[2])
    assert (health["status"], health["database"], health["queue_age_seconds"]) == ("ok", "ok", 0)

    for process in production.starters:
        process.terminate()
    for process in production.starters:
        process.wait(30)
    production.demand_gone(10)
