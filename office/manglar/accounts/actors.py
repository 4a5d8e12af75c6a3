"""Who acts: a signed-in user, the holder of a signed link, or a program; with the door that was used."""

from dataclasses import dataclass, field

from manglar.accounts.models import Membership, SignedLink, User
from manglar.audit.choices import Door


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever asks a service for something."""

    name: str
    ref: str
    door: str
    roles: frozenset[tuple[int, str]] = field(default_factory=frozenset)
    user: User | None = None
    link: SignedLink | None = None
    is_program: bool = False


ANONYMOUS = Actor(name="persona sin cuenta", ref="", door=Door.PAGE)


def actor_for_user(user: User, *, door: str = Door.PAGE) -> Actor:
    """The actor for a signed-in user, with the roles in force."""
    roles = Membership.objects.filter(user=user, ended_at__isnull=True).values_list("government_id", "role")
    return Actor(name=str(user), ref=user.public_id, door=door, roles=frozenset(roles), user=user)


def actor_for_link(link: SignedLink) -> Actor:
    """The actor for the person to whom a signed link was sent."""
    return Actor(name=link.person_name, ref=link.public_id, door=Door.LINK, link=link)


def program(name: str, *, door: str = Door.COMMAND) -> Actor:
    """The actor for a command or task that a person of the installation started; checks no role."""
    return Actor(name=name, ref="", door=door, is_program=True)
