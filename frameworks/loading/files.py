"""Reads content files, and says what is wrong with one by file, line and a sentence."""

from difflib import get_close_matches

from django.utils.translation import gettext as _
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError


class BadContent(ValueError):
    """A content file that cannot be loaded. Its text is what the organizer reads."""

    def __init__(self, file, line, sentence):
        """file: a name without folders. line: from 1, or None for the whole file."""
        where = _("%(file)s, line %(line)d: %(sentence)s") if line else _("%(file)s: %(sentence)s")
        super().__init__(where % {"file": file, "line": line, "sentence": sentence})


def read_files(directory):
    """Return (file name, YAML tree) for each content file of a folder, by name; raises BadContent.

    The tree keeps line numbers (ruamel's round-trip loader), and runs no code whatever its tags say.
    """
    paths = sorted(path for path in directory.glob("*") if path.suffix in (".yaml", ".yml"))
    if not directory.is_dir():
        raise BadContent(directory, None, _("there is no such folder."))
    if not paths:
        raise BadContent(directory, None, _("there is no content file (*.yaml) in this folder."))
    return [(path.name, _parse(path.name, _text(path))) for path in paths]


def line_of(node, key):
    """Return the line, from 1, of a mapping's key or of a list's item."""
    try:
        place = node.lc.item(key) if isinstance(key, int) else node.lc.key(key)
    except (AttributeError, KeyError, TypeError):
        return node.lc.line + 1  # the key came through a YAML merge: its own line is not known
    return place[0] + 1


def did_you_mean(word, words):
    """Return " Did you mean 'x'?" when one of the words is close, else nothing."""
    close = get_close_matches(str(word), [str(known) for known in words], n=1)
    return _(" Did you mean '%(word)s'?") % {"word": close[0]} if close else ""


def _text(path):
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise BadContent(path.name, None, _("the file cannot be read (%s).") % problem.strerror) from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        raise BadContent(path.name, line, _("the file is not UTF-8: save it as UTF-8.")) from None


def _parse(file, text):
    try:
        return YAML().load(text)
    except MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        raise BadContent(file, mark and mark.line + 1, _what(problem)) from None
    except ReaderError as problem:
        line = text.count("\n", 0, problem.position) + 1
        raise BadContent(file, line, _("there is a character that no content file may hold.")) from None
    except (YAMLError, ValueError, RecursionError) as problem:
        raise BadContent(file, None, _("this is not YAML that can be read (%s).") % type(problem).__name__) from None


def _what(problem):
    first = (problem.problem or "").splitlines()[0] if problem.problem else type(problem).__name__
    if first.startswith("found duplicate key"):
        return _("a key stands twice (%s): keep one.") % first.removeprefix("found duplicate key ").split(" with ")[0]
    return _("this is not YAML that can be read (%s). Check indentation, quotes and colons.") % first
