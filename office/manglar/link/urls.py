"""Routes of the signed links; the token is the whole credential."""

from django.urls import path

from manglar.accounts.permissions import may_read_public
from manglar.link import views
from manglar.web.access import page

app_name = "link"
urlpatterns = [
    path("invitacion/<str:token>/", page(may_read_public)(views.invitation), name="invitation"),
    path("<str:token>/", page(may_read_public)(views.milestone_report), name="report"),
]
