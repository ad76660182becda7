"""JSON: everything, for programs. Its schema is docs/session-notes.schema.json."""

import json

SCHEMA = "urn:academy:session-notes:1"


def write(notes, file):
    """Write the notes to a binary file as UTF-8, without ever holding all of them."""
    _write(file, "{\n")
    for key, value in _head(notes).items():
        _write(file, f'"{key}": {_json(value)},\n')
    _write(file, '"discussions": [')
    for index, discussion in enumerate(notes.discussions):
        _write(file, ",\n" if index else "\n")
        _write_discussion(file, discussion)
    _write(file, "\n]\n}\n")


def _write(file, text):
    file.write(text.encode())


def _json(value):
    return json.dumps(value, ensure_ascii=False)


def _head(notes):
    head = {
        "schema": SCHEMA,
        "without_city_names": not notes.city_names,
        "with_hidden": notes.hidden,
        "session": {
            "title": notes.title,
            "date": notes.date and notes.date.isoformat(),
            "place": notes.place,
            "time_zone": notes.time_zone,
            "language": notes.language,
            "attribution": notes.attribution,
        },
        "checklists": [_checklist(checklist) for checklist in notes.checklists],
    }
    if notes.city_names:
        head["cities"] = notes.cities
    return head


def _checklist(checklist):
    return {"code": checklist.code, "title": checklist.title, "items": [_item(item) for item in checklist.items]}


def _item(item):
    found = {"code": item.code, "text": item.text, "place": item.place, "counts": item.counts}
    return found if item.cities is None else {**found, "cities": item.cities}


def _write_discussion(file, discussion):
    head = _json(_discussion(discussion))
    _write(file, f'{head[:-1]}, "notes": [')
    for index, note in enumerate(discussion.notes()):
        _write(file, ",\n" if index else "\n")
        _write(file, _json(_note(note, discussion)))
    _write(file, "\n]}")


def _discussion(discussion):
    taxonomy = discussion.taxonomy
    found = {
        "number": discussion.number,
        "question": discussion.question,
        "minutes": discussion.minutes,
        "taxonomy": taxonomy
        and {
            "code": taxonomy.code,
            "title": taxonomy.title,
            "categories": [{"code": code, "title": title} for code, title in taxonomy.categories],
            "terms": [_term(term) for term in taxonomy.terms],
        },
    }
    if discussion.tables is not None:
        found["started_at"] = discussion.started_at and discussion.started_at.isoformat()
        found["tables"] = [{"number": table.number, "cities": table.cities} for table in discussion.tables]
    return found


def _term(term):
    return {"code": term.code, "text": term.text, "category": term.category or None}


def _note(note, discussion):
    found = {
        "question": note.question,
        "text": note.text,
        "terms": [_term(term) for term in note.terms],
        "late": note.late,
        "starred": note.starred,
        "hidden": note.hidden,
    }
    if discussion.tables is not None:
        found |= {
            "table": note.table,
            "city": note.city,
            "written_at": note.written_at.isoformat(),
            "edited_at": note.edited_at and note.edited_at.isoformat(),
            "from_desk": note.from_desk,
        }
    return found
