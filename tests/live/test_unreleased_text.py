"""Text that is not out: in no page, no frame, no pull, for nobody but those who may read it."""

import pytest

from tests.stories.room_client import until

SECRET = "quetzalcoatlus"


class Audience:
    """Everybody who may not read along: other tables, the observer, two walls, and the boards on phones."""

    def __init__(self, live):
        self.live = live
        at_table = live.at_the_table_of("Riverton")
        self.author, self.colleague = live.phone("Riverton"), live.phone("Riverton")
        self.neighbour = live.phone(min(at_table - {"Riverton"}))
        self.stranger = live.phone(
            next(city for city in ("Lakeview", "Oldtown", "Eastmoor", "Stonebridge") if city not in at_table)
        )
        self.guest, self.wall, self.wall_too = live.guest(), live.wall(), live.wall()
        self.boards = [live.board_on(self.stranger), live.board_on(self.author)]
        self.desk = live.desk()
        self.outside = [self.stranger, self.guest, self.wall, self.wall_too, *self.boards]

    def know_that_something_changed(self):
        """Wait until the news has reached every screen, so that what follows is not said too early."""
        for screen in (*self.outside, self.desk):
            screen.is_as_fresh()

    def never_had(self, text):
        """Assert that no outsider has ever had a text: not in what it received, not in a fresh page or pull."""
        self.know_that_something_changed()
        for screen in self.outside:
            assert not screen.ever_had(text), f"{screen.path} had “{text}”"
            assert not any(text in frame["html"] for frame in screen.fetch()), screen.path
            assert text not in screen.browser.get(screen.path).text, screen.path

    def see(self, text):
        """Every outsider who looks at the board reads a text now."""
        for screen in (self.guest, *self.boards):
            screen.sees(text)

    def see_no(self, text):
        """It is gone again, from screens and from fresh pulls."""
        for screen in self.outside:
            screen.sees_no(text)
            assert not any(text in frame["html"] for frame in screen.fetch()), screen.path


@pytest.fixture
def audience(live):
    live.talk()
    return Audience(live)


def _set(live, setting):
    live.do("set-board", breakout=live.breakout().pk, setting=setting)


@pytest.mark.parametrize("setting", ["numbers", "released"])
def test_while_they_talk_others_get_numbers_only(live, audience, setting):
    _set(live, setting)

    audience.author.write(f"{SECRET} one", ["teaming-trust"])
    audience.author.edit(f"{SECRET} one", f"{SECRET} two")
    audience.author.write(f"{SECRET} three")
    audience.author.delete(f"{SECRET} three")
    live.do("star", note=live.note(f"{SECRET} two").pk, on="on")
    live.do("turn-board", breakout=live.breakout().pk, column="teaming")
    live.do("turn-board", breakout=live.breakout().pk, note=live.note(f"{SECRET} two").pk)
    live.do("turn-board", breakout=live.breakout().pk, team=live.note(f"{SECRET} two").team_id)

    audience.desk.sees(f"{SECRET} two")
    audience.colleague.sees(f"{SECRET} two")
    audience.neighbour.sees(f"{SECRET} two")
    audience.guest.sees("1 note")
    audience.never_had(SECRET)


def test_with_numbers_first_the_text_comes_with_the_board(live, audience):
    audience.author.write(SECRET, ["teaming-trust"])
    audience.never_had(SECRET)

    live.do("end-discussion")
    audience.never_had(SECRET)
    live.do("advance")

    audience.see(SECRET)
    live.do("turn-board", breakout=live.breakout().pk, column="teaming")
    audience.wall.sees(SECRET)
    audience.wall_too.sees(SECRET)


def test_text_at_once_is_on_the_board_within_a_second(live, audience):
    _set(live, "at-once")

    audience.author.write(SECRET)

    for screen in (audience.guest, audience.wall, *audience.boards):
        screen.sees(SECRET, within=1)


def test_text_when_released_waits_for_that_alone(live, audience):
    _set(live, "released")
    audience.author.write(SECRET, ["teaming-trust"])
    live.do("end-discussion")
    live.do("advance")
    live.do("turn-board", breakout=live.breakout().pk, column="teaming")
    audience.never_had(SECRET)

    live.do("release-text", breakout=live.breakout().pk, released="on")
    audience.see(SECRET)
    audience.wall.sees(SECRET)

    live.do("release-text", breakout=live.breakout().pk)
    audience.see_no(SECRET)


def test_the_setting_can_be_changed_while_they_talk(live, audience):
    audience.author.write(SECRET)
    audience.never_had(SECRET)

    _set(live, "at-once")
    audience.see(SECRET)
    _set(live, "released")
    audience.see_no(SECRET)
    _set(live, "at-once")
    audience.see(SECRET)
    _set(live, "numbers")
    audience.see_no(SECRET)

    audience.author.write(f"{SECRET} rex")
    audience.desk.sees(f"{SECRET} rex")
    audience.know_that_something_changed()
    assert not any(screen.ever_had(f"{SECRET} rex") for screen in audience.outside)


def test_a_table_reads_its_own_and_no_other_table_does(live, audience):
    audience.author.write(SECRET)

    audience.neighbour.sees(SECRET, "Other cities at our table")
    audience.never_had(SECRET)

    live.do("change-settings", tables_see_notes="")
    audience.neighbour.sees_no(SECRET)
    audience.author.write(f"{SECRET} rex")
    audience.desk.sees(f"{SECRET} rex")
    audience.neighbour.is_as_fresh()
    assert not audience.neighbour.ever_had(f"{SECRET} rex")
    audience.colleague.sees(SECRET, f"{SECRET} rex")


def test_a_hidden_note_is_off_walls_and_other_phones_within_a_second_and_its_author_is_not_told(live, audience):
    _set(live, "at-once")
    audience.author.write(SECRET)
    everybody = (audience.guest, audience.wall, audience.wall_too, audience.neighbour, *audience.boards)
    for screen in everybody:
        screen.sees(SECRET)
    before = audience.author.panel("our-notes").html

    live.do("hide", note=live.note(SECRET).pk, on="on")

    for screen in everybody:
        screen.sees_no(SECRET, within=1)
    for screen in everybody:
        assert not any(SECRET in frame["html"] for frame in screen.fetch())
    audience.author.is_as_fresh()
    assert audience.author.panel("our-notes").html == before
    audience.desk.sees(SECRET, "hidden")

    live.do("hide", note=live.note(SECRET).pk)
    for screen in everybody:
        screen.sees(SECRET)


def test_a_covered_wall_has_title_and_code_and_nothing_else(live, audience):
    _set(live, "at-once")
    audience.author.write(SECRET)
    audience.wall.sees(SECRET)

    live.do("cover-wall", covered="on")

    for wall in (audience.wall, audience.wall_too):
        wall.sees_no(SECRET, "What barriers", within=1)
        wall.sees(live.workshop.title, live.workshop.code)
        wall.reload()
        assert SECRET not in wall.page
    audience.guest.sees(SECRET)


def test_the_epilogue_is_in_no_page_or_frame_before_it_is_opened(live):
    screens = [live.phone("Riverton"), live.guest(), live.wall(), live.desk()]
    segment = live.prepared.segment("epilogue")

    live.do("jump", segment=segment.pk)
    for screen in screens:
        screen.sees("Epilogue")
        screen.is_as_fresh()
        assert not screen.ever_had("New Name: Evolve502")
    live.do("advance")

    for screen in screens[:3]:
        screen.sees("New Name: Evolve502")
    live.do("back")
    for screen in screens[:3]:
        screen.sees_no("New Name: Evolve502")
        until(lambda screen=screen: not any("Evolve502" in f["html"] for f in screen.fetch()), "closed again")
