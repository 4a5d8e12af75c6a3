"""The colour and the logo of each government: no language in their address."""

from django.urls import path

from manglar.portal.views import identity

urlpatterns = [
    path("<slug:government>/<slug:name>.css", identity.style, name="identity-style"),
    path("<slug:government>/<str:name>", identity.logo, name="identity-logo"),
]
