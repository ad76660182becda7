"""Open pages: they connect, lose the network, hear, pull. And the server, which crashes."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from sessions.models import Stream
from tests.machine.desk import ANY
from tests.machine.doors import Page
from tests.machine.room import Room, pick

MOST_PAGES = 5
has_pages = precondition(lambda self: bool(self.pages))


class Screens(Room):
    """Several pages, each with what it has of the streams."""

    @precondition(lambda self: len(self.pages) < MOST_PAGES)
    @rule(kind=st.sampled_from(["phone", "phone", "board", "wall", "desk"]), number=ANY)
    def open_a_page(self, kind, number):
        """As its browser finds it now."""
        inside = [pk for pk, phone in self.model.phones.items() if phone["is_in"]]
        if kind in ("wall", "desk"):
            browser, path = self.desk, f"/{kind}/{self.slug}/"
        elif inside:
            browser, path = self.browsers[pick(inside, number)], f"/p/{self.slug}/{'board' if kind == 'board' else ''}"
        else:
            return
        self.pages.append(Page(browser, path, kind))
        self.did(f"open {kind}")

    @precondition(lambda self: len(self.pages) == MOST_PAGES)
    @rule(number=ANY)
    def close_a_page(self, number):
        """It is gone without a word."""
        page = pick(self.pages, number)
        page.disconnect()
        self.pages.remove(page)
        self.did("close a page")

    @precondition(lambda self: any(page.socket is None and not page.is_out for page in self.pages))
    @rule(number=ANY)
    def connect(self, number):
        """It listens from now on; what it missed it has to pull."""
        pick([page for page in self.pages if page.socket is None and not page.is_out], number).connect()
        self.did("connect")

    @precondition(lambda self: any(page.socket for page in self.pages))
    @rule(number=ANY)
    def lose_the_network(self, number):
        """It hears nothing from now on."""
        page = pick([page for page in self.pages if page.socket], number)
        page.hear()
        page.disconnect()
        self.did("lose the network")

    @has_pages
    @rule(number=ANY)
    def pull(self, number):
        """A page that pulled shows what a fresh drawing shows."""
        page = pick(self.pages, number)
        self.check(page)
        self.did("out" if page.is_out else "pull")

    @precondition(lambda self: any(page.socket for page in self.pages))
    @rule()
    def listen(self):
        """Every page with a socket becomes right by what it is sent, pulling only where a gap or a number says so."""
        listening = [page for page in self.pages if page.socket]
        seqs = dict(Stream.objects.filter(workshop=self.pk).values_list("name", "seq"))
        for _try in range(5 * MOST_PAGES):
            came = self.server.run_until(lambda: _have(listening, seqs) or any(_pulls(p) for p in listening))
            assert came, f"what changed never came: {[(p.path, p.have) for p in listening]}"
            for page in listening:
                if _pulls(page):
                    page.pull_as_pages_do()
                    self.did("pull at a gap")
            if _have(listening, seqs):
                break
        assert _have(listening, seqs), f"pulling does not help: {[(p.path, p.have) for p in listening]}"
        for page in listening:
            if page.socket and not page.is_out:
                self.must_be_right(page)
                self.did(f"listen as {page.kind}")

    @rule()
    def crash(self):
        """The process is gone and started anew: sockets are dead, what was stored is there."""
        for page in self.pages:
            page.socket = None
        self.server.crash()
        self.did("crash")


def _have(listening, seqs):
    """Whether these pages have heard everything that was said on their streams, or are out."""
    for page in listening:
        page.hear()
    return all(
        page.socket is None or page.is_out or all(page.have[name] >= seqs.get(name, 0) for name in page.have)
        for page in listening
    )


def _pulls(page):
    return page.wants_pull and not page.is_out
