"""Two facilitators at two laptops: in step, and never a segment skipped by both pressing at once."""

import uuid

from tests.live.rooms import LiveRoom


def test_two_desks_stay_in_step_and_a_stale_one_is_told(server):
    live = LiveRoom(server)
    try:
        helper = live.signed_in("helper")
        live.do("add-facilitator", username="helper")
        mine, theirs = live.desk(), live.desk(helper)
        phone = live.phone("Riverton")

        mine.press("Next: Session plan")
        theirs.sees("Session plan", "Next: Management and leadership")
        theirs.press("Next: Management and leadership")
        mine.sees("Next: Individual Capabilities")

        # Both press "next" on what they saw: one step, and a sentence for the slower one.
        theirs.lose_network()
        stale = theirs.browser.form("/do/advance", html=theirs.panel("run").html)
        mine.press("Next: Individual Capabilities")
        answer = helper.submit(stale, script=True, token=theirs.token, status=409)
        assert "The session has moved on since this page was drawn, so nothing was changed." in answer.text
        mine.sees("Next: Collaborating Across Boundaries")
        theirs.regain_network()
        theirs.sees("Next: Collaborating Across Boundaries")

        # A double click is one click.
        form, click = mine.browser.form("/do/advance", html=mine.panel("run").html), uuid.uuid4()
        for _press in range(2):
            mine.browser.submit(form, script=True, token=mine.token, uuid=click)
        for desk in (mine, theirs):
            desk.sees("Next: The Hartford Case")
            desk.is_as_fresh()
        phone.sees("Collaborating Across Boundaries")
        phone.is_as_fresh()
    finally:
        live.close()
