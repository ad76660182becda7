"""What people send, read and cleaned. Errors are sentences."""

import csv
import io
import re
import uuid as uuids

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from academy.text import clean_text
from sessions.models import BoardSetting, CityTeam, Mark, Plan
from sessions.models.note import NOTE_LIMIT
from sessions.models.workshop import check_time_zone

MOST_LINES = 500


class TextField(forms.CharField):
    """A text people write: cleaned once, the same everywhere."""

    def __init__(self, *, limit, lines=False, **kwargs):
        super().__init__(strip=False, **kwargs)
        self.limit, self.lines = limit, lines
        self.validators = []  # NUL and length have their own sentences below

    def to_python(self, value):
        """Return the cleaned text, or raise ValidationError."""
        return clean_text(str(value or ""), limit=self.limit, lines=self.lines)


class CommandForm(forms.Form):
    """Any command: the id its page made, and the state of the run it was made from."""

    uuid = forms.UUIDField(required=False)
    version = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)


class RunForm(CommandForm):
    """A command that moves the run: it has to say from which state."""

    version = forms.IntegerField(
        min_value=0,
        max_value=2**31 - 1,
        error_messages={
            "required": gettext_lazy("Reload the page, then press again: this command did not say what it saw.")
        },
    )


def _id(**kwargs):
    return forms.IntegerField(min_value=1, max_value=2**31 - 1, **kwargs)


class AdvanceForm(RunForm):
    early = forms.BooleanField(required=False)


class SegmentForm(RunForm):
    segment = _id()


class EditSegmentForm(CommandForm):
    segment = _id()
    title = TextField(limit=200)
    minutes = forms.IntegerField(min_value=1, max_value=240)
    question = TextField(limit=200, required=False)


class MinutesForm(RunForm):
    minutes = forms.IntegerField(min_value=1, max_value=120)


class ChangeMinutesForm(RunForm):
    minutes = forms.IntegerField(min_value=-30, max_value=30)


class BoardSettingForm(CommandForm):
    breakout = _id()
    setting = forms.ChoiceField(choices=BoardSetting.choices)


class ReleaseForm(CommandForm):
    breakout = _id()
    released = forms.BooleanField(required=False)


class BoardViewForm(CommandForm):
    breakout = _id()
    column = forms.SlugField(required=False, max_length=60)
    page = forms.IntegerField(required=False, min_value=1, max_value=1000)
    team = _id(required=False)
    table = _id(required=False)
    note = _id(required=False)

    def clean(self):
        """A page that is not named is the first."""
        return {**self.cleaned_data, "page": self.cleaned_data.get("page") or 1}


class CoverForm(CommandForm):
    covered = forms.BooleanField(required=False)


class PauseWallForm(CommandForm):
    paused = forms.BooleanField(required=False)


class MessageForm(CommandForm):
    message = TextField(limit=200, required=False)


class OnForm(CommandForm):
    on = forms.BooleanField(required=False)


class TeamForm(CommandForm):
    team = _id()


class SeatForm(CommandForm):
    team = _id()
    table = _id(required=False)


class SwapForm(CommandForm):
    breakout = _id()
    team = _id()
    other = _id()


class MoveForm(CommandForm):
    breakout = _id()
    team = _id()
    table = _id()


class UnpinForm(CommandForm):
    breakout = _id()
    team = _id()


class TeamNameForm(CommandForm):
    name = TextField(limit=80)


class RenameForm(CommandForm):
    team = _id()
    name = TextField(limit=80)


class StateForm(CommandForm):
    team = _id()
    state = forms.ChoiceField(choices=CityTeam.State.choices)


class MergeForm(CommandForm):
    team = _id()
    into = _id()


class DeviceForm(CommandForm):
    device = _id()


class MoveDeviceForm(CommandForm):
    device = _id()
    team = _id()


class NoteForm(CommandForm):
    """A note from the desk's list: its id."""

    note = _id()


class NoteOnForm(CommandForm):
    note = _id()
    on = forms.BooleanField(required=False)


class WallForm(CommandForm):
    wall = _id()


class CodeForm(CommandForm):
    code = TextField(limit=40)


class AccountForm(CommandForm):
    username = TextField(limit=150)


class UserForm(CommandForm):
    user = _id()


# How many times faster than life a rehearsal goes.
SPEEDS = (1, 2, 5, 10, 30, 60)


class RehearseForm(CommandForm):
    """How many simulated city teams come to a rehearsal, with how many phones each, and how fast they live."""

    teams = forms.IntegerField(min_value=2, max_value=84, label=gettext_lazy("City teams"))
    phones = forms.IntegerField(min_value=1, max_value=10, label=gettext_lazy("Phones of each city team"))
    speed = forms.TypedChoiceField(
        choices=[(str(speed), f"×{speed}") for speed in SPEEDS], coerce=int, label=gettext_lazy("Speed")
    )

    def clean(self):
        """It is begun from whatever state the run has."""
        self.cleaned_data.pop("version", None)
        return self.cleaned_data


class DeleteForm(CommandForm):
    title = TextField(limit=160)


class SettingsForm(CommandForm):
    free_entry = forms.BooleanField(required=False)
    tables_see_notes = forms.BooleanField(required=False)


# Notes and marks.


class WriteForm(CommandForm):
    """A note's words as a phone writes them. terms: codes, several or none."""

    text = TextField(
        limit=NOTE_LIMIT,
        lines=True,
        error_messages={"required": gettext_lazy("There is nothing in it yet. Write a few words first.")},
    )
    terms = forms.CharField(required=False)

    def clean_terms(self):
        """Return a list of term codes; what is none is left out, unknown ones later (another question's)."""
        return sorted({term for term in self.data.getlist("terms") if re.fullmatch(r"[A-Za-z0-9-]{1,60}", term)})[:40]


class PostForm(WriteForm):
    """A new note: of which discussion. Its uuid is the note's own."""

    breakout = _id()

    def clean_uuid(self):
        """A page without JavaScript gets its id from the server."""
        return self.cleaned_data["uuid"] or uuids.uuid4()


class DeskNoteForm(PostForm):
    """A note the desk writes for a city team."""

    team = _id()


class MarkForm(CommandForm):
    item = _id()
    value = forms.ChoiceField(choices=[("", ""), *Mark.Value.choices], required=False)


class HaveForm(forms.Form):
    """What a page has of its streams; what a phone still holds (notes), if it says so."""

    have = forms.CharField(required=False)
    waiting = forms.IntegerField(required=False, min_value=0, max_value=999)


# Joining.


class JoinForm(forms.Form):
    """Who a phone is: a city team of the list, a new name, or a guest (team "guest": one choice among the cities)."""

    team = _id(required=False)
    name = TextField(limit=80, required=False)
    first_name = TextField(limit=60, required=False)
    guest = forms.BooleanField(required=False)

    def __init__(self, data=None, *args, **kwargs):
        if data is not None and data.get("team") == "guest":
            data = {"guest": "on", "first_name": data.get("first_name", "")}
        super().__init__(data, *args, **kwargs)

    def clean(self):
        """One of the three has to be chosen."""
        data = self.cleaned_data
        if not self.errors and not (data.get("team") or data.get("name") or data.get("guest")):
            raise ValidationError(_("Choose your city team, or write its name."))
        if data.get("team") and data.get("name"):
            data["team"] = None
        return data


# Preparing.


class WorkshopForm(forms.Form):
    """A session's title, date, place and time zone."""

    title = TextField(limit=160, label=gettext_lazy("Title"))
    date = forms.DateField(required=False, label=gettext_lazy("Date"), widget=forms.DateInput(attrs={"type": "date"}))
    place = TextField(limit=160, required=False, label=gettext_lazy("Place"))
    time_zone = TextField(
        limit=60,
        label=gettext_lazy("Time zone"),
        help_text=gettext_lazy("For example Europe/Berlin or America/New_York."),
        widget=forms.TextInput(attrs={"list": "time-zones", "autocomplete": "off"}),
    )

    def clean_time_zone(self):
        """Return a name this machine knows."""
        check_time_zone(self.cleaned_data["time_zone"])
        return self.cleaned_data["time_zone"]


class WithAddress(forms.Form):
    """The address the QR carries; empty: none yet."""

    address = TextField(
        limit=200,
        required=False,
        label=gettext_lazy("Address for phones"),
        help_text=gettext_lazy("What the QR code leads to, for example http://192.168.1.20:8000."),
    )

    def clean_address(self):
        """Return a whole http(s) address without a path."""
        address = self.cleaned_data["address"].rstrip("/")
        scheme, slashes, host = address.partition("://")
        if address and (scheme not in ("http", "https") or not slashes or not host or "/" in host or " " in host):
            raise ValidationError(_("Write the address like http://192.168.1.20:8000, without anything after it."))
        return address


class AddressForm(WithAddress, CommandForm):
    """A command that changes the address."""


class EditWorkshopForm(WithAddress, WorkshopForm):
    """A session's own data, and the address the QR carries."""

    field_order = ["title", "date", "place", "time_zone", "address"]


class NewWorkshopForm(WorkshopForm):
    """A new session from a plan."""

    plan = forms.ChoiceField(label=gettext_lazy("Session plan"))
    field_order = ["plan", "title", "date", "place", "time_zone"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["plan"].choices = [(str(p.pk), str(p.title)) for p in Plan.objects.filter(is_template=True)]


class RosterForm(CommandForm):
    """A list of city teams: pasted, a name a line, or the first column of a CSV file. Each bad line is named."""

    names = forms.CharField(required=False, strip=False, widget=forms.Textarea)
    file = forms.FileField(required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["names"].validators = []  # a line with a NUL is named like any other bad line

    def clean(self):
        """Return {"names": [...]}, every name cleaned and only once."""
        data = self.cleaned_data
        lines = self._lines(data.get("file"), data.get("names") or "")
        if len(lines) > MOST_LINES:
            raise ValidationError(
                _("The list has %(n)d lines; at most %(most)d fit."), params={"n": len(lines), "most": MOST_LINES}
            )
        names, problems, seen = [], [], set()
        for number, line in enumerate(lines, start=1):
            try:
                name = clean_text(line, limit=80, lines=False)
            except ValidationError as problem:
                problems.append(
                    _("Line %(number)d: %(problem)s") % {"number": number, "problem": " ".join(problem.messages)}
                )
                continue
            key = CityTeam.key_of(name)
            if name and key not in seen:
                seen.add(key)
                names.append(name)
            elif name:
                problems.append(_("Line %(number)d: “%(name)s” is there twice.") % {"number": number, "name": name})
        if problems:
            raise ValidationError([ValidationError(p) for p in problems[:20]])
        if not names:
            raise ValidationError(_("The list is empty. Write one city team a line."))
        return {"names": names, "uuid": data.get("uuid"), "version": None}

    def _lines(self, upload, pasted):
        if not upload:
            return pasted.splitlines()
        if upload.size > settings.UPLOAD_LIMIT:
            raise ValidationError(_("The file is larger than 1 MB. Is it the right one?"))
        text = _decoded(upload.read())
        delimiter = max(",;\t", key=text[:2000].count)
        try:
            rows = [row[0] if row else "" for row in csv.reader(io.StringIO(text), delimiter=delimiter)]
        except csv.Error:
            raise ValidationError(
                _("The file could not be read as a list. Save it as CSV, or paste the names.")
            ) from None
        if rows and rows[0].strip().casefold() in ("city", "city team", "team", "name"):
            rows[0] = ""  # so that the lines are numbered as in the file
        return rows


def _decoded(content):
    """Return the text of an uploaded file: UTF-8, or UTF-16 with its mark, as spreadsheets save it."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    else:
        encoding = "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise ValidationError(_("The file is not in UTF-8. Save it as “CSV UTF-8”, or paste the names.")) from None
    if "\0" in text:
        raise ValidationError(_("This is not a text file. Save it as “CSV UTF-8”, or paste the names."))
    return text
