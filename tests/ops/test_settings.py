"""What an operator sets is used, or refused in a sentence; nobody is served with dangerous settings."""

import pytest


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("DATABASE_URL", "mysql://user:password@host/name", "DATABASE_URL starts with 'mysql'"),
        ("REDIS_URL", "foo", "REDIS_URL must start with redis://"),
        ("DEBUG", "maybe", "DEBUG is 'maybe': use 'on' or 'off'."),
        ("TRUSTED_ORIGINS", "academy.example.org", "write the whole origin"),
        ("SECRET_KEY", "", "SECRET_KEY is not set."),
    ],
)
def test_a_setting_nobody_understands_is_refused(place, name, value, sentence):
    refused = place.manage("serve", **{name: value})

    assert refused.returncode == 1
    assert sentence in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"DEBUG": "on"}, "DEBUG is on"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY can be guessed"),
        ({"SECRET_KEY": "a" * 60}, "SECRET_KEY can be guessed"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS is '*'"),
        ({"TRUSTED_ORIGINS": "https://academy.example.org"}, "BEHIND_TLS is off"),
        ({"WEB_CONCURRENCY": "2"}, "WEB_CONCURRENCY is 2"),
        ({"WEB_CONCURRENCY": "2", "REDIS_URL": "redis://127.0.0.1:1/0"}, "WEB_CONCURRENCY is 2"),
        ({"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing"}, "The database does not answer"),
        ({"DATABASE_URL": "sqlite:////nowhere/academy.sqlite3"}, "The database does not answer"),
        ({"ACADEMY_DATA": "/dev/null/data"}, "The data folder /dev/null/data cannot be written"),
    ],
)
def test_nobody_is_served_with_dangerous_or_impossible_settings(place, settings, sentence):
    refused = place.manage("serve", **settings)

    assert refused.returncode == 1
    assert sentence in refused.stderr
    assert "Traceback" not in refused.stderr


def test_the_doctor_says_all_that_is_missing_a_line_each(place):
    sick = place.manage("doctor", DEBUG="on", REDIS_URL="redis://127.0.0.1:1/0")
    said = sick.stderr.splitlines()

    assert sick.returncode == 1
    assert [line.partition(":")[0] for line in said] == [
        "DEBUG is on",
        said[1].partition(":")[0],
        "The static files are not collected",
        "Redis does not answer, so pages would be late by seconds",
    ]
    assert said[1].startswith("The database lacks ")


def test_the_doctor_is_content_where_academy_is_served(served, served_place):
    content = served_place.manage("doctor")

    assert (content.returncode, content.stdout) == (0, "All is well.\n")
