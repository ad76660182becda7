"""DOCX: the session notes to read, the same evening, and to edit."""

import tempfile

from django.utils.translation import gettext as _
from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from sessions.exports import wording
from sessions.exports.packing import repack
from sessions.exports.plain import is_right_to_left


def write(notes, file):
    """Write the document to a binary file, in the active language."""
    document = Document()
    _prepare(document, notes)
    _paragraph(document, notes.title, "Title")
    for line in (wording.when_and_where(notes), wording.what_it_is(notes)):
        if line:
            _paragraph(document, line)
    if notes.cities:
        _paragraph(document, _("City teams"), "Heading1")
        for city in notes.cities:
            _paragraph(document, city, "ListBullet")
    for discussion in notes.discussions:
        _discussion(document, discussion)
    for checklist in notes.checklists:
        _checklist(document, checklist)
    if notes.attribution:
        _paragraph(document, notes.attribution, "About").paragraph_format.space_before = Pt(36)
    with tempfile.TemporaryFile() as stamped:
        document.save(stamped)
        repack(stamped, file, notes.date)


def _prepare(document, notes):
    """Set what Word says about the file, its language, and the styles of a note and of the line below it."""
    properties = document.core_properties
    properties.title, properties.language = notes.title[:255], notes.language
    properties.author = properties.comments = properties.last_modified_by = ""
    language = document.styles.element.xpath("//w:docDefaults//w:lang")[0]
    language.set(qn("w:val"), notes.language)
    note = document.styles.add_style("Note", WD_STYLE_TYPE.PARAGRAPH)
    note.paragraph_format.space_after = Pt(0)
    note.paragraph_format.keep_with_next = True
    about = document.styles.add_style("About", WD_STYLE_TYPE.PARAGRAPH)
    about.paragraph_format.space_after = Pt(8)
    about.font.size = Pt(9)
    for style in (note, about):
        style.base_style = document.styles["Normal"]


def _paragraph(document, text, style=None):
    """Add a paragraph, with the direction its text runs in; a line break in the text is one.

    style: its id, not its name: python-docx takes longer to look a name up than for all the rest.
    """
    paragraph = document.add_paragraph(text)
    if style:
        paragraph._p.style = style
    if is_right_to_left(text):
        paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
        for run in paragraph.runs:
            run.font.rtl = True
    return paragraph


def _discussion(document, discussion):
    _paragraph(document, f"{wording.heading(discussion)}: {discussion.question}", "Heading1")
    _paragraph(document, wording.when_held(discussion), "About")
    for name, cities in wording.tables(discussion):
        _paragraph(document, f"{name}: {cities}", "ListBullet")
    columns = discussion.sorted_notes()
    for title, notes in columns:
        _paragraph(document, title, "Heading2")
        for note in notes:
            _note(document, wording.note_to_read(note, discussion))
    if not columns:
        _paragraph(document, _("No notes."))


def _note(document, note):
    _paragraph(document, note.text, "Note" if note.about else None)
    if note.about:
        _paragraph(document, " · ".join(note.about), "About")


def _checklist(document, checklist):
    _paragraph(document, checklist.title, "Heading1")
    table = document.add_table(rows=0, cols=len(wording.checklist_headings()), style="Table Grid")
    for cells in [wording.checklist_headings(), *(wording.checklist_row(item) for item in checklist.items)]:
        for cell, text in zip(table.add_row().cells, cells, strict=True):
            cell.text = text
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
