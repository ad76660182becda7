"""The content loader: YAML files in, rows of the library out, again and again without harm.

`kinds` says what a file may hold, `files` reads YAML, `values` and `rows` check it, `store` writes.
"""

from frameworks.loading.files import BadContent
from frameworks.loading.kinds import Child, Kind, register
from frameworks.loading.report import Report
from frameworks.loading.store import load

__all__ = ["BadContent", "Child", "Kind", "Report", "load", "register"]
