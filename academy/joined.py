"""The scripts of a page in one file: each does one thing and has a file of its own, and a phone asks for one.

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


def scripts(page):
    """Return the URLs of a page's scripts: of one file where the static files were collected, else of each."""
    is_joined = isinstance(staticfiles_storage, Storage) and not settings.DEBUG
    names = [_name(page)] if is_joined else [f"js/{script}.js" for script in PAGES[page]]
    return [staticfiles_storage.url(name) for name in names]


def _name(page):
    return f"js/pages/{page}.js"


class Storage(CompressedManifestStaticFilesStorage):
    """Static files with a hash in their name, compressed, and each page's scripts joined."""

    def post_process(self, paths, dry_run=False, **options):
        """Join before names are hashed. paths: {name: (storage, name)} of what was collected."""
        if not dry_run:
            for page, names in PAGES.items():
                self.delete(_name(page))
                self.save(_name(page), ContentFile("\n".join(self._read(f"js/{name}.js") for name in names)))
                paths[_name(page)] = (self, _name(page))
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def _read(self, name):
        with self.open(name) as file:
            return file.read().decode()
