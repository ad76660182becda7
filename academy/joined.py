"""The scripts of a page in one file, and its style sheets: each is about one thing, and a phone asks for one.

On a slow network requests cost more than bytes, and each costs the server as much as a note does a database query.
The files are put one after the other when static files are collected, nothing else is done to them.
"""

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.base import ContentFile
from servestatic.storage import CompressedManifestStaticFilesStorage

_LIVE = ("command", "clock", "frames")
# The scripts of a page, in the order in which they run.
PAGES = {
    "phone": (*_LIVE, "store", "outbox", "live", "notes", "our-notes", "hand-in", "offline"),
    "phone-board": (*_LIVE, "store", "outbox", "live"),
    "wall": (*_LIVE, "live", "fit", "wall"),
}
# The style sheets of a shell, in the order in which they count. None names a file: its address would be another one.
SHELLS = {
    "phone": ("tokens", "base", "phone", "phone-door", "phone-stage", "phone-notes", "phone-board", "phone-more"),
}
# {the name of a joined file: the names of its parts}
_JOINED = {f"js/pages/{page}.js": [f"js/{name}.js" for name in names] for page, names in PAGES.items()}
_JOINED |= {f"css/pages/{shell}.css": [f"css/{name}.css" for name in names] for shell, names in SHELLS.items()}


def scripts(page):
    """Return the URLs of a page's scripts: of one file where the static files were collected, else of each."""
    return _urls(f"js/pages/{page}.js")


def styles(shell):
    """Return the URLs of a shell's style sheets, in the same way."""
    return _urls(f"css/pages/{shell}.css")


def _urls(name):
    is_joined = isinstance(staticfiles_storage, Storage) and not settings.DEBUG
    return [staticfiles_storage.url(each) for each in ([name] if is_joined else _JOINED[name])]


class Storage(CompressedManifestStaticFilesStorage):
    """Static files with a hash in their name, compressed, and each page's scripts and style sheets joined."""

    def post_process(self, paths, dry_run=False, **options):
        """Join before names are hashed. paths: {name: (storage, name)} of what was collected."""
        if not dry_run:
            for name, parts in _JOINED.items():
                self.delete(name)
                self.save(name, ContentFile("\n".join(self._read(part) for part in parts)))
                paths[name] = (self, name)
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def _read(self, name):
        with self.open(name) as file:
            return file.read().decode()
