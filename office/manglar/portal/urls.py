"""The public addresses, in Spanish; the same under /en/ in English."""

from django.urls import path, re_path

from manglar.portal.views import data, pages, records

app_name = "portal"
urlpatterns = [
    path("", pages.home, name="home"),
    path("estrategia/", pages.strategy, name="strategy"),
    path("estrategia/edicion/<slug:public_id>/", pages.edition, name="edition"),
    path("estrategia/<slug:identity>/", records.initiative, name="initiative"),
    path("riesgo/", pages.risk, name="risk"),
    path("riesgo/<slug:slug>/", pages.hazard, name="hazard"),
    path("territorio/", pages.territory, name="territory"),
    path("territorio/limites.geojson", data.boundaries, name="boundaries"),
    re_path(r"^territorio/mapa\.(?P<form>svg|png)$", data.territory_image, name="territory_image"),
    re_path(r"^territorio/(?P<code>[-\w]+)/mapa\.(?P<form>svg|png)$", data.division_image, name="division_image"),
    re_path(r"^territorio/(?P<code>[-\w]+)/datos\.(?P<form>csv|json)$", data.division_data, name="division_data"),
    path("territorio/<slug:code>/", pages.division, name="division"),
    path("compromisos/", pages.commitments, name="commitments"),
    path("acuerdos/", pages.agreements, name="agreements"),
    path("acuerdos/<slug:public_id>/", records.agreement, name="agreement"),
    path("compromisos/<slug:public_id>/", records.commitment, name="commitment"),
    path("hallazgos/<slug:public_id>/", records.finding, name="finding"),
    path("notas/<slug:public_id>/", records.note, name="note"),
    path("decisiones/<slug:public_id>/", records.decision, name="decision"),
    path("hitos/<slug:public_id>/", records.milestone, name="milestone"),
    path("publicado/<slug:public_id>/", records.release, name="release"),
    path("publicado/<slug:public_id>/copia.json", records.release_file, name="release_file"),
    path("cadena/<slug:public_id>/", records.chain, name="chain"),
    path("transparencia/", pages.transparency, name="transparency"),
    path("transparencia/bitacora.jsonl", data.log_file, name="log_file"),
    path("buscar/", pages.search, name="search"),
    path("accesibilidad/", pages.accessibility, name="accessibility"),
    path("privacidad/", pages.privacy, name="privacy"),
    path("codigo/", pages.source, name="source"),
    path("codigo/manglar.zip", data.source_file, name="source_file"),
]
