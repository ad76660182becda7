"""What people write never reaches a log."""

import logging

CANARY = "zebra-quartz-71"


def test_no_log_line_holds_what_somebody_wrote(room, caplog):
    caplog.set_level(logging.DEBUG)
    riverton, *_others = room.here()
    room.desk.go_to("talk")

    riverton.post_note(f"{CANARY} said the mayor")
    riverton.post_note(f"{CANARY} " * 200)
    riverton.client.post(riverton.path + "notes", {"text": CANARY, "breakout": "nonsense"})
    riverton.client.post(riverton.path + "nowhere", {"text": CANARY})
    room.desk.do("message", message=CANARY)
    room.desk.do("rename-team", team=room.team("Lakeview").pk, name=CANARY)

    lines = [record.getMessage() for record in caplog.records if record.name != "django.db.backends"]
    assert lines
    assert not [line for line in lines if CANARY in line]
