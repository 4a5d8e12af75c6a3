"""Map tiles: no language in their address."""

from django.urls import path

from manglar.portal.views import data

urlpatterns = [path("<slug:layer>/<int:z>/<int:x>/<int:y>.pbf", data.tile, name="tile")]
