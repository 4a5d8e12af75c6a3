"""Recording people, appointing them, and forgetting them on request."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from manglar.accounts.actors import Actor
from manglar.accounts.models import User
from manglar.accounts.permissions import require
from manglar.audit.services import act, erase_personal_data
from manglar.foundation.refusals import Conflict, InvalidInput
from manglar.foundation.sentences import say
from manglar.governments.models import Government
from manglar.network.choices import Rank
from manglar.network.models import Appointment, Person, Post
from manglar.network.permissions import may_change_network, may_erase_people
from manglar.network.rules import ERASED_NAME, end_of_earlier, overlap


def record_person(
    *, by: Actor, government: Government, name: str, email: str = "", user: User | None = None,
    is_example: bool = False,
) -> Person:
    """Record a person: their name, and an address if requests are to reach them."""
    require(may_change_network, by, government)
    person = Person(government=government, name=_name(name), email=_email(email), user=_free(user),
                    is_example=is_example)
    with act("person.recorded", by=by, government_id=government.pk, subject=person.public_id):
        person.save()
    return person


def revise_person(
    *, by: Actor, person: Person, name: str | None = None, email: str | None = None, user: User | None = None
) -> Person:
    """Rectify what is kept of a person (Ley 81 of 2019)."""
    require(may_change_network, by, person.government)
    with act("person.revised", by=by, government_id=person.government_id, subject=person.public_id):
        person.name = _name(name) if name is not None else person.name
        person.email = _email(email) if email is not None else person.email
        if user is not None and user.pk != person.user_id:
            person.user = _free(user)
        person.save(update_fields=["name", "email", "user"])
    return person


def _name(name: str) -> str:
    tidy = " ".join(name.split())
    if not tidy or len(tidy) > 200:
        raise InvalidInput(say("Escriba el nombre de la persona, de hasta 200 caracteres."))
    return tidy


def _email(email: str) -> str:
    email = email.strip().lower()
    try:
        if email:
            validate_email(email)
    except ValidationError as error:
        raise InvalidInput(say("«{email}» no es una dirección de correo.", email=email)) from error
    return email


def _free(user: User | None) -> User | None:
    if user is not None and Person.objects.filter(user=user).exists():
        raise Conflict(say("La cuenta de {user} ya es de otra persona.", user=user))
    return user


def appoint(
    *, by: Actor, person: Person, post: Post, on: dt.date, instrument: str = "", until_on: dt.date | None = None
) -> Appointment:
    """A person takes a post on a day; whoever headed it until then leaves on the eve."""
    require(may_change_network, by, post.government)
    if until_on is not None and until_on < on:
        raise InvalidInput(
            say("El nombramiento no puede terminar el {until_on} si empieza el {on}.", until_on=until_on, on=on)
        )
    appointment = Appointment(
        government=post.government, person=person, post=post, from_on=on, until_on=until_on, instrument=instrument.strip()
    )
    with act("person.appointed", by=by, government_id=post.government_id, subject=post.public_id, reason=instrument):
        for other in Appointment.objects.select_for_update().filter(post=post).order_by("from_on"):
            _make_room(other, appointment)
        appointment.save()
    return appointment


def _make_room(other: Appointment, new: Appointment) -> None:
    """End an earlier head, or say why the new appointment cannot stand beside the other."""
    meets = overlap(from_on=new.from_on, until_on=new.until_on, other_from=other.from_on, other_until=other.until_on)
    if not meets:
        return
    if other.person_id == new.person_id:
        raise Conflict(
            say(
                "{person} ya ocupa «{post}» desde el {from_on}.",
                person=other.person,
                post=other.post,
                from_on=other.from_on,
            )
        )
    if new.post.rank != Rank.HEAD:
        return
    eve = end_of_earlier(earlier_from=other.from_on, new_from=new.from_on)
    if eve is None:
        raise Conflict(
            say(
                "{person} ocupa «{post}» desde el {from_on}: indique hasta cuándo lo ocupó {successor}.",
                person=other.person,
                post=other.post,
                from_on=other.from_on,
                successor=new.person,
            )
        )
    other.until_on = eve
    other.save(update_fields=["until_on"])


def end_appointment(*, by: Actor, appointment: Appointment, on: dt.date, reason: str = "") -> Appointment:
    """A person leaves a post: the day is their last in it."""
    require(may_change_network, by, appointment.government)
    if on < appointment.from_on:
        raise InvalidInput(
            say(
                "No puede terminar el {on} un nombramiento que empezó el {from_on}.", on=on, from_on=appointment.from_on
            )
        )
    if appointment.until_on is not None and appointment.until_on <= on:
        raise Conflict(say("Ese nombramiento ya terminó el {until_on}.", until_on=appointment.until_on))
    with act("appointment.ended", by=by, government_id=appointment.government_id, subject=appointment.post.public_id,
             reason=reason):
        appointment.until_on = on
        appointment.save(update_fields=["until_on"])
    return appointment


def erase_person(*, by: Actor, person: Person, on: dt.date, reason: str) -> dict[str, Any]:
    """Forget a person at their request: the record keeps its posts and dates, the log forgets name and address.

    The chain of the log goes on verifying: it holds digests, not names.
    """
    require(may_erase_people, by, person.government)
    if not reason.strip():
        raise InvalidInput(say("Escriba el motivo: la petición de la persona y su fecha."))
    if person.name == ERASED_NAME:
        raise Conflict(say("Los datos de esta persona ya se borraron."))
    with act("person.erased", by=by, government_id=person.government_id, subject=person.public_id, reason=reason):
        person.name, person.email, person.user = ERASED_NAME, "", None
        person.save(update_fields=["name", "email", "user"])
        erasure = erase_personal_data(
            by=by, table=Person._meta.db_table, row_key=str(person.pk), fields=["name", "email", "user_id"],
            reason=reason, on=on, government_id=person.government_id,
        )
    return {"erasure": erasure.public_id, "person": person.public_id}
