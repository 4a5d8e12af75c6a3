"""Every route × every role of every government: the answer is what the predicate's own sentence says."""

import re

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from manglar.accounts import services as accounts
from manglar.accounts.choices import Role
from manglar.accounts.permissions import REGISTRY, may_read_public
from manglar.api.urls import PREDICATES as API

pytestmark = pytest.mark.django_db
#: Routes of other packages: what guards them is theirs, and is tried below for who is not signed in.
THIRD_PARTY = re.compile(r"^(account_|mfa_|socialaccount_|reauthenticate|openapi-json|api-root)")
SIGNED_IN_ONLY = {"account_change_password", "account_email", "mfa_index", "account_set_password"}
NAMES = {id(made): name for name, made in REGISTRY.items()}
EVERYONE, MEMBER, SOMEWHERE = "everyone", "member", "somewhere"


def who(allowed):
    """The roles that a predicate's docstring lets in."""
    told = re.search(r"Who:\s*([\w\s,]+)", allowed.__doc__)
    words = [word.strip() for word in told.group(1).split(",")]
    assert all(word in {EVERYONE, MEMBER, SOMEWHERE, *Role.values} for word in words), allowed.__doc__
    return set(words)


def expected(allowed, role, *, own):
    """Whether the sentence lets in a role, in its own government or in another's."""
    words = who(allowed)
    if EVERYONE in words:
        return True
    if SOMEWHERE in words:
        return role is not None
    return role is not None and own and (MEMBER in words or role in words)


def routes():
    """Every route with its name, its place and its predicate."""

    def walk(patterns, prefix="", spaces=()):
        for each in patterns:
            place = prefix + str(each.pattern)
            if isinstance(each, URLResolver):
                yield from walk(each.url_patterns, place, (*spaces, each.namespace) if each.namespace else spaces)
            elif isinstance(each, URLPattern):
                yield ":".join((*spaces, each.name or "")), place, each.callback

    for name, place, callback in walk(get_resolver().url_patterns):
        if THIRD_PARTY.match(name.split(":")[-1]):
            continue
        short = name.removeprefix("api:")
        yield name, place, API.get(short) if name.startswith("api:") else getattr(callback, "predicate", None)


def fill(place, government):
    """An address for a route: a real government, a record that does not exist."""
    place = re.sub(r"<slug:government>|<government>|\{government\}", government.code, place)
    place = re.sub(r"<int:\w+>", "0", place)
    return "/" + re.sub(r"<[^>]+>", "no-existe", place).lstrip("^/").rstrip("$")


def test_every_route_has_a_predicate_that_says_whom_it_lets_in():
    bare = [name for name, _, allowed in routes() if allowed is None]
    assert not bare, f"routes without a predicate: {bare}"
    unnamed = [name for name, _, allowed in routes() if id(allowed) not in NAMES]
    assert not unnamed


@pytest.fixture
def people(panama, san_miguelito, office):
    """A signed-in client for each role of each government, and one for nobody."""
    clients = {(None, None): Client(raise_request_exception=False)}
    for government in (panama, san_miguelito):
        for role in Role:
            user = accounts.create_user(
                by=office,
                government=government,
                email=f"{role}-{government.code}@example.org",
                display_name=str(role.label),
                roles=[role],
            )
            client = Client(raise_request_exception=False)
            client.force_login(user)
            clients[government.code, role.value] = client
    return clients


def was_let_in(response):
    """Whether the door opened: what is behind it may not exist, or want another verb."""
    to_sign_in = response.status_code == 302 and "/cuenta/login" in response.headers.get("Location", "")
    return response.status_code not in {401, 403} and not to_sign_in


def cells(panama, people, only=None):
    """Every (route, person) with what was expected and what happened."""
    for name, place, allowed in routes():
        if only is not None and allowed is not only:
            continue
        method = "post" if name.startswith("api:") and place.rstrip("/").count("/") > 5 else "get"
        for (code, role), client in people.items():
            response = getattr(client, method)(fill(place, panama))
            yield (
                name,
                code,
                role,
                expected(allowed, role, own=code == panama.code),
                was_let_in(response),
                response.status_code,
            )


def test_every_cell_of_the_matrix_is_what_the_sentences_say(panama, people):
    total, wrong = 0, []
    for name, code, role, should, did, status in cells(panama, people):
        if name.startswith("api:") and status in {401, 405}:
            continue  # writing wants a key, not a session: tried in test_the_api_obeys_the_same_predicates
        total += 1
        if should != did:
            wrong.append(f"{name} as {role or 'nobody'} of {code or '—'}: expected {should}, was {did} ({status})")
    print(f"cells: {total}")
    assert total > 1_000
    assert not wrong, "\n".join(wrong[:40])


def test_the_api_obeys_the_same_predicates(panama, san_miguelito, office, people):
    """With a key, every route of the desk's API answers each role as the page does."""
    wrong, total = [], 0
    for government in (panama, san_miguelito):
        for role in Role:
            user = accounts.create_user(
                by=office,
                government=government,
                email=f"k-{role}-{government.code}@example.org",
                display_name="K",
                roles=[role],
            )
            token = accounts.issue_api_token(by=office, government=government, user=user, at=timezone.now())
            client = Client(headers={"Authorization": f"Bearer {token}"}, raise_request_exception=False)
            for name, place, allowed in routes():
                if not name.startswith("api:") or allowed is may_read_public:
                    continue
                response = client.get(fill(place, panama))
                if response.status_code == 405:
                    response = client.post(fill(place, panama), data="{}", content_type="application/json")
                total += 1
                if was_let_in(response) != expected(allowed, role, own=government == panama):
                    wrong.append(f"{name} as {role} of {government.code}: {response.status_code}")
    print(f"cells: {total}")
    assert not wrong, "\n".join(wrong[:40])


def test_pages_of_the_account_want_a_signed_in_person(client):
    for name in sorted(SIGNED_IN_ONLY):
        response = client.get(reverse(name))
        assert response.status_code == 302, name


def test_negating_any_predicate_turns_a_cell_red(panama, people, monkeypatch):
    """The mutation score of the matrix, over the predicates that guard a route: killed/total must be 100%."""
    guarding = {id(allowed): allowed for _, _, allowed in routes()}
    killed, alive = 0, []
    for allowed in guarding.values():
        straight = allowed.fn
        with monkeypatch.context() as patch:
            patch.setattr(allowed, "fn", lambda *told, straight=straight: not straight(*told))
            if any(should != did for *_, should, did, _ in cells(panama, people, only=allowed)):
                killed += 1
            else:
                alive.append(NAMES[id(allowed)])
    print(f"killed/total: {killed}/{len(guarding)}")
    assert not alive
