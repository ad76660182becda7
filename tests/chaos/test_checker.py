"""The checker of the chaos run sees each thing that must not be: on rooms made by hand."""

from bench.chaos import checker
from bench.chaos.checker import Violation
from bench.chaos.database import Row
from bench.chaos.ledger import Ledger
from bench.chaos.outages import DATABASE, Outages
from sessions.rehearsal.command import Command

FIRST = "n000001 Nobody owns the budget."
EDITED = "n000001e1 Everybody owns the budget."


def command(kind="note", text=FIRST, note="a", status="stored", sent=1.0, settled=2.0, tries=1):
    """A command about the note "a", as a phone keeps it."""
    settled = settled if status != "waiting" else 0.0
    return Command(
        kind, "", [], note=note, text=text, made=sent, sent=sent, settled=settled, status=status, tries=tries
    )


def row(text=FIRST, uuid="a", pk=1, **fields):
    """The row of the note "a"."""
    return Row(pk, uuid, text, team=1, breakout=1, **fields)


def invariants(violations):
    return [violation.invariant for violation in violations]


def stored(commands, rows, hidden=None):
    """What is wrong with these rows after these commands."""
    ledger = Ledger()
    ledger.commands = commands
    ledger.hidden = hidden or {}
    return invariants(checker.check_stored(ledger, rows))


class TestStored:
    def test_a_note_that_is_there_as_acknowledged_is_right(self):
        assert stored([command()], [row()]) == []

    def test_an_acknowledged_note_that_is_not_there_is_lost(self):
        assert stored([command()], []) == [checker.LOST]

    def test_a_note_nobody_acknowledged_may_be_there_or_not(self):
        assert stored([command(status="waiting")], []) == []
        assert stored([command(status="waiting")], [row()]) == []

    def test_a_note_that_is_there_twice_is_doubled_under_whatever_id(self):
        assert stored([command()], [row(), row(uuid="b", pk=2)]) == [checker.DOUBLED]
        assert stored([command(status="waiting")], [row(), row(uuid="b", pk=2)]) == [checker.DOUBLED]

    def test_a_note_nobody_sent_is_seen(self):
        assert stored([command()], [row(), row("n000007 Whose is this?", "c", 2)]) == [checker.UNSENT]

    def test_the_last_acknowledged_text_has_to_be_there(self):
        edit = command("edit", EDITED, sent=3.0, settled=4.0)

        assert stored([command(), edit], [row(EDITED)]) == []
        assert stored([command(), edit], [row()]) == [checker.LOST]

    def test_an_edit_nobody_acknowledged_may_have_been_done_or_not(self):
        edit = command("edit", EDITED, sent=3.0, status="waiting")

        assert stored([command(), edit], [row(EDITED)]) == []
        assert stored([command(), edit], [row()]) == []

    def test_a_refused_edit_was_not_done(self):
        edit = command("edit", EDITED, sent=3.0, settled=4.0, status="refused")

        assert stored([command(), edit], [row(EDITED)]) == [checker.LOST]

    def test_a_note_that_was_taken_back_has_to_be_gone(self):
        delete = command("delete", "", sent=3.0, settled=4.0)

        assert stored([command(), delete], [row("", deleted=True)]) == []
        assert stored([command(), delete], [row()]) == [checker.LOST]

    def test_a_note_nobody_took_back_has_to_be_whole(self):
        assert stored([command()], [row("", deleted=True)]) == [checker.LOST]

    def test_of_two_that_overlap_either_may_be_the_last(self):
        edit = command("edit", EDITED, sent=3.0, settled=6.0)
        delete = command("delete", "", sent=5.0, settled=7.0)

        assert stored([command(), edit, delete], [row(EDITED)]) == []
        assert stored([command(), edit, delete], [row("", deleted=True)]) == []
        assert stored([command(), edit, delete], [row()]) == [checker.LOST]

    def test_what_the_desk_was_told_it_had_hidden_is_hidden(self):
        assert stored([command()], [row(hidden=True)], {"a": True}) == []
        assert stored([command()], [row(hidden=False)], {"a": True}) == [checker.LOST]


class TestViews:
    def test_a_part_that_differs_from_a_fresh_page_is_seen(self):
        live = {"notes": "<ul><li>one</li></ul>"}

        assert checker.check_view("desk", live, {"notes": "<ul> <li>one</li> </ul>", "run": "…"}) == []
        assert invariants(checker.check_view("desk", live, {"notes": "<ul></ul>"})) == [checker.VIEW]

    def test_a_text_that_is_missing_or_too_many_is_seen(self):
        due = {"our-notes": [FIRST]}

        assert checker.check_projection("phone", {"our-notes": f"<li>{FIRST}</li>"}, due) == []
        assert invariants(checker.check_projection("phone", {"our-notes": "<li></li>"}, due)) == [checker.PROJECTION]
        assert invariants(checker.check_projection("phone", {"our-notes": FIRST + " n000002"}, due)) == [
            checker.PROJECTION
        ]

    def test_a_text_of_before_its_edit_is_seen(self):
        assert invariants(checker.check_projection("phone", {"our-notes": FIRST}, {"our-notes": [EDITED]})) == [
            checker.PROJECTION
        ]


class TestExport:
    def export(self, *texts):
        return {"discussions": [{"notes": [{"text": text} for text in texts]}]}

    def test_every_note_is_in_it_once(self):
        assert checker.check_export(self.export(FIRST), [row(), row("", "b", 2, deleted=True)]) == []
        assert invariants(checker.check_export(self.export(), [row()])) == [checker.EXPORT]
        assert invariants(checker.check_export(self.export(FIRST, FIRST), [row()])) == [checker.EXPORT]


class TestNumbers:
    def test_the_numbers_of_one_socket_rise(self):
        assert checker.check_numbers("wall", [("stage", 0, 1), ("board", 3, 5), ("stage", 1, 4)]) == []
        assert invariants(checker.check_numbers("wall", [("stage", 1, 2), ("stage", 0, 1)])) == [checker.NUMBERS]
        assert invariants(checker.check_numbers("wall", [("stage", 1, 2), ("stage", 1, 2)])) == [checker.NUMBERS]

    def test_what_ages_is_drawn_anew_under_its_number(self):
        assert checker.check_numbers("desk", [("desk", 1, 2), ("desk", 2, 2), ("desk", 2, 3), ("desk", 2, 2)]) == []

    def test_the_numbers_of_the_database_never_go_back(self):
        assert checker.check_counters({(1, "stage"): 4}, {(1, "stage"): 4, (1, "desk"): 1}) == []
        assert invariants(checker.check_counters({(1, "stage"): 4}, {(1, "stage"): 3})) == [checker.NUMBERS]


class TestAnswers:
    def test_an_acknowledgement_before_the_commit_is_seen(self):
        ledger = Ledger()
        ledger.seen_after_ack = [("n000001", True)]
        assert checker.check_acks(ledger) == []

        ledger.seen_after_ack.append(("n000002", False))
        assert checker.check_acks(ledger) == [Violation(checker.EARLY_ACK, "n000002")]

    def test_what_was_never_answered_is_seen(self):
        assert checker.check_answers("phone", [command()]) == []
        assert invariants(checker.check_answers("phone", [command(status="waiting")])) == [checker.UNANSWERED]

    def test_a_server_error_is_one_whatever_was_away_and_a_503_unless_it_was_the_database(self):
        outages = Outages()
        outages.of[DATABASE] = [(10, 20)]

        assert checker.check_errors([(15, 503, "/p/"), (22, 503, "/p/")], outages, 3) == []
        assert invariants(checker.check_errors([(24, 503, "/p/"), (9, 503, "/p/")], outages, 3)) == [checker.ERROR] * 2
        assert invariants(checker.check_errors([(15, 500, "/p/")], outages, 3)) == [checker.ERROR]

    def test_who_waited_too_long_is_seen(self):
        assert checker.check_staleness([(5.9, "n000001", "desk")], 6) == []
        assert invariants(checker.check_staleness([(6.1, "n000001", "desk")], 6)) == [checker.STALE]
