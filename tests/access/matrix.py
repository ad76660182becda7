"""Who may do what: the access matrix. One line a route; `test_matrix.py` compares it with what the site does.

A route without a line fails, and so does a line without a route. Nothing here asks the code.
"""

from dataclasses import dataclass

# Everybody there is. `ours` and `neighbour` sit at one table, `other-table` at another; `stranger` is the facilitator
# of another session.
ROLES = [
    *["anonymous", "foreign-phone", "waiting", "other-table", "neighbour", "ours", "released", "guest"],
    *["wall", "foreign-wall"],
    *["owner", "second", "removed", "stranger", "organizer", "superuser"],
]
ACCOUNTS = {"owner", "second", "removed", "stranger", "organizer", "superuser"}
LET_IN = {
    "anybody": set(ROLES),
    "nobody": set(),
    "accounts": ACCOUNTS,
    "phones": {"waiting", "other-table", "neighbour", "ours", "guest"},
    "writers": {"other-table", "neighbour", "ours"},
    "ours": {"ours"},
    "released": {"released"},
    "see": {"owner", "second", "organizer", "superuser"},
    "run": {"owner", "second"},
    "own": {"owner"},
    "walls": {"wall", "owner", "second", "organizer", "superuser"},
}
STATES = ["draft", "open", "running", "closed", "deleted"]
WHEN = {
    "always": set(STATES),
    "exists": {"draft", "open", "running", "closed"},
    "open": {"open", "running"},
    "begun": {"running", "closed"},
}

# let in: a group of LET_IN. answer: to those let in while the session runs; in its other states a command may also be
# refused in words (409). refused: the answer to all others, and to everybody outside `when`; "sign-in" is the way to
# the sign-in page for those without an account, 404 for those with one. shows: which column of READS holds.
ROUTES_TEXT = """
# route                 method  let in    answer   refused  when    shows
  healthz               GET     anybody   200      -        always  nothing
  join                  GET     anybody   200      -        always  nothing
  join                  POST    anybody   302      404      open    nothing
  join-session          GET     anybody   200|302  404      open    door
  join-session          POST    anybody   303|302  404      open    nothing
  continue              GET     anybody   200      -        always  nothing
  continue              POST    anybody   303      422      open    nothing
  continue:wrong        POST    nobody    -        422      always  nothing

  worker                GET     anybody   200      -        always  nothing
  phone                 GET     phones    200      404      exists  phone
  phone-board           GET     phones    200      404      exists  board
  catch-up:phone        GET     phones    200      404      exists  phone
  catch-up:board        GET     phones    200      404      exists  board
  catch-up:phone        POST    phones    200      404      exists  phone
  catch-up:board        POST    phones    200      404      exists  board
  change-city           GET     phones    200      404      exists  door
  change-city           POST    phones    303      404      exists  nothing
  leave                 POST    phones    204      404      exists  nothing
  your-notes            GET     writers   200      404      exists  phone
  post-note             POST    writers   204      404      exists  nothing
  mark                  POST    writers   204      404      exists  nothing
  edit-note             GET     ours      200      404      begun   phone
  edit-note             POST    ours      204      404|409  begun   nothing
  delete-note           POST    ours      204      404|409  begun   nothing
  hand-in               POST    released  202      404      exists  nothing

  venue                 GET     anybody   200|302  -        always  nothing
  wall                  GET     walls     200      404      exists  wall
  catch-up:wall         GET     walls     200      404      exists  wall
  catch-up:wall         POST    walls     200      404      exists  wall
  catch-up:nonsense     GET     nobody    -        404      exists  nothing
  catch-up:nonsense     POST    nobody    -        404      exists  nothing

  login                 GET     anybody   200      -        always  nothing
  login                 POST    anybody   302      -        always  nothing
  logout                POST    anybody   302      -        always  nothing
  desk                  GET     accounts  200      sign-in  always  list
  new-session           GET     accounts  200      sign-in  always  nothing
  new-session           POST    accounts  303      sign-in  always  nothing

  desk-session          GET     see       200      sign-in  exists  desk
  catch-up:desk         GET     see       200      404      exists  desk
  catch-up:desk         POST    see       200      404      exists  desk
  desk-handed-in        GET     run       200      sign-in  exists  handed
  desk-roster           GET     see       200      sign-in  exists  desk
  desk-roster           POST    run       204      404      exists  nothing
  desk-tables           GET     see       200      sign-in  exists  desk
  desk-seats            GET     see       200      sign-in  exists  desk
  desk-notes            GET     see       200      sign-in  exists  desk
  desk-note             GET     run       200      sign-in  exists  desk
  desk-note             POST    run       204      404      exists  nothing
  desk-segment          GET     run       200      sign-in  exists  desk
  desk-settings         GET     see       200      sign-in  exists  desk
  desk-settings         POST    run       204      404      exists  nothing
  desk-exports          GET     see       200      sign-in  exists  desk
  export:csv            POST    see       200      404      exists  export
  export:json           POST    see       200      404      exists  export
  export:html           POST    see       200      404      exists  export
  export:docx           POST    see       200      404      exists  nothing
  export:xlsx           POST    see       200      404      exists  nothing
  export:nonsense       POST    nobody    -        404      exists  nothing
  desk-rehearse         GET     run       200      sign-in  exists  desk
  desk-rehearse         POST    run       409      404      exists  nothing
  delete-session        POST    own       204      404      exists  nothing

  do-advance            POST    run       204      404      exists  nothing
  do-back               POST    run       204      404      exists  nothing
  do-jump               POST    run       204      404      exists  nothing
  do-skip               POST    run       204      404      exists  nothing
  do-edit-segment       POST    run       204      404      exists  nothing
  do-set-minutes        POST    run       204      404      exists  nothing
  do-pause              POST    run       204      404      exists  nothing
  do-resume             POST    run       204      404      exists  nothing
  do-change-minutes     POST    run       204      404      exists  nothing
  do-end-discussion     POST    run       204      404      exists  nothing
  do-reopen-discussion  POST    run       204      404      exists  nothing
  do-set-board          POST    run       204      404      exists  nothing
  do-release-text       POST    run       204      404      exists  nothing
  do-turn-board         POST    run       204      404      exists  nothing
  do-cover-wall         POST    run       204      404      exists  nothing
  do-pause-wall         POST    run       204      404      exists  nothing
  do-message            POST    run       204      404      exists  nothing
  do-marking            POST    run       204      404      exists  nothing
  do-open               POST    run       204      404      exists  nothing
  do-close              POST    run       204      404      exists  nothing
  do-rotate-code        POST    run       204      404      exists  nothing
  do-set-address        POST    run       204      404      exists  nothing
  do-change-settings    POST    run       204      404      exists  nothing
  do-add-facilitator    POST    own       204      404      exists  nothing
  do-remove-facilitator POST    own       204      404      exists  nothing
  do-add-team           POST    run       204      404      exists  nothing
  do-rename-team        POST    run       204      404      exists  nothing
  do-team-state         POST    run       204      404      exists  nothing
  do-admit-team         POST    run       204      404      exists  nothing
  do-remove-team        POST    run       204      404      exists  nothing
  do-merge-teams        POST    run       204      404      exists  nothing
  do-release-device     POST    run       204      404      exists  nothing
  do-move-device        POST    run       204      404      exists  nothing
  do-make-tables        POST    run       204      404      exists  nothing
  do-pairs              POST    run       204      404      exists  nothing
  do-seat               POST    run       204      404      exists  nothing
  do-swap               POST    run       204      404      exists  nothing
  do-move               POST    run       204      404      exists  nothing
  do-unpin              POST    run       204      404      exists  nothing
  do-star               POST    run       204      404      exists  nothing
  do-hide               POST    run       204      404      exists  nothing
  do-purge-note         POST    run       204      404      exists  nothing
  do-purge-team         POST    run       204      404      exists  nothing
  do-take-in            POST    run       204      404      exists  nothing
  do-decline            POST    run       204      404      exists  nothing
  do-cancel-rehearsal   POST    run       409      404      exists  nothing
  do-purge-rehearsal    POST    run       409      404      exists  nothing
  do-connect-wall       POST    run       204      404      exists  nothing
  do-disconnect-wall    POST    run       204      404      exists  nothing
"""

# The door leads a phone that is in already to its own page, whatever the session's state: after the close it finds
# its notes there.
BACK_IN = {"join", "join-session"}

# The socket's kinds, and who is let in while the session exists; the others are closed with 4403.
SOCKETS = {"phone": "phones", "board": "phones", "wall": "walls", "desk": "see", "nonsense": "nobody"}
SOCKET_SHOWS = {"phone": "phone", "board": "board", "wall": "wall", "desk": "desk"}

# What the world holds, and where it may be read. A word is a role or a group of LET_IN, or
# out: everybody who is let in, once the text of the discussion is out (on the wall: unless it is covered);
# opened: everybody, once the epilogue is opened;
# at-table: both cities at the table while its discussion is on, unless the session's setting says no.
# `handed` is the page of notes handed in. On a `door`, and where `nothing` is shown, none of these may be read.
READS_TEXT = """
# what                 phone               board    wall    desk  export  handed  list
  our-note             ours,at-table       out      out     see   see     -       -
  our-hidden-note      ours                -        -       see   -       -       -
  our-deleted-note     -                   -        -       -     -       -       -
  neighbours-note      neighbour,at-table  out      out     see   see     -       -
  other-tables-note    other-table         out      out     see   see     -       -
  their-hidden-note    other-table         -        -       see   -       -       -
  city-that-asks       waiting             waiting  -       see   -       -       -
  first-name           -                   -        -       run   -       -       -
  handed-in-note       -                   -        -       -     -       run     -
  our-personal-code    ours                -        -       -     -       -       -
  other-personal-code  other-table         -        -       -     -       -       -
  epilogue             opened              opened   opened  -     -       -       -
  facilitator-notes    -                   -        -       see   -       -       -
  organizers-note      -                   -        -       -     -       -       -
  elsewhere            -                   -        -       -     -       -       stranger,organizer,superuser
"""
NOTES = {
    *["our-note", "our-hidden-note", "our-deleted-note"],
    *["neighbours-note", "other-tables-note", "their-hidden-note"],
}
# Pages that hold exactly the notes READS allows: what may be read there is there.
EXACT = {"phone", "phone-board", "catch-up:phone", "catch-up:board", "desk-notes", "catch-up:desk"}


@dataclass(frozen=True)
class Rule:
    """One line of ROUTES_TEXT."""

    route: str
    method: str
    let_in: frozenset
    answer: tuple
    refused: tuple
    when: frozenset
    shows: str

    @property
    def name(self):
        """The route's name in the URLconf."""
        return self.route.partition(":")[0]

    def is_let_in(self, role, state):
        if self.name in BACK_IN and role in LET_IN["phones"] and state in WHEN["exists"]:
            return True
        return state in self.when and role in self.let_in

    def answers(self, role, state):
        """The status codes that are right for this role in this state."""
        if self.is_let_in(role, state):
            return self.answer if state == "running" or self.method == "GET" else (*self.answer, "409")
        if self.refused == ("sign-in",):
            return ("404",) if role in ACCOUNTS else ("302",)
        return self.refused


@dataclass(frozen=True)
class Moment:
    """What is true while pages are looked at: is the text of the discussion out, and so on."""

    name: str
    out: bool = False
    opened: bool = False
    tables_see: bool = True
    covered: bool = False


def _lines(text):
    return [line.split() for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]


RULES = [
    Rule(
        route, method, frozenset(LET_IN[group]), tuple(answer.split("|")), tuple(refused.split("|")), WHEN[when], shows
    )
    for route, method, group, answer, refused, when, shows in _lines(ROUTES_TEXT)
]
READS = {
    what: dict(zip(READS_TEXT.split("\n")[1].split()[2:], cells, strict=True)) for what, *cells in _lines(READS_TEXT)
}


def may_read(what, shows, role, moment):
    """Whether this role may read this on a page of this kind at this moment."""
    if role == "guest" and shows == "phone":
        shows = "board" if what in NOTES else "phone"  # a guest's page has the board in it
    for word in READS[what].get(shows, "-").split(","):
        if word == "out" and moment.out and not (shows == "wall" and moment.covered):
            return True
        if word == "opened" and moment.opened:
            return True
        if word == "at-table" and moment.tables_see and role in ("ours", "neighbour"):
            return True
        if role == word or role in LET_IN.get(word, ()):
            return True
    return False
