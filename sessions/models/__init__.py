"""The rows of the room, one file a thing."""

from sessions.models.breakout import Breakout, Seat, Table
from sessions.models.note import HandedIn, Note
from sessions.models.people import COMING, HERE, CityTeam, Device, Wall
from sessions.models.plan import BoardSetting, Module, Plan, Segment, plan_kind
from sessions.models.record import Command, ExportTaken, Mark, Stream
from sessions.models.rehearsal import Rehearsal
from sessions.models.workshop import Workshop

__all__ = [
    "COMING",
    "HERE",
    "BoardSetting",
    "Breakout",
    "CityTeam",
    "Command",
    "Device",
    "ExportTaken",
    "HandedIn",
    "Mark",
    "Module",
    "Note",
    "Plan",
    "Rehearsal",
    "Seat",
    "Segment",
    "Stream",
    "Table",
    "Wall",
    "Workshop",
    "plan_kind",
]
