"""Settings of a server that a test starts in a process of its own: as academy's, without collected static files."""

import os
from datetime import timedelta

from academy import clock
from academy.settings import *  # noqa: F403
from academy.settings import STORAGES

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# A process on a machine whose clock is wrong.
clock._zero += timedelta(milliseconds=int(os.environ.get("MACHINE_AHEAD_MS", "0")))
