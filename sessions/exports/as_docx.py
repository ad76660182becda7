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
        _paragraph(document, _("City teams"), "Heading 1")
        for city in notes.cities:
            _paragraph(document, city, "List Bullet")
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
    """Set what Word says about the file, its language, and the style of the line below a note."""
    properties = document.core_properties
    properties.title, properties.language = notes.title[:255], notes.language
    properties.author = properties.comments = properties.last_modified_by = ""
    language = document.styles.element.xpath("//w:docDefaults//w:lang")[0]
    language.set(qn("w:val"), notes.language)
    about = document.styles.add_style("About", WD_STYLE_TYPE.PARAGRAPH)
    about.base_style = document.styles["Normal"]
    about.font.size = Pt(9)
    about.paragraph_format.space_after = Pt(8)


def _paragraph(parent, text, style=None):
    """Add a paragraph, with the direction its text runs in; a line break in the text is one."""
    paragraph = parent.add_paragraph(text, style)
    if is_right_to_left(text):
        paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
        for run in paragraph.runs:
            run.font.rtl = True
    return paragraph


def _discussion(document, discussion):
    _paragraph(document, f"{wording.heading(discussion)}: {discussion.question}", "Heading 1")
    _paragraph(document, wording.when_held(discussion), "About")
    for name, cities in wording.tables(discussion):
        _paragraph(document, f"{name}: {cities}", "List Bullet")
    columns = discussion.sorted_notes()
    for title, notes in columns:
        _paragraph(document, title, "Heading 2")
        for note in notes:
            _note(document, wording.note_to_read(note, discussion))
    if not columns:
        _paragraph(document, _("No notes."))


def _note(document, note):
    text = _paragraph(document, note.text)
    if note.about:
        text.paragraph_format.keep_with_next = True
        text.paragraph_format.space_after = Pt(0)
        _paragraph(document, " · ".join(note.about), "About")


def _checklist(document, checklist):
    _paragraph(document, checklist.title, "Heading 1")
    table = document.add_table(rows=0, cols=len(wording.checklist_headings()), style="Table Grid")
    for cells in [wording.checklist_headings(), *(wording.checklist_row(item) for item in checklist.items)]:
        for cell, text in zip(table.add_row().cells, cells, strict=True):
            cell.text = text
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
