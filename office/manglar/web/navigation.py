"""The entries of the two navigations: words and the names of their routes."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as noop

PORTAL = (
    (_("Estrategia"), "portal:strategy"),
    (_("Riesgo"), "portal:risk"),
    (_("Territorio"), "portal:territory"),
    (_("Compromisos"), "portal:commitments"),
    (_("Acuerdos"), "portal:agreements"),
    (_("Transparencia"), "portal:transparency"),
)

#: Group → entries: word, route, what the route wants after the government.
DESK: tuple[tuple[str, tuple[tuple[str, str, tuple[str, ...]], ...]], ...] = (
    ("", ((noop("Mi escritorio"), "desk:home", ()), (noop("Avisos"), "desk:notices", ()))),
    (
        noop("Saber"),
        (
            (noop("Hallazgos"), "desk:hallazgos", ()),
            (noop("Riesgo"), "desk:corridas", ()),
            (noop("Datos de riesgo"), "desk:datos-de-riesgo", ()),
            (noop("Activos"), "desk:activos", ()),
            (noop("Territorio"), "desk:territorio", ()),
            (noop("Mapa"), "desk:map", ()),
            (noop("Red"), "desk:instituciones", ()),
        ),
    ),
    (noop("Querer"), ((noop("Estrategia"), "desk:iniciativas", ()),)),
    (
        noop("Conversar"),
        (
            (noop("Acuerdos"), "desk:acuerdos", ()),
            (noop("Compromisos"), "desk:compromisos", ()),
        ),
    ),
    (
        noop("Decidir"),
        (
            (noop("Notas de asesoría"), "desk:notas", ()),
            (noop("Decisiones"), "desk:decisiones", ()),
        ),
    ),
    (noop("Hacer"), ((noop("Hitos"), "desk:hitos", ()), (noop("Reportes"), "desk:reportes", ()))),
    (noop("Contar"), ((noop("Publicación"), "desk:publicaciones", ()),)),
    (
        noop("Gobierno"),
        (
            (noop("Usuarios"), "desk:users", ()),
            (noop("Permisos"), "desk:permisos", ()),
            (noop("Trabajos"), "desk:trabajos", ()),
            (noop("Importaciones"), "desk:importaciones", ()),
            (noop("Bitácora"), "desk:log", ()),
            (noop("Ajustes"), "desk:settings", ()),
        ),
    ),
)
