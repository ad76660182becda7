"""How a change reaches the screens: streams (numbers), news (what changed), panels (its looks), hub (who hears it)."""

from sessions.live.news import board_changed, desk_changed, shut, stage_changed, team_changed, teams_changed

__all__ = ["board_changed", "desk_changed", "shut", "stage_changed", "team_changed", "teams_changed"]
