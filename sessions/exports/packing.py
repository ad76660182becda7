"""Office files are zip archives; this takes the clock out of them."""

import re
import shutil
from datetime import date
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_PROPERTIES = "docProps/core.xml"
_MOMENT = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")


def repack(file, packed, on):
    """Copy the zip archive `file` to `packed` (binary files) so that the same content gives the same bytes.

    Libraries stamp entries and properties with the moment of writing. Here an entry's date is the zip format's
    first, and the document's is midnight UTC of the day `on` (None: the zip format's first day).
    """
    moment = f"{(on or date(1980, 1, 1)).isoformat()}T00:00:00Z".encode()
    with ZipFile(file) as source, ZipFile(packed, "w") as target:
        for name in source.namelist():
            entry = ZipInfo(name)
            entry.compress_type = ZIP_DEFLATED
            with source.open(name) as content, target.open(entry, "w") as copy:
                if name == _PROPERTIES:
                    copy.write(_MOMENT.sub(rb"\g<1>" + moment + rb"\2", content.read()))
                else:
                    shutil.copyfileobj(content, copy)
