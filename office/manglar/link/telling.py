"""What the pages of a signed link say: of its milestone, of who asks, and of what came of a report."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from manglar.accounts.models import SignedLink
from manglar.delivery.choices import UpdateState
from manglar.delivery.models import MilestoneUpdate, UpdateRequest
from manglar.delivery.selectors import live_correction, milestone_of_link
from manglar.design.templatetags.design import long_date, moment
from manglar.foundation.translated import read_in


def milestone_page(link: SignedLink) -> dict[str, Any]:
    """The milestone of a link in the reader's language; empty texts where there is none any more."""
    language, milestone = get_language() or "es", milestone_of_link(link)
    commitment = milestone.commitment if milestone else None
    return {
        "link_person": link.person_name,
        "milestone": milestone,
        "milestone_title": read_in(milestone.title, language).text if milestone else "",
        "commitment_text": read_in(commitment.text, language).text if commitment else "",
    }


def asking_page(link: SignedLink, asked: UpdateRequest | None) -> dict[str, Any]:
    """Who asks, until when, and what is to be corrected."""
    corrects = asked.corrects if asked else None
    return {
        "link_until": link.expires_at,
        "asked_by": asked.asked_by_name if asked else "",
        "correct": corrects.revise_reason if corrects else "",
    }


def told_page(
    link: SignedLink, told: MilestoneUpdate, *, sent_at: dt.datetime | None = None, is_new: bool = False, unsent: str = ""
) -> dict[str, Any]:
    """What was reported with a link and what came of it; ``unsent`` is what arrived when it was used already."""
    sent = sent_at or told.sent_at or link.used_at
    heading = _("Gracias: reporte recibido") if is_new else _("Ya reportó con este enlace el %(when)s") % {"when": moment(sent)}
    return {
        **milestone_page(link),
        "told": told,
        "sent_at": sent,
        "heading": heading,
        "outcome": _outcome(told),
        "unsent": unsent if unsent.strip() not in told.text.values() else "",
        **(_to_correct(told) if told.state == UpdateState.REVISE else {}),
    }


def _outcome(told: MilestoneUpdate) -> str:
    """What came of a report until now, in a sentence."""
    if told.state == UpdateState.APPROVED:
        return _("Aprobado el %(when)s. Cuando la oficina lo publique se verá en el portal.") % {"when": moment(told.approved_at)}
    if told.state == UpdateState.REVISE:
        return ""
    return _("Espera la aprobación de la oficina. Puede volver a abrir este enlace para ver qué pasó.")


def _to_correct(told: MilestoneUpdate) -> dict[str, str]:
    """What the office asks to correct, and with what."""
    request = live_correction(told, timezone.now())
    if request is None:
        how = _("Para corregirlo, pida a la oficina un enlace nuevo.")
    else:
        how = _("El %(when)s la oficina hizo un enlace nuevo para que lo corrija; vale hasta el %(until)s. Búsquelo en su correo, o pídalo a la oficina.") % {
            "when": long_date(request.asked_at), "until": long_date(request.link.expires_at),
        }
    return {"correct": told.revise_reason, "correct_title": _("La oficina pide corregir:"), "correct_how": how}
