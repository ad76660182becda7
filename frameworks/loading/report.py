"""What a load did, in lists and in sentences."""

from collections import Counter
from dataclasses import dataclass, field

from django.utils.translation import gettext as _


@dataclass
class Report:
    """What became of each row: lists of (kind, code). in_use: what the files no longer have but notes still need."""

    created: list = field(default_factory=list)
    updated: list = field(default_factory=list)
    kept: list = field(default_factory=list)
    unchanged: list = field(default_factory=list)
    in_use: list = field(default_factory=list)

    def lines(self):
        """Return a few lines for a person, the counts first."""
        outcomes = [
            (_("%s created."), self.created),
            (_("%s updated."), self.updated),
            (_("%s unchanged."), self.unchanged),
            (_("%s kept, because edited here."), self.kept),
        ]
        lines = [sentence % _counted(rows) for sentence, rows in outcomes if rows]
        for title, rows in ((_("Updated: %s"), self.updated), (_("Kept as edited here: %s"), self.kept)):
            if rows:
                lines.append(title % ", ".join(f"{kind.name} '{code}'" for kind, code in rows))
        if self.kept:
            lines.append(_("To replace what was edited here by the files, load with --overwrite."))
        if self.in_use:
            lines.append(_("No longer in the files, but still in use, so kept: %s") % ", ".join(self.in_use))
        return lines


def _counted(rows):
    counts = Counter(kind for kind, _code in rows)
    return ", ".join(
        f"{count} {kind.name if count == 1 else kind.model._meta.verbose_name_plural}" for kind, count in counts.items()
    )
