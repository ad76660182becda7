"""Times are those of the session's place, whatever the server's are."""

from datetime import UTC, datetime, timedelta, timezone

from academy import clock
from sessions.models import Note, Workshop


def test_a_note_written_at_noon_in_tokyo_says_noon_everywhere(room):
    Workshop.objects.filter(pk=room.workshop.pk).update(time_zone="Asia/Tokyo")
    noon = datetime(2026, 11, 24, 12, 0, tzinfo=timezone(timedelta(hours=9)))
    clock.shift(noon - datetime.now(UTC))
    riverton, *_others = room.here("Riverton", "Lakeview", "Stonebridge")
    room.desk.go_to("talk")
    riverton.post_note("The bell rings")
    Note.objects.update(created_at=noon)

    pages = {
        "phone": riverton.page(),
        "desk": room.desk.get().content.decode(),
        "notes": room.desk.get("notes").content.decode(),
    }

    assert {name: "12:00" in page for name, page in pages.items()} == {"phone": True, "desk": True, "notes": True}
