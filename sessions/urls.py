"""Addresses. /p/ phones, /desk/ signed-in people, /wall/ the projector, /j/ the door."""

from django.contrib.auth import views as accounts
from django.urls import path

from sessions import forms
from sessions.actions import discussion, handing_in, joining, notes, roster, running, showing, tables, walls, workshops
from sessions.views import desk, exports, handed_in, join, pages, phone, wall
from sessions.views.commands import desk_command

# A desk's commands: name → (what is done, what is sent, who may).
COMMANDS = {
    "advance": (running.advance, forms.AdvanceForm),
    "back": (running.go_back, forms.RunForm),
    "jump": (running.jump, forms.SegmentForm),
    "skip": (running.skip, forms.SegmentForm),
    "edit-segment": (running.edit_segment, forms.EditSegmentForm),
    "set-minutes": (discussion.set_minutes, forms.MinutesForm),
    "pause": (discussion.pause, forms.RunForm),
    "resume": (discussion.resume, forms.RunForm),
    "change-minutes": (discussion.change_minutes, forms.ChangeMinutesForm),
    "end-discussion": (discussion.end_discussion, forms.RunForm),
    "reopen-discussion": (discussion.reopen_discussion, forms.RunForm),
    "set-board": (showing.set_board, forms.BoardSettingForm),
    "release-text": (showing.release_text, forms.ReleaseForm),
    "turn-board": (showing.turn_board, forms.BoardViewForm),
    "cover-wall": (showing.cover_wall, forms.CoverForm),
    "pause-wall": (showing.pause_wall, forms.PauseWallForm),
    "message": (showing.send_message, forms.MessageForm),
    "marking": (showing.set_marking, forms.OnForm),
    "open": (workshops.open_workshop, forms.RunForm),
    "close": (workshops.close_workshop, forms.RunForm),
    "set-address": (workshops.set_address, forms.AddressForm),
    "rotate-code": (workshops.rotate_code, forms.CommandForm),
    "change-settings": (workshops.change_settings, forms.SettingsForm),
    "add-facilitator": (workshops.add_facilitator, forms.AccountForm, "delete"),
    "remove-facilitator": (workshops.remove_facilitator, forms.UserForm, "delete"),
    "add-team": (roster.add_team, forms.TeamNameForm),
    "rename-team": (roster.rename_team, forms.RenameForm),
    "team-state": (roster.set_state, forms.StateForm),
    "admit-team": (roster.admit_team, forms.TeamForm),
    "remove-team": (roster.remove_team, forms.TeamForm),
    "merge-teams": (roster.merge_teams, forms.MergeForm),
    "release-device": (joining.release_device, forms.DeviceForm),
    "move-device": (joining.move_device, forms.MoveDeviceForm),
    "make-tables": (tables.make_tables_anew, forms.CommandForm),
    "pairs": (tables.set_pairs, forms.OnForm),
    "seat": (tables.seat_latecomer, forms.SeatForm),
    "swap": (tables.swap, forms.SwapForm),
    "move": (tables.move, forms.MoveForm),
    "unpin": (tables.unpin, forms.UnpinForm),
    "star": (notes.star_note, forms.NoteOnForm),
    "hide": (notes.hide_note, forms.NoteOnForm),
    "purge-note": (notes.purge_note, forms.NoteForm),
    "purge-team": (notes.purge_team, forms.TeamForm),
    "take-in": (handing_in.take_in, forms.NoteForm),
    "decline": (handing_in.decline, forms.NoteForm),
    "connect-wall": (walls.connect_wall, forms.CodeForm),
    "disconnect-wall": (walls.disconnect_wall, forms.WallForm),
}

urlpatterns = [
    path("", join.join, name="join"),
    path("j/<str:code>", join.join_session, name="join-session"),
    path("continue", join.continue_elsewhere, name="continue"),
    path("p/<slug:slug>/", phone.phone, name="phone"),
    path("p/<slug:slug>/board", phone.phone_board, name="phone-board"),
    path("p/<slug:slug>/notes", phone.post_note, name="post-note"),
    path("p/<slug:slug>/notes/<uuid:uuid>", phone.edit_note, name="edit-note"),
    path("p/<slug:slug>/notes/<uuid:uuid>/delete", phone.delete_note, name="delete-note"),
    path("p/<slug:slug>/hand-in", handed_in.hand_in, name="hand-in"),
    path("p/<slug:slug>/mark", phone.mark, name="mark"),
    path("p/<slug:slug>/yours", phone.our_notes, name="your-notes"),
    path("p/<slug:slug>/change", join.change_city, name="change-city"),
    path("p/<slug:slug>/leave", join.leave, name="leave"),
    path("catch-up/<slug:kind>/<slug:slug>", pages.catch_up, name="catch-up"),
    path("wall/", wall.venue, name="venue"),
    path("wall/<slug:slug>/", wall.wall, name="wall"),
    path("sign-in", accounts.LoginView.as_view(template_name="sessions/sign_in.html"), name="login"),
    path("sign-out", accounts.LogoutView.as_view(), name="logout"),
    path("desk/", desk.desk, name="desk"),
    path("desk/new", desk.new_session, name="new-session"),
    path("desk/<slug:slug>/", desk.session, name="desk-session"),
    path("desk/<slug:slug>/roster", desk.roster_page, name="desk-roster"),
    path("desk/<slug:slug>/handed-in", handed_in.handed_in, name="desk-handed-in"),
    path("desk/<slug:slug>/tables", desk.tables_page, name="desk-tables"),
    path("desk/<slug:slug>/tables/<int:order>", desk.seats_page, name="desk-seats"),
    path("desk/<slug:slug>/notes", desk.notes_page, name="desk-notes"),
    path("desk/<slug:slug>/notes/new", desk.desk_note, name="desk-note"),
    path("desk/<slug:slug>/segments/<int:segment>", desk.segment_page, name="desk-segment"),
    path("desk/<slug:slug>/settings", desk.settings_page, name="desk-settings"),
    path("desk/<slug:slug>/exports", exports.exports_page, name="desk-exports"),
    path("desk/<slug:slug>/export/<slug:form>", exports.export, name="export"),
    path("desk/<slug:slug>/delete", desk.delete_session, name="delete-session"),
    *(
        path(f"desk/<slug:slug>/do/{name}", desk_command(*command), name=f"do-{name}")
        for name, command in COMMANDS.items()
    ),
]
