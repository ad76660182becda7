"""Opens an exported file as the people who get it do."""

import csv
import html
import io
import json
import re
import zipfile

import docx
import openpyxl


def rows(content):
    """Return the rows of a CSV file as dicts."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def document(content):
    """Return a JSON file's data."""
    return json.loads(content)


def notes(content):
    """Return all notes of a JSON file."""
    return [note for discussion in json.loads(content)["discussions"] for note in discussion["notes"]]


def book(content):
    """Return an XLSX file as openpyxl reads it."""
    return openpyxl.load_workbook(io.BytesIO(content))


def sheet(content, name):
    """Return the rows of a worksheet as dicts, under the headings of its first row."""
    first, *others = book(content)[name].iter_rows(values_only=True)
    return [dict(zip(first, other, strict=True)) for other in others]


def paragraphs(content):
    """Return the paragraphs of a DOCX file, its tables' cells after them."""
    opened = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    return [paragraph.text for paragraph in opened.paragraphs] + cells


def everything(content):
    """Return all bytes of a file, those inside a zip archive unpacked, as text without XML's escapes."""
    if not content.startswith(b"PK"):
        return content.decode("utf-8-sig")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
        return html.unescape("\n".join([*archive.namelist(), *parts]))


def words(content):
    """Return what a person reads in a file: its text without markup."""
    return html.unescape(re.sub(r"<[^>]*>", " ", everything(content)))
