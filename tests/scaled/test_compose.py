"""compose.yaml says what the tests start: nothing in it is merely similar."""

import json
import os
import subprocess

from tests.scaled.site import ASKED, SITE, compose, in_order


def test_parts_start_after_what_they_need():
    assert in_order(compose()["services"])[-2:] == ["app", "proxy"]


def test_only_the_proxy_can_be_reached_from_outside():
    assert [name for name, part in compose()["services"].items() if "ports" in part] == ["proxy"]


def test_all_that_is_asked_for_is_named_at_its_top(pytestconfig):
    top = (pytestconfig.rootpath / "compose.yaml").read_text().partition("services:")[0]

    assert all(name in top for name in ASKED)


def test_caddy_understands_the_proxy_as_it_stands(tmp_path):
    file = tmp_path / "Caddyfile"
    file.write_text(compose()["configs"]["proxy"]["content"])
    settings = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}
    adapt = ["caddy", "adapt", "--config", str(file), "--adapter", "caddyfile", "--validate"]
    adapted = subprocess.run(adapt, capture_output=True, text=True, env=settings, check=False)

    assert adapted.returncode == 0, adapted.stderr
    (server,) = json.loads(adapted.stdout)["apps"]["http"]["servers"].values()
    (route,) = server["routes"]
    assert route["match"] == [{"host": [SITE]}]
    proxy = json.dumps(route)
    assert '"source": "a"' in proxy
    assert '"name": "app", "port": "8000"' in proxy
