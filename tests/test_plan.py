"""The session plan: modules of timed segments, and the steps each is shown in."""

from sessions.models import Plan
from tests.rooms import Desk, account, words


def shipped():
    return Plan.objects.get(code="leading-collaboration", is_template=True)


def test_the_shipped_plan_takes_ninety_minutes_thirty_of_them_talk(content):
    segments = list(shipped().segments())

    assert sum(s.planned_minutes for s in segments) == 90
    assert [(s.find_minutes, s.minutes, s.board_minutes) for s in segments if s.is_discussion] == [(2, 10, 3)] * 3


def test_the_shipped_plan_has_the_modules_and_segments_of_the_opening_session(content):
    segments = [(str(s.module.title), s.kind, str(s.title), s.planned_minutes) for s in shipped().segments()]

    assert segments == [
        ("Opening", "info", "Session plan", 1),
        (
            "Opening",
            "info",
            "Management and leadership; individual and organizational capabilities; collaborating across boundaries",
            3,
        ),
        ("What to Expect?", "case", "The Hartford Case", 8),
        ("What to Expect?", "insights", "Top 3 Challenges of Cross-Boundary Collaboration", 4),
        ("What to Expect?", "discussion", "Small Group Discussion", 15),
        ("How to Make Progress?", "case", "The Louisville Case", 8),
        ("How to Make Progress?", "insights", "Learning Journey or Blame Game?; advice list", 5),
        ("How to Make Progress?", "epilogue", "Epilogue", 2),
        ("How to Make Progress?", "discussion", "Small Group Discussion", 15),
        ("Where to Begin?", "case", "The South Yorkshire Case", 5),
        ("Where to Begin?", "insights", "Where to Start; Entry Points", 5),
        ("Where to Begin?", "discussion", "Small Group Discussion", 15),
        ("Closing", "checklist", "Strategic Triangle for a Collaborative Team", 3),
        ("Closing", "info", "Resources", 1),
    ]


def test_a_session_gets_a_whole_copy_of_its_own(room):
    def told(plan):
        columns = ("module__code", "module__order", "order", "kind", "title", "minutes", "find_minutes")
        return list(plan.segments().values_list(*columns, "board_minutes", "shows", "prompt", "board_setting"))

    copy = room.workshop.plan

    assert copy.pk != shipped().pk
    assert not copy.is_template
    assert told(copy) == told(shipped())
    assert (copy.subtitle, copy.attribution) == (shipped().subtitle, shipped().attribution)


def test_a_sessions_copy_is_not_offered_to_start_from(room):
    page = words(Desk(None, account()).client.get("/desk/new"))

    assert page.count("Leading Collaboration in Cities") == 1
