"""When a signed link may be used."""

import datetime as dt

from manglar.foundation.sentences import Said, say


def why_link_is_refused(
    *, expires_at: dt.datetime, used_at: dt.datetime | None, revoked_at: dt.datetime | None, at: dt.datetime
) -> Said:
    """A sentence for the person who opened the link, or an empty text when it may be used."""
    if revoked_at is not None and at >= revoked_at:
        return say("Este enlace fue anulado. Pida uno nuevo a la oficina de resiliencia.")
    if used_at is not None:
        return say("Este enlace ya se usó. Si necesita corregir algo, pida uno nuevo a la oficina de resiliencia.")
    if at >= expires_at:
        return say("Este enlace venció. Pida uno nuevo a la oficina de resiliencia.")
    return ""
