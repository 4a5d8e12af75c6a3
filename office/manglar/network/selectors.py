"""Reads of institutions, posts and the people who hold them."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet

from manglar.accounts.models import User
from manglar.governments.models import Government
from manglar.network.models import Appointment, Institution, Person, Post


@dataclass(frozen=True, slots=True)
class Seat:
    """A post and whoever holds it on a day."""

    post: Post
    holders: tuple[Appointment, ...]


@dataclass(frozen=True, slots=True)
class InstitutionPage:
    """An institution with its posts and who holds them on a day."""

    institution: Institution
    seats: tuple[Seat, ...]

    def holder(self, rank: str) -> Person | None:
        """Who holds the first post of a rank, or None."""
        return next((s.holders[0].person for s in self.seats if s.post.rank == rank and s.holders), None)


def institutions_of(government: Government) -> QuerySet[Institution]:
    """The institutions that a government keeps, with their place."""
    return Institution.objects.filter(government=government).select_related("division")


def institution_by_code(government: Government, code: str) -> Institution | None:
    """The institution with this code, whatever its case, or None."""
    return institutions_of(government).filter(code__iexact=code.strip()).first()


def institution_by_id(public_id: str) -> Institution | None:
    """The institution with this public identifier, or None."""
    return Institution.objects.select_related("division", "government").filter(public_id=public_id).first()


def in_force(on: dt.date) -> Q:
    """Appointments that hold on a day."""
    return Q(from_on__lte=on) & (Q(until_on__isnull=True) | Q(until_on__gte=on))


def institutions_with_holders(government: Government, *, on: dt.date) -> list[InstitutionPage]:
    """Every institution of a government with its posts and holders, in three queries."""
    return [_page(each) for each in _with_holders(institutions_of(government), on)]


@dataclass(frozen=True, slots=True)
class Seated:
    """A person with the post that they hold on a day, in words; ``institution_id`` is 0 without one."""

    person: Person
    post: str = ""
    institution: str = ""
    institution_id: int = 0


def seated_on(government: Government, *, on: dt.date) -> list[Seated]:
    """Everyone who holds a post of a government's institutions on a day, in one query; nobody twice."""
    held = Appointment.objects.filter(in_force(on), post__institution__government=government).select_related(
        "person", "post__institution"
    )
    found: dict[int, Seated] = {}
    for each in held.order_by("person__name", "pk"):
        post = each.post
        seat = Seated(each.person, str(post), str(post.institution), post.institution_id)
        found.setdefault(each.person_id, seat)
    return list(found.values())


def institution_page(institution: Institution, *, on: dt.date) -> InstitutionPage:
    """One institution with its posts and holders."""
    return _page(_with_holders(Institution.objects.filter(pk=institution.pk).select_related("division"), on).get())


def _with_holders(institutions: QuerySet[Institution], on: dt.date) -> QuerySet[Institution]:
    now = Appointment.objects.filter(in_force(on)).select_related("person")
    posts = Post.objects.prefetch_related(Prefetch("appointments", queryset=now, to_attr="now"))
    return institutions.prefetch_related(Prefetch("posts", queryset=posts))


def _page(institution: Institution) -> InstitutionPage:
    # «now» is what the prefetch above put there
    seats = tuple(Seat(post, tuple(getattr(post, "now", ()))) for post in institution.posts.all())
    return InstitutionPage(institution, seats)


def posts_of(institution: Institution) -> QuerySet[Post]:
    """The posts of an institution."""
    return institution.posts.select_related("institution")


def post_by_id(public_id: str) -> Post | None:
    """The post with this public identifier, or None."""
    return Post.objects.select_related("institution", "government").filter(public_id=public_id).first()


def history_of_post(post: Post) -> QuerySet[Appointment]:
    """Everyone who held a post, newest first."""
    return post.appointments.select_related("person", "post__institution")


def people_of(government: Government) -> QuerySet[Person]:
    """The people that a government keeps."""
    return Person.objects.filter(government=government).select_related("user")


def person_by_id(public_id: str) -> Person | None:
    """The person with this public identifier, or None."""
    return Person.objects.select_related("government", "user").filter(public_id=public_id).first()


def appointments_of(person: Person) -> QuerySet[Appointment]:
    """The posts of a person over time, newest first."""
    return person.appointments.select_related("post__institution")


def person_of_user(user: User) -> Person | None:
    """The person that a user is, or None."""
    return Person.objects.filter(user=user).first()


def institutions_of_user(user: User, *, on: dt.date) -> QuerySet[Institution]:
    """The institutions in which a user holds a post on a day."""
    held = Appointment.objects.filter(in_force(on), person__user=user).values("post__institution")
    return Institution.objects.filter(pk__in=held).select_related("division")


def post_of_user(user: User, government: Government, *, on: dt.date) -> Post | None:
    """The post that a user holds on a day in an institution of a government, the latest of several; or None."""
    held = Appointment.objects.filter(in_force(on), person__user=user, post__government=government)
    found = held.select_related("post").order_by("-from_on", "-pk").first()
    return found.post if found else None


def focal_points_of(institution: Institution, *, on: dt.date) -> QuerySet[Person]:
    """The focal points of an institution on a day, to whom requests are sent."""
    held = Appointment.objects.filter(in_force(on), post__institution=institution, post__rank="focal_point")
    return Person.objects.filter(pk__in=held.values("person")).order_by("name")


def personal_data_of(person: Person) -> dict[str, object]:
    """All that is kept of a person, to hand it to them (Ley 81 of 2019: access and portability)."""
    return {
        "public_id": person.public_id, "name": person.name, "email": person.email,
        "account": person.user.email if person.user else "",
        "posts": [
            {"institution": str(each.post.institution), "post": str(each.post), "from_on": each.from_on.isoformat(),
             "until_on": each.until_on.isoformat() if each.until_on else "", "instrument": each.instrument}
            for each in appointments_of(person)
        ],
    }
