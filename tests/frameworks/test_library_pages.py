"""Organizers look after the library on the admin's pages."""

import pytest
from django.core.management import call_command
from i18nfield.strings import LazyI18nString

from frameworks.models import Case, Category, Checklist, Definition, Prompt, Resource, Study, Taxonomy, Term

KINDS = ["case", "study", "definition", "frame", "resource", "taxonomy", "checklist", "prompt"]


@pytest.fixture
def shipped(db):
    call_command("load_content", verbosity=0)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_list_a_search_and_pages_to_add_and_change(shipped, library, kind):
    model = {m._meta.model_name: m for m in (Case, Study, Taxonomy)}.get(kind)

    assert 'id="searchbar"' in library(f"{kind}/").html
    library(f"{kind}/add/")
    if model:
        library(f"{kind}/{model.objects.first().pk}/change/")


@pytest.mark.parametrize("kind", KINDS)
def test_pages_carry_no_script_or_style_of_their_own(shipped, library, kind):
    for path in (f"{kind}/", f"{kind}/add/"):
        html = library(path).html
        assert "<style" not in html
        assert " style=" not in html
        assert "onclick" not in html


@pytest.mark.parametrize(
    ("kind", "words", "found"),
    [
        ("case", "hartford", ["hartford"]),
        ("case", "facilities HOST", ["hartford"]),
        ("case", "evolve502", ["louisville"]),
        ("study", "Martínez", ["jabs", "ssir-2023"]),
        ("study", "outward-looking", ["jabs"]),
        ("taxonomy", "navigator", ["key-actions"]),
        ("taxonomy", "Teaming", ["barriers"]),
        ("checklist", "T12", ["strategic-triangle"]),
        ("checklist", "workable plan", ["strategic-triangle"]),
        ("prompt", "setbacks", ["dealing-with-setbacks"]),
        ("definition", "nothing like that", []),
        ("definition", '"', []),
        ("definition", "100% _", []),
    ],
)
def test_search_finds_words_in_any_text_once(shipped, admin_client, library, kind, words, found):
    page = admin_client.get(library(f"{kind}/").url, {"q": words})

    assert [row.code for row in page.context["cl"].result_list] == found


def test_search_finds_letters_that_the_database_holds_escaped(library, admin_client):
    Definition.objects.create(code="a", term=LazyI18nString({"en": "Días sin “prisa”"}), text="B")

    page = admin_client.get(library("definition/").url, {"q": "días “pri"})

    assert [row.code for row in page.context["cl"].result_list] == ["a"]


def test_one_language_shows_a_plain_box_with_its_label(library):
    page = library("definition/add/")

    assert page.boxes["term_0"]["type"] == "text"
    assert not page.boxes["term_0"].get("placeholder")
    assert [name for name in page.boxes if name.startswith(("term", "text"))] == ["term_0", "text_0"]
    assert 'for="id_term_0"' in page.html


def test_two_languages_show_two_boxes_and_one_of_them_is_enough(library, settings):
    settings.LANGUAGES = [("en", "English"), ("es", "Español")]
    page = library("definition/add/")
    assert page.boxes["term_1"]["placeholder"] == "Español"

    assert page.save(term_1="Confianza", text_0="B", text_1="C") is None

    row = Definition.objects.get()
    assert (row.term.data, row.text.data) == ({"es": "Confianza"}, {"en": "B", "es": "C"})


def test_a_row_is_added_and_edited(library):
    assert library("definition/add/").save(term_0="Trust", text_0="What takes time", code="trust") is None
    row = Definition.objects.get()
    assert (row.code, row.term.data, str(row.text)) == ("trust", {"en": "Trust"}, "What takes time")

    assert library(f"definition/{row.pk}/change/").save(text_0="What takes a while\r\nand care") is None

    row.refresh_from_db()
    assert str(row.text) == "What takes a while\nand care"


def test_a_code_left_empty_is_made_from_the_text(library):
    for _time in range(2):
        assert library("definition/add/").save(term_0="Who__Pays?", text_0="B") is None
    assert library("definition/add/").save(term_0="信頼", text_0="B") is None

    assert list(Definition.objects.values_list("code", flat=True)) == ["who-pays", "who-pays-2", "row"]


def test_a_code_of_wrong_letters_or_taken_is_refused_in_words(library):
    Definition.objects.create(code="trust", term="A", text="B")

    assert "letters, digits and single hyphens only" in library("definition/add/").save(
        term_0="A", text_0="B", code="a b"
    )
    assert "already exists" in library("definition/add/").save(term_0="A", text_0="B", code="trust")


def test_a_stored_code_does_not_change(library):
    row = Definition.objects.create(code="trust", term="A", text="B")
    page = library(f"definition/{row.pk}/change/")

    assert "disabled" in page.boxes["code"]
    assert page.save(code="other") is None
    row.refresh_from_db()
    assert row.code == "trust"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("a\ud7ff\ufffeb", "cannot be stored"),
        ("a" * 501, "This is 501 characters long; there is room for 500."),
        (" \u200b ", "This field is required."),
        ("", "This field is required."),
    ],
)
def test_bad_text_is_a_form_error(library, text, error):
    assert error in library("definition/add/").save(term_0=text, text_0="B")
    assert not Definition.objects.exists()


def test_text_is_cleaned_as_in_files(library):
    assert library("definition/add/").save(term_0="\u202eTrust\x0b  me", text_0="B\tC", note="x\u202e") is None

    row = Definition.objects.get()
    assert (str(row.term), str(row.text), row.note) == ("Trust me", "B C", "x")


def test_languages_without_a_box_are_kept(library):
    row = Definition.objects.create(code="a", term=LazyI18nString({"en": "Trust", "es": "Confianza"}), text="B")

    assert library(f"definition/{row.pk}/change/").save(term_0="Deep trust") is None

    row.refresh_from_db()
    assert row.term.data == {"en": "Deep trust", "es": "Confianza"}


def test_a_link_needs_no_scheme_and_runs_no_script(library):
    assert "Enter a valid URL" in library("resource/add/").save(heading_0="A", url="javascript:alert(1)")
    assert library("resource/add/").save(heading_0="A", url="example.org") is None

    assert Resource.objects.get().url == "https://example.org"


def test_saving_without_a_change_is_no_edit(shipped, library, capsys):
    for path, model in (("case", Case), ("study", Study), ("taxonomy", Taxonomy), ("checklist", Checklist)):
        for row in model.objects.all():
            assert library(f"{path}/{row.pk}/change/").save() is None
    capsys.readouterr()

    call_command("load_content")

    assert "kept" not in capsys.readouterr().out


def test_an_edit_on_the_page_survives_the_next_load_until_it_is_overwritten(shipped, library, capsys):
    pk = Case.objects.get(code="hartford").pk
    assert library(f"case/{pk}/change/").save(**{"facts-0-text_0": "Secured a $28m grant"}) is None

    call_command("load_content")
    assert str(Case.objects.get(pk=pk).facts.first()) == "Secured a $28m grant"
    assert "case 'hartford'" in capsys.readouterr().out

    call_command("load_content", overwrite=True)
    assert str(Case.objects.get(pk=pk).facts.first()) == "Secured a $27m DOL grant for youth"


def test_lines_stand_in_their_order_and_a_new_one_comes_last(shipped, library):
    case = Case.objects.get(code="south-yorkshire")
    page = library(f"case/{case.pk}/change/")
    assert [page.data[f"facts-{number}-order"] for number in range(3)] == ["1", "2", "3"]
    assert page.data["facts-2-text_0"] == "The low hanging fruit has already been picked"

    page.add_line("facts", text_0="And it is late", order="")
    assert page.save(**{"facts-0-order": "3", "facts-2-order": "1"}) is None

    assert [(fact.order, str(fact)) for fact in case.facts.all()] == [
        (1, "The low hanging fruit has already been picked"),
        (2, "The mayor has limited resources and authority"),
        (3, "The problem is too big to tackle"),
        (4, "And it is late"),
    ]


def test_a_taxonomy_of_ones_own_from_start_to_question(library):
    page = library("taxonomy/add/")
    page.add_line("categories", title_0="Money")
    page.add_line("categories", title_0="People")
    page.add_line("terms", text_0="Who pays?")
    page.add_line("terms", text_0="Who pays?")
    page.add_line("terms", text_0="Who is missing?", helper_0="Look around the table")
    assert page.save(title_0="Our own tags", ask_0="What fits?") is None
    mine = Taxonomy.objects.get()
    assert mine.code == "our-own-tags"
    assert [(c.order, c.code) for c in mine.categories.all()] == [(1, "money"), (2, "people")]
    assert [(t.order, t.code, t.category) for t in mine.terms.all()] == [
        (1, "who-pays", None),
        (2, "who-pays-2", None),
        (3, "who-is-missing", None),
    ]

    people = mine.categories.get(code="people")
    page = library(f"taxonomy/{mine.pk}/change/")
    assert page.save(**{"terms-2-category": people.pk}) is None
    assert mine.terms.get(code="who-is-missing").category == people

    page = library("prompt/add/")
    assert page.choices["taxonomy"] == ["", str(mine.pk)]
    assert page.save(question_0="What is missing?", taxonomy=mine.pk) is None
    assert Prompt.objects.get().taxonomy == mine


def test_two_lines_of_one_code_are_refused_in_words(library):
    page = library("taxonomy/add/")
    page.add_line("terms", text_0="A", code="same")
    page.add_line("terms", text_0="B", code="same")

    assert "duplicate" in page.save(title_0="Tags")
    assert not Taxonomy.objects.exists()


def test_a_term_takes_categories_of_its_own_taxonomy_only(library):
    other = Category.objects.create(taxonomy=Taxonomy.objects.create(code="b", title="B"), code="x", title="X")
    mine = Taxonomy.objects.create(code="a", title="A")
    own = mine.categories.create(code="y", title="Y")
    term = mine.terms.create(code="t", text="T")
    page = library(f"taxonomy/{mine.pk}/change/")
    assert page.choices["terms-0-category"] == ["", str(own.pk)]

    assert "belongs to this row" in page.save(**{"terms-0-category": other.pk})

    term.refresh_from_db()
    assert term.category is None


def test_an_item_takes_places_of_its_own_checklist_only(library):
    elsewhere = Checklist.objects.create(code="b", title="B").places.create(code="x", title="X")
    mine = Checklist.objects.create(code="a", title="A")
    own = mine.places.create(code="y", title="Y")
    page = library(f"checklist/{mine.pk}/change/")
    page.add_line("items", text_0="Agree", place=elsewhere.pk)
    assert "belongs to this row" in page.save()
    page.data["items-0-place"] = ""
    assert "save its places first" in page.save()

    page.data["items-0-place"] = str(own.pk)
    assert page.save() is None

    assert [(i.code, i.build, i.order, i.place) for i in mine.items.all()] == [("agree", 1, 1, own)]


def test_a_category_is_not_removed_while_terms_stand_in_it(shipped, library):
    barriers = Taxonomy.objects.get(code="barriers")

    refusal = library(f"taxonomy/{barriers.pk}/change/").save(**{"categories-0-DELETE": "on"})

    assert "“Substance” is in use by notes, marks or other lines, so it cannot be removed." in refusal
    assert barriers.terms.count() == 7


def test_a_term_nobody_used_is_removed(shipped, library):
    barriers = Taxonomy.objects.get(code="barriers")

    assert library(f"taxonomy/{barriers.pk}/change/").save(**{"terms-6-DELETE": "on"}) is None

    assert barriers.terms.count() == 6


def test_a_taxonomy_that_a_question_uses_is_not_deleted(shipped, admin_client, library):
    barriers = Taxonomy.objects.get(code="barriers")
    url = library(f"taxonomy/{barriers.pk}/delete/").url

    assert (
        admin_client.post(url, {"post": "yes"}).status_code == 403 or Taxonomy.objects.filter(code="barriers").exists()
    )

    assert Term.objects.filter(taxonomy=barriers).count() == 7


def test_a_taxonomy_nobody_uses_is_deleted_with_its_lines(shipped, admin_client, library):
    advice = Taxonomy.objects.get(code="for-the-team")

    admin_client.post(library(f"taxonomy/{advice.pk}/delete/").url, {"post": "yes"})

    assert not Taxonomy.objects.filter(code="for-the-team").exists()


def test_strangers_see_no_library(client, db):
    response = client.get("/library/frameworks/case/")

    assert response.status_code == 302
    assert "login" in response.url
