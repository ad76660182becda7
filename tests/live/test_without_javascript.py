"""A phone whose browser runs no script: it joins, reads and writes by pages and plain forms."""

from tests.stories.room_client import Browser


def test_a_phone_without_javascript_joins_reads_and_writes(live):
    live.talk()
    phone = Browser(live.base)

    phone.get("/")
    phone.submit(phone.form(), code=live.workshop.code.lower(), status=302)
    phone.get(f"/j/{live.workshop.code}")
    phone.submit(phone.form(), team=live.prepared.team("Riverton").pk)
    assert "What barriers is your collaboration facing?" in phone.text
    assert "Go to table" in phone.text
    assert "Talk first. One of you writes." in phone.text

    answer = phone.submit(phone.form("/notes"), text="Written by a plain form", terms=["teaming-trust"])
    assert answer.status_code == 303
    assert "Written by a plain form" in phone.text
    assert "Trusting and understanding each other" in phone.text

    phone.get(next(link for link in _links(phone.at.text) if "/notes/" in link))
    phone.submit(phone.form(button="Save note"), text="Changed by a plain form")
    assert "Changed by a plain form" in phone.text
    assert "Written by a plain form" not in phone.text
    assert [note.text for note in live.workshop.notes.all()] == ["Changed by a plain form"]


def test_an_empty_note_is_answered_with_the_box_and_a_sentence(live):
    live.talk()
    phone = live.phone("Riverton", listen=False).browser

    phone.submit(phone.form("/notes"), text="   ", status=422)
    assert "There is nothing in it yet. Write a few words first." in phone.text
    phone.submit(phone.form(button="Add note"), text="Now there is")

    assert "Now there is" in phone.text


def test_a_second_tap_on_the_same_page_stores_one_note(live):
    live.talk()
    phone = live.phone("Riverton", listen=False).browser
    form = phone.form("/notes")

    for _tap in range(2):
        phone.submit(form, text="Tapped twice")

    assert live.workshop.notes.count() == 1
    assert form.fields != phone.form("/notes").fields, "the next page has a fresh id"


def _links(html):
    return [part.split('"')[0] for part in html.split('href="')[1:]]
