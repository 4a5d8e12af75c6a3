"""When a signed link may be used."""

import datetime as dt


def why_link_is_refused(
    *, expires_at: dt.datetime, used_at: dt.datetime | None, revoked_at: dt.datetime | None, at: dt.datetime
) -> str:
    """A sentence for the person who opened the link, or an empty text when it may be used."""
    if revoked_at is not None and at >= revoked_at:
        return "Este enlace fue anulado. Pida uno nuevo a la oficina de resiliencia."
    if used_at is not None:
        return "Este enlace ya se usó. Si necesita corregir algo, pida uno nuevo a la oficina de resiliencia."
    if at >= expires_at:
        return "Este enlace venció. Pida uno nuevo a la oficina de resiliencia."
    return ""
