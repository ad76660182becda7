"""Starting and stopping: what `script/serve` does on a fresh machine, and what it says when it cannot."""

import os
import re
import shutil
import signal
import socket
import stat
import sys

import pytest
from websockets.exceptions import ConnectionClosed

from tests.ops.conftest import ROOT, free_port


def password_in(printed):
    found = re.search(r"^Password +((?:[a-z2-9]{4}-){3}[a-z2-9]{4}) ", printed, re.MULTILINE)
    return found and found[1]


def test_a_first_start_prints_all_that_is_needed(served):
    printed = served.greeting

    assert f"http://localhost:{served.port}/desk/" in printed
    assert password_in(printed)
    assert re.search(r"^Phones +http://\S+$", printed, re.MULTILINE)
    assert re.search(r"^Join code +[0-9A-Z]{6} for “Leading Collaboration in Cities”$", printed, re.MULTILINE)
    assert printed.count("█") > 100
    assert len(printed.splitlines()) <= 40


def test_only_the_owner_reads_the_data(served, served_place):
    folder = served_place.data

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) & 0o077 for file in folder.iterdir()} == {0}


def test_a_second_start_keeps_everything(place):
    with place.serving() as server:
        first = server.greeting
        server.stop()
    with place.serving() as server:
        second = server.greeting

    assert password_in(first)
    assert not password_in(second)
    code = re.compile(r"^Join code +(\w+)", re.MULTILINE)
    assert code.search(first)[1] == code.search(second)[1]


def test_a_forgotten_password_is_replaced(place):
    with place.serving("--no-demo") as server:
        first = password_in(server.greeting)
        server.stop()
    with place.serving("--no-demo", "--new-password") as server:
        second = password_in(server.greeting)
        assert second != first
        assert server.sign_in().get("/desk/").url.path == "/desk/"
        assert "Join code" not in server.greeting


def test_ctrl_c_ends_it_within_five_seconds_and_tells_open_pages_to_come_back(place):
    with place.serving() as server, server.open_desk() as screen:
        screen.recv(timeout=5)
        assert server.stop(signal.SIGINT) < 5
        with pytest.raises(ConnectionClosed):
            screen.recv(timeout=5)

    assert screen.close_code == 1012
    assert server.process.returncode == 0
    assert server.printed.endswith("Stopped. Everything is kept.\n")


def test_it_ends_when_the_machine_is_shut_down(place):
    with place.serving("--no-demo") as server:
        assert server.stop(signal.SIGTERM) < 5
    assert "Traceback" not in server.printed


def test_a_second_process_on_the_same_data_is_refused(served, served_place):
    by_hand = ["-m", "uvicorn", "academy.asgi:application", "--port", str(free_port())]

    for command in (["manage.py", "serve", "--port", str(free_port())], by_hand):
        refused = served_place.run(sys.executable, *command)
        assert refused.returncode != 0
        assert f"Another process already serves {served_place.data}" in refused.stderr


def test_a_port_that_academy_has_is_refused_by_its_name(served, place):
    refused = place.run("script/serve", "--port", str(served.port))

    assert refused.returncode == 1
    assert refused.stderr.startswith(f"Port {served.port} is taken: Academy runs there already")


def test_a_port_that_somebody_has_is_refused(place):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        refused = place.run("script/serve", "--port", port)

    assert refused.returncode == 1
    assert refused.stderr.startswith(f"Port {port} is taken: another program uses it.")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--port", "many"], "'many' is no port number"),
        (["--port", "70000"], "70000 is no port number"),
        (["--port"], "--port needs a value"),
        (["--colour", "red"], "script/serve does not know '--colour'"),
        (["--data", "/dev/null/data"], "The data folder /dev/null/data cannot be written"),
    ],
)
def test_what_it_cannot_do_is_said_in_one_sentence(place, options, sentence):
    refused = place.run("script/serve", "--port", str(free_port()), *options)

    assert refused.returncode == 1
    assert refused.stderr.startswith(sentence)
    assert len(refused.stderr.splitlines()) == 1


def test_help_says_what_there_is(place):
    assert "--new-password" in place.run("script/serve", "--help").stdout


# A machine whose Python is not what is needed: a fresh copy, and programs of our own on the PATH.


@pytest.fixture
def fresh(place, tmp_path):
    """Return what runs script/serve in a fresh copy, with these programs beside the usual ones; its answer."""
    copy, programs = tmp_path / "copy", tmp_path / "programs"
    (copy / "academy").mkdir(parents=True)
    programs.mkdir()
    shutil.copytree(ROOT / "script", copy / "script")
    shutil.copy(ROOT / "requirements.txt", copy)
    shutil.copy(ROOT / "academy/first_run.py", copy / "academy")
    for name in ("bash", "dirname", "cat", "cmp", "cp", "rm", "tail"):
        os.symlink(shutil.which(name), programs / name)

    def run(python, **settings):
        if python:
            (programs / "python3").write_text(f"#!/bin/sh\n{python}\n")
            (programs / "python3").chmod(0o755)
        place.settings["PATH"] = str(programs)
        return place.run(str(copy / "script/serve"), "--port", str(free_port()), **settings)

    return run


def test_no_python_is_said(fresh):
    refused = fresh(None)

    assert refused.returncode == 1
    assert refused.stderr == "Python 3.11 or newer is needed and none was found. Install it and start again.\n"


def test_a_python_that_is_too_old_is_said(fresh):
    refused = fresh("case $2 in *print*) echo 3.9 ;; *) exit 1 ;; esac")

    assert refused.returncode == 1
    assert refused.stderr == "Python 3.11 or newer is needed; python3 is 3.9. Install a newer one and start again.\n"


def test_a_python_without_venv_is_said(fresh):
    refused = fresh(f'case $2 in *ensurepip*) exit 1 ;; *) exec {sys.executable} "$@" ;; esac')

    assert refused.returncode == 1
    assert refused.stderr.endswith("not its venv module. On Debian and Ubuntu: sudo apt-get install python3-venv\n")


def test_no_network_is_said(fresh):
    nowhere = {"PIP_CONFIG_FILE": "/dev/null", "PIP_INDEX_URL": "http://127.0.0.1:1/", "PIP_RETRIES": "0"}

    refused = fresh(f'exec {sys.executable} "$@"', **nowhere)

    assert refused.returncode == 1
    assert "connect this machine to the internet and start again" in refused.stderr
    assert "Traceback" not in refused.stderr
