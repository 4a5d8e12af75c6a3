"""Who: institutions, posts, the roles that hold them over ten years, and their accounts."""

import datetime as dt

from django.db import transaction

from manglar.accounts import services as accounts
from manglar.accounts.choices import Role
from manglar.accounts.models import User
from manglar.foundation.provenance import Mark
from manglar.network import services as network
from manglar.network.choices import Rank
from manglar.network.models import Institution
from manglar.seed.city import BUILDER, SAID, City, made_up, words
from manglar.seed.sizes import BEGINS

TERM = dt.date(2021, 7, 1)
_MIX = ("municipal", "municipal", "municipal", "junta_comunal", "agency", "company", "ministry", "civil", "academic", "partner")


def settle(city: City) -> None:
    """Make the institutions with their posts, then everyone who has an account."""
    for number in range(city.size.institutions):
        with transaction.atomic():
            _institution(city, number)
    with transaction.atomic():
        _accounts(city)


def _institution(city: City, number: int) -> None:
    kind = _MIX[number % len(_MIX)]
    es, en = words()["institutions"][kind]
    theme, place = city.pair("themes"), city.dice.choice(city.corregimientos)
    about = (place.name, place.name) if kind == "junta_comunal" else theme
    made = network.record_institution(
        by=BUILDER, government=city.home, code=f"{kind.split('_')[0][:4]}-{number + 1:03d}", kind=kind,
        name=made_up(f"{es} {about[0]} {number + 1}", f"{en} {about[1]} {number + 1}"),
        division=place if kind == "junta_comunal" else None, mark=Mark.ILLUSTRATIVE, source_text=SAID,
    )
    city.institutions.append(made)
    _posts(city, made)


def _posts(city: City, institution: Institution) -> None:
    """A head who changed with the administration, and a focal point."""
    short = institution.code
    head = network.record_post(
        by=BUILDER, institution=institution, title=made_up(f"titular de {short}", f"head of {short}"), rank=Rank.HEAD
    )
    focal = network.record_post(
        by=BUILDER, institution=institution, title=made_up(f"punto focal de {short}", f"focal point of {short}"),
        rank=Rank.FOCAL_POINT,
    )
    holders = (
        (head, f"Titular de {short}, primera administración", "", BEGINS, TERM - dt.timedelta(days=1)),
        (head, f"Titular de {short}, segunda administración", f"titular-{short}@ejemplo.invalid", TERM, None),
        (focal, f"Punto focal de {short}", f"focal-{short}@ejemplo.invalid", BEGINS, None),
    )
    for post, name, email, since, until in holders:
        person = network.record_person(by=BUILDER, government=city.home, name=name, email=email, is_example=True)
        network.appoint(
            by=BUILDER, person=person, post=post, on=since, until_on=until, instrument="Nota de designación (ilustrativa)"
        )
        if post is focal:
            city.people[institution.pk] = person


def _accounts(city: City) -> None:
    """Focal points first: one account each as far as the size goes; then staff of every role."""
    staff = (Role.READER, Role.EDITOR, Role.ANALYST, Role.COMMUNICATIONS, Role.SENIOR_OFFICIAL, Role.JUNTA_COMUNAL)
    wanted = city.size.users - User.objects.count()
    focal = list(city.people.values())[: wanted * 2 // 3]
    for person in focal:
        user = _account(city, person.email, person.name, Role.FOCAL_POINT)
        network.revise_person(by=BUILDER, person=person, user=user)
    for number in range(wanted - len(focal)):
        role = staff[number % len(staff)]
        _account(city, f"{role.value.replace('_', '-')}-{number + 1}@ejemplo.invalid", f"{role.label} {number + 1}", role)


def _account(city: City, email: str, name: str, role: Role) -> User:
    return accounts.create_user(
        by=BUILDER, government=city.home, email=email, display_name=str(name), roles=[role], is_example=True
    )
