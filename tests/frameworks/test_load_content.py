"""load_content: what is new is made, what changed is changed, and what organizers did stays."""

import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import call_command
from i18nfield.strings import LazyI18nString

from frameworks import loading
from frameworks.models import Case, Category, Checklist, Definition, Fact, Item, Prompt, Resource, Taxonomy, Term


def edit(row, column, text):
    """Edit a row as the admin does."""
    setattr(row, column, LazyI18nString({"en": text}))
    row.save()


def texts(queryset, column="text"):
    return [str(getattr(row, column)) for row in queryset]


def test_the_shipped_content_loads_without_naming_a_folder(db, capsys):
    call_command("load_content")

    assert "3 cases, 3 studies, 2 definitions, 3 frames" in capsys.readouterr().out
    assert Item.objects.count() == 15


def test_loading_twice_writes_nothing(db, django_assert_max_num_queries, capsys):
    call_command("load_content")
    capsys.readouterr()

    with django_assert_max_num_queries(60) as queries:
        call_command("load_content")

    assert "created" not in capsys.readouterr().out
    written = [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert written == []


def test_the_report_counts_and_names(actions):
    report = loading.load(actions.path)
    assert [(kind.key, code) for kind, code in report.unchanged] == [("taxonomies", "actions")]
    assert (report.created, report.updated, report.kept, report.in_use) == ([], [], [], [])


def test_an_empty_folder_of_comments_says_so(folder):
    folder.write("empty.yaml", "# nothing yet\n")

    assert folder.load() == "There was nothing to load.\n"


def test_a_changed_file_changes_the_row_and_keeps_its_keys(actions):
    keys = dict(Term.objects.values_list("code", "pk"))
    text = (actions.path / "actions.yaml").read_text()

    actions.write(
        "actions.yaml", text.replace("text: Measure", "text: Measure often").replace("title: Now", "title: Soon")
    )
    said = actions.load()

    assert "1 taxonomy updated." in said
    assert texts(Term.objects.all()) == ["Listen", "Measure often", "Rest"]
    assert texts(Category.objects.all(), "title") == ["Soon", "Later"]
    assert dict(Term.objects.values_list("code", "pk")) == keys


def test_terms_change_places_and_keep_their_keys(actions):
    keys = dict(Term.objects.values_list("code", "pk"))

    actions.write(
        "actions.yaml",
        """
        taxonomies:
          - code: actions
            title: Actions
            terms:
              - {code: rest, text: Rest}
              - {code: listen, text: Listen}
              - {code: measure, text: Measure}
        """,
    )
    actions.load()

    assert texts(Term.objects.all()) == ["Rest", "Listen", "Measure"]
    assert dict(Term.objects.values_list("code", "pk")) == keys
    assert not Category.objects.exists()


def test_facts_have_no_code_and_keep_their_keys_by_order(folder):
    case = "cases:\n- {code: a, title: A, place: B, question: C?, facts: [{text: One}, {text: Two}, {text: Three}]}\n"
    folder.write("case.yaml", case).load()
    keys = list(Fact.objects.values_list("pk", flat=True))

    folder.write(
        "case.yaml", case.replace("{text: Two}", "{text: Two and a half}").replace(", {text: Three}", "")
    ).load()

    assert list(Fact.objects.values_list("pk", flat=True)) == keys[:2]
    assert texts(Fact.objects.all()) == ["One", "Two and a half"]


@pytest.mark.parametrize("place", ["row", "line", "category", "new line", "lost line", "second language"])
def test_what_was_edited_here_is_kept(actions, place):
    taxonomy = Taxonomy.objects.get()
    if place == "row":
        edit(taxonomy, "title", "My actions")
    elif place == "line":
        edit(taxonomy.terms.first(), "text", "Really listen")
    elif place == "category":
        taxonomy.terms.filter(code="rest").update(category=taxonomy.categories.first())
    elif place == "new line":
        taxonomy.terms.create(code="mine", text=LazyI18nString({"en": "Mine"}), order=9)
    elif place == "lost line":
        taxonomy.terms.get(code="rest").delete()
    else:
        term = taxonomy.terms.first()
        term.text = LazyI18nString({"en": "Listen", "es": "Escuchar"})
        term.save()
    before = list(Term.objects.values()) + list(Taxonomy.objects.values())
    text = (actions.path / "actions.yaml").read_text()

    said = actions.write("actions.yaml", text.replace("Measure", "Count")).load()

    assert list(Term.objects.values()) + list(Taxonomy.objects.values()) == before
    assert "1 taxonomy kept, because edited here." in said
    assert "Kept as edited here: taxonomy 'actions'" in said
    assert "--overwrite" in said


def test_overwrite_replaces_what_was_edited_here(actions):
    edit(Taxonomy.objects.get(), "title", "My actions")
    Taxonomy.objects.get().terms.create(code="mine", text=LazyI18nString({"en": "Mine"}), order=9)

    said = actions.load("--overwrite")

    assert "1 taxonomy updated." in said
    assert str(Taxonomy.objects.get()) == "Actions"
    assert texts(Term.objects.all()) == ["Listen", "Measure", "Rest"]
    assert "unchanged" in actions.load()


def test_an_edit_that_says_what_the_file_says_now_is_no_edit(actions):
    edit(Taxonomy.objects.get(), "title", "Deeds")
    text = (actions.path / "actions.yaml").read_text()

    said = actions.write("actions.yaml", text.replace("title: Actions", "title: Deeds")).load()
    again = actions.write("actions.yaml", text.replace("title: Actions", "title: Works")).load()

    assert "1 taxonomy unchanged." in said
    assert "1 taxonomy updated." in again


def test_a_row_an_organizer_made_with_a_code_of_the_file_is_kept(folder):
    Definition.objects.create(code="trust", term="Trust", text="Ours")

    said = folder.write("d.yaml", "definitions: [{code: trust, term: Trust, text: Theirs}]").load()

    assert "kept, because edited here" in said
    assert str(Definition.objects.get().text) == "Ours"


def test_rows_no_file_names_stay(actions):
    mine = Taxonomy.objects.create(code="mine", title="Mine")
    mine.terms.create(code="a", text="A")

    actions.load("--overwrite")
    actions.write("actions.yaml", "definitions: []").load("--overwrite")

    assert set(Taxonomy.objects.values_list("code", flat=True)) == {"mine", "actions"}
    assert Term.objects.count() == 4


def test_a_column_newer_than_the_last_load_is_no_edit(actions):
    taxonomy = Taxonomy.objects.get()
    del taxonomy.loaded["ask"], taxonomy.loaded["terms"][0]["helper"]
    taxonomy.save()
    text = (actions.path / "actions.yaml").read_text()

    assert "1 taxonomy updated." in actions.write("actions.yaml", text.replace("Measure", "Count")).load()


def test_a_line_that_something_points_at_is_kept_and_reported(folder):
    text = """
        checklists:
          - code: list
            title: List
            places: [{code: here, title: Here}, {code: there, title: There}]
            items: [{code: A1, place: here, text: One}, {code: A2, place: there, text: Two}]
        """
    folder.write("list.yaml", text).load()
    other = Checklist.objects.create(code="other", title="Other")
    other.items.create(code="X", place=Checklist.objects.get(code="list").places.get(code="there"), text="X")

    said = folder.write(
        "list.yaml", text.replace(", {code: there, title: There}", "").replace("place: there", "place: here")
    ).load()

    assert "No longer in the files, but still in use, so kept: checklist 'list': place 'there'" in said
    assert Checklist.objects.get(code="list").places.count() == 2
    assert other.items.get().place.code == "there"
    assert "1 checklist unchanged." in folder.load()


def test_references_go_across_files_in_any_order(folder):
    folder.write("a.yaml", "prompts: [{code: ask, question: Why?, taxonomy: tags}]")
    folder.write("z.yml", "taxonomies: [{code: tags, title: Tags}]")

    folder.load()

    assert Prompt.objects.get().taxonomy.code == "tags"


def test_references_may_name_what_is_only_in_the_library(folder):
    Taxonomy.objects.create(code="mine", title="Mine")

    folder.write("a.yaml", "prompts: [{code: ask, question: Why?, taxonomy: mine}]").load()

    assert Prompt.objects.get().taxonomy.code == "mine"


def test_texts_may_be_given_per_language(folder):
    folder.write("d.yaml", "definitions: [{code: trust, term: {en: Trust, es: Confianza}, text: Both}]").load()

    definition = Definition.objects.get()
    assert definition.term.data == {"en": "Trust", "es": "Confianza"}
    assert definition.text.data == {"en": "Both"}


def test_a_text_that_looks_like_data_stays_text(folder):
    folder.write("d.yaml", 'definitions: [{code: t, term: "90", text: "{\\"en\\": 1}"}]').load()

    assert (str(Definition.objects.get().term), str(Definition.objects.get().text)) == ("90", '{"en": 1}')
    assert "unchanged" in folder.load()


def test_text_is_cleaned_as_everywhere(folder):
    folder.write("d.yaml", 'definitions: [{code: t, term: "  Tru\\u202est\\n in  it ", text: "a\\r\\nb\\tc "}]').load()

    assert (str(Definition.objects.get().term), str(Definition.objects.get().text)) == ("Trust in it", "a\nb c")
    assert "unchanged" in folder.load()


def test_order_is_the_place_in_the_list_unless_it_is_given(folder):
    folder.write(
        "t.yaml",
        "taxonomies:\n- code: t\n  title: T\n"
        "  terms: [{code: a, text: A}, {code: b, text: B, order: 0}, {code: c, text: C}]\n",
    ).load()

    assert list(Term.objects.values_list("code", "order")) == [("b", 0), ("a", 1), ("c", 3)]


def test_a_key_taken_out_empties_the_column(folder):
    folder.write("r.yaml", "resources: [{code: r, heading: R, url: 'https://example.org/'}]").load()
    folder.write("r.yaml", "resources: [{code: r, heading: R}]").load()

    assert Resource.objects.get().url == ""


def test_a_file_with_a_byte_order_mark_is_fine(folder):
    (folder.path / "d.yaml").write_bytes(b"\xef\xbb\xbfdefinitions: [{code: t, term: A, text: B}]")

    assert "1 definition created." in folder.load()


def test_registering_a_kind_twice_changes_nothing():
    from frameworks.loading.kinds import REGISTRY

    before = dict(REGISTRY)
    loading.register(REGISTRY["cases"])

    assert before == REGISTRY


def test_a_bad_file_ends_the_command_with_a_sentence_and_no_traceback(tmp_path):
    (tmp_path / "x.yaml").write_text("cases: 5\n")

    done = subprocess.run(
        [sys.executable, "manage.py", "load_content", str(tmp_path)],
        cwd=settings.BASE_DIR,
        env={"SECRET_KEY": "x", "DATABASE_URL": f"sqlite:///{tmp_path / 'x.sqlite3'}", "ACADEMY_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "x.yaml, line 1: 'cases' must be a list" in done.stderr
    assert "Traceback" not in done.stderr


def test_nothing_is_written_when_anything_is_bad(folder):
    folder.write("a.yaml", "definitions: [{code: t, term: A, text: B}]")
    folder.write("b.yaml", "cases: [{code: t, title: A}]")

    with pytest.raises(Exception, match="b.yaml, line 1"):
        folder.load()

    assert not Definition.objects.exists()
    assert not Case.objects.exists()
