"""``manglar records``: every declared kind of record from the command line, with the forms and refusals of its page."""

from collections import defaultdict
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone
from django.utils.translation import get_language

from manglar.accounts.actors import Actor, actor_for_user, program
from manglar.accounts.selectors import user_by_email
from manglar.audit.choices import Door
from manglar.foundation.management.base import Command as Base
from manglar.foundation.management.base import read_file
from manglar.foundation.refusals import InvalidInput, NotAllowed
from manglar.foundation.sentences import say
from manglar.margin import selectors as margin
from manglar.margin import services as margin_services
from manglar.margin.models import Record
from manglar.operations.selectors import file_bytes
from manglar.territory.services import owner_named
from manglar.web.doing import act_with, row, whole
from manglar.web.kinds import KINDS
from manglar.web.kinds.base import Action, Deed, Kind
from manglar.web.listing import as_lines, strict_listing
from manglar.web.together import together_with

VERBS = "kinds|list|show|new|do|many|files|attach|detach|fetch"


class Command(Base):
    exit_code_when_not_ok = 2
    help = "Los registros de cualquier clase: verlos, anotarlos, hacer con ellos lo que su página permite, y sus archivos."

    def arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar=VERBS)
        kinds = verbs.add_parser("kinds", help="qué clases hay y qué se puede hacer con cada una")
        kinds.add_argument("kind", nargs="?", default="", help="una clase, con los datos que pide cada acto")
        lists = verbs.add_parser("list", help="la lista, con los filtros y el orden de su página")
        lists.add_argument("kind")
        lists.add_argument("wanted", nargs="*", metavar="filtro=valor", help="q=agua estado=draft orden=-fecha")
        lists.add_argument("--limit", type=int, default=50, help="cuántos (1 a 1000)")
        shown = verbs.add_parser("show", help="la ficha")
        new = verbs.add_parser("new", help="anotar uno")
        new.add_argument("kind")
        doing = verbs.add_parser("do", help="hacer algo con uno: «manglar records do hallazgos ID revisar»")
        many = verbs.add_parser("many", help="lo mismo con varios: ver qué cambiaría y, con --apply, hacerlo con todos o con ninguno")
        many.add_argument("kind")
        many.add_argument("action")
        many.add_argument("told", nargs="+", metavar="ID|dato=valor", help="los identificadores, y los datos del acto")
        many.add_argument("--apply", action="store_true", help="hacerlo")
        files = verbs.add_parser("files", help="sus archivos")
        attach = verbs.add_parser("attach", help="adjuntarle un archivo")
        for verb in (shown, doing, files, attach):
            verb.add_argument("kind")
            verb.add_argument("id")
        doing.add_argument("action")
        for verb in (new, doing):
            verb.add_argument("told", nargs="*", metavar="dato=valor", help="un dato que se repite da varios valores")
        attach.add_argument("file")
        attach.add_argument("--title", default="")
        detach = verbs.add_parser("detach", help="retirar un archivo adjunto, con su motivo")
        detach.add_argument("--reason", required=True)
        fetch = verbs.add_parser("fetch", help="guardar un archivo adjunto en el disco")
        for verb in (detach, fetch):
            verb.add_argument("attachment", help="«adjunto-…»")
        fetch.add_argument("to", help="dónde, con qué nombre")
        for verb in verbs.choices.values():
            verb.add_argument("--government", default="", help="código del gobierno (si no, el de la casa)")
            verb.add_argument("--as", default="", dest="email", help="con el papel de esta persona (su correo)")

    def work(self, **options: Any) -> dict[str, Any]:
        if options["verb"] == "kinds":
            return _kinds(options["kind"])
        now = timezone.now()
        government = owner_named(options["government"])
        deed = Deed(_actor(options["email"]), government, now, timezone.localdate(now))
        doer: dict[str, Any] = {
            "list": _list, "show": _show, "new": _new, "do": _do, "many": _many, "files": _files, "attach": _attach,
            "detach": _detach, "fetch": _fetch,
        }  # fmt: skip
        return {"ok": True, **doer[options["verb"]](deed, options)}


def _actor(email: str) -> Actor:
    if not email:
        return program("línea de comandos")
    user = user_by_email(email)
    if user is None:
        raise InvalidInput(say("No hay una cuenta con el correo «{email}».", email=email))
    return actor_for_user(user, door=Door.COMMAND)


def _kind(slug: str) -> Kind:
    if slug not in KINDS:
        raise InvalidInput(say("No hay la clase «{kind}». Hay: {kinds}.", kind=slug, kinds=", ".join(sorted(KINDS))))
    return KINDS[slug]


def _allowed(deed: Deed, kind: Kind, action: Action | None = None) -> None:
    predicate = action.allowed if action else kind.read
    if not deed.by.is_program and not predicate.test(deed.by, deed.government):
        raise NotAllowed(say("Su papel no permite hacer esto. Pídalo a la administración de su gobierno."))


def _action(kind: Kind, slug: str) -> Action:
    found = next((each for each in kind.actions if each.slug == slug), None)
    if found is None:
        there = ", ".join(each.slug for each in kind.actions) or "—"
        raise InvalidInput(say("Con «{kind}» no se puede «{action}». Se puede: {there}.", kind=kind.slug, action=slug, there=there))
    return found


def _found(deed: Deed, kind: Kind, public_id: str) -> Any:
    record = kind.find(deed.government, public_id, deed.on)
    if record is None:
        raise InvalidInput(say("No hay un registro «{id}» de esa clase en {government}.", id=public_id, government=deed.government))
    return record


def _pairs(texts: list[str]) -> dict[str, list[str]]:
    """What was written as name=value; a name that comes again has several values."""
    told: dict[str, list[str]] = defaultdict(list)
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not name.strip():
            raise InvalidInput(say("«{text}» no es un dato: escriba nombre=valor.", text=text))
        told[name.strip()].append(value)
    return told


def _fields(action: Action) -> list[dict[str, Any]]:
    declared: dict[str, Any] = getattr(action.form, "base_fields", {})
    return [
        {"name": name, "label": str(field.label or ""), "required": field.required} for name, field in declared.items()
    ]


def _kinds(slug: str) -> dict[str, Any]:
    wanted = [_kind(slug)] if slug else list(KINDS.values())
    told = [
        {
            "kind": kind.slug,
            "label": str(kind.plural),
            "new": _fields(kind.create) if kind.create else None,
            "filters": [each.key for each in kind.filters],
            "actions": [{"action": a.slug, "label": str(a.label), "fields": _fields(a)} for a in kind.actions],
        }
        for kind in wanted
    ]
    return {"ok": True, "kinds": told, "sentence": "\n".join(_kind_lines(wanted, full=bool(slug)))}


def _kind_lines(kinds: list[Kind], *, full: bool) -> list[str]:
    lines = []
    for kind in kinds:
        acts = [("new", kind.create)] if kind.create else []
        acts += [(each.slug, each) for each in kind.actions]
        lines.append(f"{kind.slug:<16} {kind.plural}: {', '.join(slug for slug, _ in acts)}")
        if full:
            for slug, action in acts:
                names = [f"{f['name']}{'' if f['required'] else '?'}" for f in _fields(action)] if action else []
                lines.append(f"  {slug}: {' '.join(names)}")
    return lines


def _list(deed: Deed, options: dict[str, Any]) -> dict[str, Any]:
    kind = _kind(options["kind"])
    _allowed(deed, kind)
    if not 1 <= options["limit"] <= 1_000:
        raise InvalidInput(say("«--limit» va de 1 a 1000."))
    asked = {name: values[-1] for name, values in _pairs(options["wanted"]).items()}
    language = get_language() or "es"
    held = strict_listing(kind, deed, asked, language)
    count = held.rows.count() if hasattr(held.rows, "values_list") else len(held.rows)
    heading, lines = as_lines(held, language, deed)
    cells = [line for _, line in zip(range(options["limit"]), lines, strict=False)]
    items = [dict(zip(heading, line, strict=True)) for line in cells]
    text = "\n".join(" · ".join(cell for cell in line if cell) for line in cells)
    return {"count": count, "items": items, "sentence": f"{text}\n({count})" if text else str(say("Nada coincide."))}


def _show(deed: Deed, options: dict[str, Any]) -> dict[str, Any]:
    kind = _kind(options["kind"])
    _allowed(deed, kind)
    told = whole(kind, _found(deed, kind, options["id"]))
    return {"record": told, "sentence": _written(told)}


def _written(told: dict[str, Any]) -> str:
    head = [f"{told['id']}  {told['title']}", told["status"] or "", told["text"]]
    facts = [f"  {each['label']}: {each['value']}{' [' + each['mark'] + ']' if each['mark'] else ''}" for each in told["facts"]]
    return "\n".join([line for line in head if line] + facts)


def _new(deed: Deed, options: dict[str, Any]) -> dict[str, Any]:
    kind = _kind(options["kind"])
    if kind.create is None:
        raise InvalidInput(say("«{kind}» no se anota a mano.", kind=kind.slug))
    return _perform(deed, kind, kind.create, None, _pairs(options["told"]))


def _do(deed: Deed, options: dict[str, Any]) -> dict[str, Any]:
    kind = _kind(options["kind"])
    action = _action(kind, options["action"])
    return _perform(deed, kind, action, _found(deed, kind, options["id"]), _pairs(options["told"]))


def _many(deed: Deed, options: dict[str, Any]) -> dict[str, Any]:
    kind = _kind(options["kind"])
    action = _action(kind, options["action"])
    if not action.of_many:
        there = ", ".join(each.slug for each in kind.actions if each.of_many) or "—"
        raise InvalidInput(say("«{action}» se hace de uno en uno. Con varios se puede: {there}.", action=action.slug, there=there))
    _allowed(deed, kind, action)
    ids = [each for each in options["told"] if "=" not in each]
    if not ids:
        raise InvalidInput(say("Diga los identificadores de los registros."))
    told = _pairs([each for each in options["told"] if "=" in each])
    done = together_with(deed, kind, action, ids, told, is_for_good=options["apply"])
    return {**done, "sentence": "\n".join([*_turns(done), done["done"]])}


def _turns(done: dict[str, Any]) -> list[str]:
    lines = []
    for each in done["changes"]:
        lines.append(f"{each['id']}  {each['title']}")
        lines += [f"  {c['label']}: {c['before'] or '—'} → {c['after'] or '—'}" for c in each["changes"]] or [f"  {say('Queda como está.')}"]
    lines += [f"{each['id']}  {each['title']}: {say('no cabe en el estado en que está')}" for each in done["left"]]
    return lines


def _perform(deed: Deed, kind: Kind, action: Action, record: Any, told: dict[str, list[str]]) -> dict[str, Any]:
    _allowed(deed, kind, action)
    done = act_with(deed, kind, action, record, told)
    lines = [done["done"], done.get("url", ""), _written(done["record"]) if "record" in done else ""]
    return {**done, "sentence": "\n".join(line for line in lines if line)}


def _beside(deed: Deed, options: dict[str, Any]) -> Record:
    kind = _kind(options["kind"])
    _allowed(deed, kind)
    found = _found(deed, kind, options["id"])
    return Record(deed.government, kind.key(found), kind.slug, row(kind, found)["title"])


def _files(deed: Deed, options: dict[str, Any]) -> dict[str, Any]:
    held = margin.files_of(_beside(deed, options))
    told = [
        {"id": each.public_id, "title": each.title, "name": each.file.name, "sha256": each.file.sha256} for each in held
    ]
    lines = [f"{each['id']}  {each['title']}" for each in told]
    return {"files": told, "sentence": "\n".join(lines) or str(say("Ningún archivo todavía."))}


def _attach(deed: Deed, options: dict[str, Any]) -> dict[str, Any]:
    name, content = read_file(options["file"])
    made = margin_services.attach_file(
        by=deed.by, record=_beside(deed, options), name=name, content=content, title=options["title"], at=deed.at
    )
    return {"id": made.public_id, "sentence": f"{made.public_id}  {made.title}"}


def _attachment(deed: Deed, options: dict[str, Any]) -> Any:
    held = margin.attachment_by_id(deed.government, options["attachment"])
    if held is None or held.withdrawn_at is not None:
        raise InvalidInput(say("No hay un archivo «{id}» junto a un registro de {government}.", id=options["attachment"], government=deed.government))
    return held


def _detach(deed: Deed, options: dict[str, Any]) -> dict[str, Any]:
    held = _attachment(deed, options)
    margin_services.withdraw_file(by=deed.by, attachment=held, reason=options["reason"], at=deed.at)
    return {"id": held.public_id}


def _fetch(deed: Deed, options: dict[str, Any]) -> dict[str, Any]:
    held, target = _attachment(deed, options), Path(options["to"])
    _allowed(deed, _kind(held.subject_kind))
    if target.exists():
        raise InvalidInput(say("«{path}» ya existe: elija otro nombre.", path=target))
    target.write_bytes(file_bytes(held.file))
    return {"path": str(target), "sentence": str(target)}
