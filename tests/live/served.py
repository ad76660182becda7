"""Settings of a server that a test starts in a process of its own: as academy's, without collected static files."""

from academy.settings import *  # noqa: F403
from academy.settings import STORAGES

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
