"""The API: what is public without a key, and one set of routes for every declared kind."""

from typing import Any

from ninja import NinjaAPI

from manglar.accounts.permissions import Predicate, may_enter_desk, may_read_public
from manglar.api import beside, desk, imports, public, search, settings
from manglar.api.schemas import Refused, form_body, list_parameters, many_body
from manglar.identity.permissions import may_change_settings
from manglar.web.importing import IMPORTS
from manglar.web.kinds import KINDS
from manglar.web.kinds.base import Action, Kind
from manglar.web.kinds.importable import Import

api = NinjaAPI(
    title="Manglar",
    version="1",
    urls_namespace="api",
    openapi_url="/openapi.json",
    docs_url=None,
    description="Lo publicado se lee sin llave. Lo interno, con «Authorization: Bearer …» de «manglar user token».",
)
#: Route → predicate, for the role matrix.
PREDICATES: dict[str, Predicate] = {}


def _public(route: str, view: Any, name: str) -> None:
    api.default_router.add_api_operation(
        f"/public/{route}", ["GET"], view, url_name=name, operation_id=name, tags=["public"]
    )
    PREDICATES[name] = may_read_public


def _desk(
    route: str, method: str, view: Any, *, name: str, allowed: Predicate, tag: str, body: dict[str, Any] | None = None
) -> None:
    view.allowed = allowed
    api.default_router.add_api_operation(
        route,
        [method],
        view,
        url_name=name,
        operation_id=name,
        tags=[tag],
        auth=desk.key_or_session,
        response={200: dict[str, Any], (401, 403, 404, 409, 422): Refused},
        openapi_extra=body,
    )
    PREDICATES[name] = allowed


def _kind(kind: Kind) -> None:
    root = f"/desk/{{government}}/{kind.slug}"
    _desk(root, "GET", desk.lister(kind), name=kind.slug, allowed=kind.read, tag=kind.slug, body=list_parameters(kind))
    if kind.create:
        _action(kind, kind.create, f"{root}/nuevo", f"{kind.slug}-new", with_record=False)
    for made in kind.creates:
        _action(kind, made, f"{root}/nuevo/{made.slug}", f"{kind.slug}-new-{made.slug}", with_record=False)
    for action in kind.actions:
        if action.of_many:  # before the routes of one record, which would take «varios» for its identifier
            name = f"{kind.slug}-{action.slug}-many"
            _desk(f"{root}/varios/{action.slug}", "POST", desk.doer_of_many(kind, action), name=name, allowed=action.allowed, tag=kind.slug, body=many_body(action))
    _desk(f"{root}/{{public_id}}", "GET", desk.reader(kind), name=f"{kind.slug}-record", allowed=kind.read, tag=kind.slug)
    for action in kind.actions:
        _action(kind, action, f"{root}/{{public_id}}/{action.slug}", f"{kind.slug}-{action.slug}", with_record=True)


def _action(kind: Kind, action: Action, route: str, name: str, *, with_record: bool) -> None:
    view = desk.doer(kind, action) if with_record else desk.maker(kind, action)
    _desk(route, "POST", view, name=name, allowed=action.allowed, tag=kind.slug, body=form_body(action, creates=not with_record))


def _import(what: Import) -> None:
    route = f"/desk/{{government}}/imports/{what.slug}"
    view, body = imports.importer(what), imports.import_body(what)
    _desk(route, "POST", view, name=f"import-{what.slug}", allowed=what.allowed, tag="imports", body=body)


def _search() -> None:
    """The search of the desk: every kind at once."""
    name = "search-desk"
    api.default_router.add_api_operation(
        "/desk/{government}/search", ["GET"], search.desk_search, url_name=name, operation_id=name, tags=["search"],
        auth=desk.key_or_session, response={200: dict[str, Any], (401, 403, 404, 422): Refused},
    )  # fmt: skip
    PREDICATES[name] = may_enter_desk


def _beside() -> None:
    """Comments and files, beside a record of any kind."""
    for name, (method, route, view, allowed, body) in beside.ROUTES.items():
        api.default_router.add_api_operation(
            f"/desk/{{government}}/{route}", [method], view, url_name=f"beside-{name}", operation_id=f"beside-{name}",
            tags=["margin"], auth=desk.key_or_session, openapi_extra=body,
            response={200: dict[str, Any], (401, 403, 404, 409, 422): Refused},
        )  # fmt: skip
        PREDICATES[f"beside-{name}"] = allowed


def _settings() -> None:
    """The settings of a government, under the same keys as the command."""
    logo = "/desk/{government}/settings/logo"
    for route, method, view, name, body in (
        ("/desk/{government}/settings", "GET", settings.read, "settings", None),
        ("/desk/{government}/settings", "PATCH", settings.change, "settings-change", settings.CHANGE_BODY),
        (logo, "POST", settings.set_logo, "settings-logo", settings.LOGO_BODY),
        (logo, "DELETE", settings.remove_logo, "settings-logo-remove", None),
    ):
        api.default_router.add_api_operation(
            route, [method], view, url_name=name, operation_id=name, tags=["settings"], auth=desk.key_or_session,
            response={200: dict[str, Any], (401, 403, 404, 409, 422): Refused}, openapi_extra=body,
        )  # fmt: skip
        PREDICATES[name] = may_change_settings


_public("governments", public.governments, "governments")
_public("divisions", public.divisions, "divisions")
_public("releases", public.releases, "releases")
_public("releases/{subject}", public.release, "release")
_public("chain/{subject}", public.chain, "chain")
_public("log/heads", public.log_heads, "log-heads")
_public("search", search.public_search, "search")
_search()
_beside()
_settings()
for _each in KINDS.values():
    _kind(_each)
for _what in IMPORTS.values():
    _import(_what)
