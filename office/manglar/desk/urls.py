"""Routes of the desk: for every declared kind its list, its record, its form and each of its actions."""

from functools import partial

from django.urls import URLPattern, path

from manglar.accounts.permissions import (
    may_enter_desk,
    may_have_a_desk,
    may_manage_users,
    may_read_log,
    may_read_public,
)
from manglar.desk import atlas_views, importing, undoing, views
from manglar.desk import margin_views as margin
from manglar.desk.lists import many_actions
from manglar.desk.many import many_view
from manglar.identity.permissions import may_change_settings
from manglar.margin.permissions import may_attach_files, may_comment, may_follow, may_read_margin, may_save_views
from manglar.risk.permissions import may_read_risk
from manglar.web.access import page
from manglar.web.importing import IMPORTS
from manglar.web.kinds import KINDS
from manglar.web.kinds.base import Kind

app_name = "desk"


def kind_routes(kind: Kind) -> list[URLPattern]:
    """The routes of one kind."""
    root = f"<slug:government>/{kind.slug}/"
    routes = [path(root, page(kind.read)(partial(views.list_view, kind=kind)), name=kind.slug)]
    if kind.create:
        view = page(kind.create.allowed)(partial(views.action_view, kind=kind, action=kind.create))
        routes.append(path(f"{root}nuevo/", view, name=f"{kind.slug}-new"))
    for made in kind.creates:
        view = page(made.allowed)(partial(views.action_view, kind=kind, action=made))
        routes.append(path(f"{root}nuevo/{made.slug}/", view, name=f"{kind.slug}-new-{made.slug}"))
    routes.append(
        path(
            f"{root}<str:public_id>/",
            page(kind.read)(partial(views.record_view, kind=kind)),
            name=f"{kind.slug}-record",
        )
    )
    if kind.is_published:
        view = page(kind.read)(partial(views.public_view, kind=kind))
        routes.append(path(f"{root}<str:public_id>/lo-publico/", view, name=f"{kind.slug}-public"))
    for action in many_actions(kind):
        many = page(action.allowed)(partial(many_view, kind=kind, action=action))
        routes.append(path(f"{root}varios/{action.slug}/", many, name=f"{kind.slug}-{action.slug}-many"))
    for action in kind.actions:
        view = page(action.allowed)(partial(views.action_view, kind=kind, action=action))
        routes.append(path(f"{root}<str:public_id>/{action.slug}/", view, name=f"{kind.slug}-{action.slug}"))
    return routes


MARGIN = [
    path(f"<slug:government>/{place}", page(allowed)(view), name=name)
    for place, allowed, view, name in (
        ("al-margen/<slug:kind>/<str:public_id>/comentar/", may_comment, margin.write, "comment"),
        ("al-margen/<slug:kind>/<str:public_id>/seguir/", may_follow, margin.follow, "follow"),
        ("al-margen/<slug:kind>/<str:public_id>/adjuntar/", may_attach_files, margin.attach, "file-attach"),
        ("adjuntos/<str:public_id>/retirar/", may_attach_files, margin.withdraw_file, "file-withdraw"),
        ("comentarios/<str:public_id>/responder/", may_comment, margin.reply, "comment-reply"),
        ("comentarios/<str:public_id>/corregir/", may_comment, margin.change, "comment-change"),
        ("comentarios/<str:public_id>/retirar/", may_comment, margin.withdraw, "comment-withdraw"),
        ("vistas/<slug:kind>/guardar/", may_save_views, margin.save_view, "view-save"),
        ("vistas/<str:public_id>/nombre/", may_save_views, margin.rename_view, "view-rename"),
        ("vistas/<str:public_id>/compartir/", may_save_views, margin.share_view, "view-share"),
        ("vistas/<str:public_id>/borrar/", may_save_views, margin.delete_view, "view-delete"),
        ("personas.json", may_comment, margin.people, "people"),
        ("avisos/", may_read_margin, margin.notices, "notices"),
        ("avisos/leidos/", may_read_margin, margin.read_all, "notices-read"),
        ("avisos/correo/", may_follow, margin.choose_mails, "notices-mail"),
        ("avisos/<str:public_id>/leido/", may_read_margin, margin.read_one, "notice-read"),
    )
]

SETTINGS = [
    path(f"<slug:government>/ajustes/{place}", page(may_change_settings)(view), name=name)
    for place, view, name in (
        ("", views.settings_page, "settings"),
        ("logo/quitar/", views.remove_logo, "settings-logo-remove"),
        ("muestra/<slug:colour>.css", views.settings_sample, "settings-sample"),
        ("<slug:section>/", views.settings_section, "settings-section"),
    )
]

urlpatterns = [
    path("", page(may_have_a_desk)(views.enter), name="enter"),
    path("ejemplo/", page(may_read_public)(views.example_roles), name="example_roles"),
    path("gallery/", page(may_read_public)(views.gallery), name="gallery"),
    path("<slug:government>/", page(may_enter_desk)(views.home), name="home"),
    path("<slug:government>/mapa/", page(may_enter_desk)(atlas_views.atlas), name="map"),
    path(
        "<slug:government>/capas/<slug:layer>/<int:z>/<int:x>/<int:y>.pbf",
        page(may_enter_desk)(atlas_views.layer_tile),
        name="layer-tile",
    ),
    path("<slug:government>/bitacora/", page(may_read_log)(views.log_page), name="log"),
    *SETTINGS,
    path("<slug:government>/buscar/", page(may_enter_desk)(views.search_page), name="search"),
    path("<slug:government>/buscar/paleta/", page(may_enter_desk)(views.search_palette), name="search-palette"),
    path("<slug:government>/usuarios/", page(may_manage_users)(views.users_page), name="users"),
    path(
        "<slug:government>/usuarios/<int:membership>/terminar/", page(may_manage_users)(views.end_role), name="end-role"
    ),
    path("<slug:government>/deshacer/", page(may_enter_desk)(undoing.undo), name="undo"),
    *MARGIN,
    path("<slug:government>/archivos/<str:public_id>/", page(may_enter_desk)(views.file), name="file"),
    path("<slug:government>/trabajos/<str:public_id>/estado/", page(may_enter_desk)(views.job_state), name="job-state"),
    *(
        path(
            f"<slug:government>/importar/{each.slug}/",
            page(each.allowed)(partial(importing.import_view, what=each)),
            name=f"import-{each.slug}",
        )
        for each in IMPORTS.values()
    ),
    path("<slug:government>/corridas/comparar/", page(may_read_risk)(views.compare_runs), name="risk-compare"),
    *(route for kind in KINDS.values() for route in kind_routes(kind)),
]
