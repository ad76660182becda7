"""Sentences people read when something cannot be done. One place turns them into 409 (views/commands.py)."""

from django.utils.translation import gettext as _


class Refusal(Exception):
    """What a person asked for cannot be done now; the text says why, what became of their work, what to do."""


class MovedOn(Refusal):
    """The page was older than the session."""

    def __init__(self):
        super().__init__(
            _("The session has moved on since this page was drawn, so nothing was changed. Look, then press again.")
        )


class AlreadyDiffers(Refusal):
    """The same id came with other content."""

    def __init__(self):
        super().__init__(_("This was already sent with other words. Send it again as something new; nothing was lost."))


class SessionClosed(Refusal):
    """The session takes no more changes."""

    def __init__(self):
        super().__init__(_("The session is closed. Ask the facilitator to reopen it."))


class NotLetIn(Exception):
    """This browser may not listen here. `short` is the reason in a close frame (at most 123 bytes)."""

    def __init__(self, short):
        super().__init__(short)
        self.short = short
