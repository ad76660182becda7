"""Addresses of sockets."""

from channels.routing import URLRouter
from django.urls import path, re_path

from sessions.consumers import Nowhere, Screen

socket_routes = [
    path("live/<str:kind>/<slug:slug>", Screen.as_asgi(), name="socket"),
    re_path(r"(?s)^.*$", Nowhere.as_asgi(), name="nowhere"),
]
sockets = URLRouter(socket_routes)
