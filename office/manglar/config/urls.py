"""All addresses: public ones in Spanish at the root and in English under /en/; the rest has no language."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from manglar.api.urls import api

urlpatterns = [
    path("api/v1/", api.urls),
    path("tiles/", include("manglar.portal.tile_urls")),
    path("identidad/", include("manglar.portal.identity_urls")),
    path("", include("manglar.portal.root_urls")),
    *i18n_patterns(
        path("cuenta/", include("allauth.urls")),
        path("desk/", include("manglar.desk.urls")),
        path("enlace/", include("manglar.link.urls")),
        path("", include("manglar.portal.urls")),
        prefix_default_language=False,
    ),
]
