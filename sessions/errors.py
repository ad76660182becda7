"""Sentences people read when something cannot be done. One place turns them into answers (views/commands.py)."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class Refusal(Exception):
    """What a person asked for cannot be done now; the text says why, what became of their work, what to do."""

    status = 409


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


class TooFast(Refusal):
    """A phone sends more than it may; nothing is lost, it sends it again in so many seconds."""

    status = 429

    def __init__(self, seconds):
        super().__init__(
            ngettext(
                "You are quick. This waits on your phone and can be sent in %(n)d second.",
                "You are quick. This waits on your phone and can be sent in %(n)d seconds.",
                seconds,
            )
            % {"n": seconds}
        )
        self.seconds = seconds


class NotLetIn(Exception):
    """This browser may not listen here. `short` is the reason in a close frame (at most 123 bytes)."""

    def __init__(self, short):
        super().__init__(short)
        self.short = short
