"""All addresses. Phones and the wall have short ones; organizers' library is Django's admin."""

from django.contrib import admin
from django.urls import include, path

from academy import errors
from academy.health import healthz

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("library/", admin.site.urls),
    path("", include("sessions.urls")),
]
