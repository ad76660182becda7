"""The projector."""

from sessions.rehearsal.screen import Screen


class Wall(Screen):
    """A session's wall: opened with a signed-in desk's cookies, it only shows."""

    @property
    def counts(self):
        """While they talk: {table number: notes} as the wall shows them; empty otherwise."""
        return counts_of(self.page)


def counts_of(page):
    """Return {table number: notes} of a wall's Page, or of a frame of it read as one."""
    board = page.get("board")
    rows = board.all("li", css="wall__table") if board is not None else []
    return {int(row.all(css="shape")[0].text): int(row.all(css="wall__table-count")[0].text) for row in rows}
