"""Whether the copy that is stored here of a publication is still the one that the log says was published."""

from django.utils.html import format_html
from django.utils.translation import gettext as _

from manglar.audit import verification
from manglar.audit.selectors import window
from manglar.design.templatetags.design import long_date, number
from manglar.portal.copies import Copy
from manglar.portal.copy_check import Verdict, verdict_of
from manglar.portal.log_names import chain_names, told_of
from manglar.publication.models import Release
from manglar.publication.selectors import document_of, release_fault


def check_stored(copy: Copy) -> Verdict:
    """Compute the digest of a stored copy as the verifier of uploaded ones does, and compare it with the log's.

    The log is asked because the copy and the digest beside it stand in one row: whoever changes both at once is seen
    only in the entry that was chained when it was published.
    """
    release = copy.release
    digest = verdict_of(document_of(release).encode()).digest
    said = {"title": copy.heading, "version": release.version, "day": long_date(release.released_at)}
    recorded = verification.first_recorded(Release._meta.db_table, str(release.pk))
    if recorded is None:
        return Verdict("warning" if window() else "error", _no_entry(said), digest)
    names = chain_names()
    said |= {"seq": number(recorded.seq), "chain": names.get(recorded.chain, "—")}
    if recorded.faults:
        told = _("El asiento %(seq)s de la cadena «%(chain)s», que anotó esta publicación, no concuerda:") % said
        return Verdict("error", format_html("{} {}", told, told_of(recorded.faults[0], names)), digest)
    fault = release_fault(release)
    if recorded.values.get("sha256") != digest or fault is not None:
        return Verdict("error", _altered(said, is_content=recorded.values.get("sha256") != digest), digest)
    told = _(
        "No ha cambiado desde que se publicó, el %(day)s: la copia guardada (versión %(version)s) da hoy la misma huella "
        "que anotó entonces el asiento %(seq)s de la cadena «%(chain)s»."
    )
    return Verdict("success", told % said, digest)


def _altered(said: dict[str, object], *, is_content: bool) -> str:
    if is_content:
        told = _(
            "La copia guardada fue alterada: no da la huella que anotó el asiento %(seq)s de la cadena «%(chain)s» cuando "
            "se publicó, el %(day)s. No se fíe de lo que dice esta página y avise a la oficina."
        )
    else:
        told = _(
            "El texto da la huella que anotó el asiento %(seq)s de la cadena «%(chain)s», pero los datos guardados a su "
            "lado (huella, identificador o enlaces) fueron alterados. Avise a la oficina."
        )
    return told % said


def _no_entry(said: dict[str, object]) -> str:
    if window():
        return _("Todavía no se puede decir: lo último que se anotó se está sellando. Vuelva a preguntar en unos segundos.")
    return _("La bitácora no tiene el asiento que publicó esta copia (versión %(version)s, %(day)s): no se puede comprobar.") % said
