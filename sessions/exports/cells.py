"""The cells of a worksheet: text stays text, whatever it begins with."""

import re
from datetime import datetime

from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from sessions.exports.plain import is_like_formula

# How a workbook spells a character by its number. Text that happens to look like that would be read as one.
_SPELLED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


class Cells:
    """Writes rows to a write-only worksheet. Styles are made once and shared: there may be a million cells."""

    def __init__(self, sheet):
        self.sheet = sheet
        self.rows = self.width = 0
        self.styles = {
            "plain": self._style(),
            "quoted": self._style(quoted=True),
            "moment": self._style(number_format="yyyy-mm-dd hh:mm:ss"),
            "heading": self._style(bold=True),
            "heading quoted": self._style(bold=True, quoted=True),
        }

    def _style(self, *, bold=False, quoted=False, number_format="General"):
        cell = WriteOnlyCell(self.sheet)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.number_format = number_format
        cell.quotePrefix = quoted
        if bold:
            cell.font = Font(bold=True)
        return cell._style

    def heading(self, values):
        """Write the first row."""
        self.width = len(values)
        self._append([self._text(value, "heading", "heading quoted") for value in values])

    def row(self, values):
        """Write a row of str, int, naive datetime or None."""
        self._append([self._text(v, "plain", "quoted") if v and isinstance(v, str) else self._value(v) for v in values])

    def filter(self):
        """Let the reader filter all rows written so far."""
        self.sheet.auto_filter.ref = f"A1:{get_column_letter(self.width)}{self.rows}"

    def _append(self, cells):
        self.sheet.append(cells)
        self.rows += 1

    def _text(self, text, style, quoted):
        """Return a text cell. Quoted, a spreadsheet takes it as text even after somebody has typed in it."""
        cell = WriteOnlyCell(self.sheet, _SPELLED.sub("_x005F_", text))
        cell.data_type = "s"
        cell._style = self.styles[quoted if is_like_formula(text) else style]
        return cell

    def _value(self, value):
        cell = WriteOnlyCell(self.sheet, None if value == "" else value)
        cell._style = self.styles["moment" if isinstance(value, datetime) else "plain"]
        return cell
