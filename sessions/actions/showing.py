"""What the wall, the board and all phones show beside the run itself."""

from academy import clock
from sessions import live
from sessions.actions.tables import breakout_of
from sessions.models import BoardSetting


def set_board(workshop, *, breakout, setting):
    """Say when the text of this discussion's notes may be seen by everybody."""
    breakout = breakout_of(workshop, breakout)
    breakout.board_setting = BoardSetting(setting)
    breakout.save()
    live.stage_changed("now")
    live.board_changed()
    live.desk_changed()


def release_text(workshop, *, breakout, released=True):
    """Let everybody read the notes of a discussion, or take that back."""
    breakout = breakout_of(workshop, breakout)
    breakout.released_at = clock.now() if released else None
    breakout.save()
    live.stage_changed("now")
    live.board_changed()
    live.desk_changed()


def turn_board(workshop, *, breakout, column="", page=1, team=None, table=None, note=None):
    """Turn the wall's board: to counts, a column's page, a city, a table, or one note whole."""
    breakout = breakout_of(workshop, breakout)
    view = {"column": column, "page": page, "team": team, "table": table, "note": note}
    breakout.board_view = {name: value for name, value in view.items() if value}
    breakout.save()
    live.board_changed("board")
    live.desk_changed("screen")


def cover_wall(workshop, *, covered):
    """Show title and code only, at once; or uncover."""
    workshop.wall_covered = covered
    workshop.save()
    live.stage_changed("wall")
    live.board_changed("board")
    live.desk_changed("run", "screen")


def pause_wall(workshop, *, paused):
    """Rest the wall while the facilitator shows slides of their own; phones follow the run all the same."""
    workshop.wall_paused = paused
    workshop.save()
    live.stage_changed("wall")
    live.board_changed("board")
    live.desk_changed("run", "screen")


def send_message(workshop, *, message):
    """Show one sentence on all phones, or none ("")."""
    workshop.message = message
    workshop.save(update_fields=["message"])
    live.stage_changed("message")
    live.desk_changed("screen-message")


def set_marking(workshop, *, on):
    """Let city teams mark the checklist on their phones, or stop it; marks that were made stay."""
    workshop.marking = on
    workshop.save()
    live.teams_changed(workshop.teams.all(), "marks")
    live.stage_changed()
    live.desk_changed("run", "screen")
