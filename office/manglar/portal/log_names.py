"""What the chains of the public log are called, and what does not agree in one of them, in a sentence that names it."""

from django.utils.translation import gettext as _

from manglar.audit import verification
from manglar.audit.rules import Fault
from manglar.foundation.translated import read_in
from manglar.governments.selectors import all_governments
from manglar.portal.readings import language


def chain_names() -> dict[int, str]:
    """What each chain is called: that of each government, and that of what belongs to none."""
    names = {each.pk: read_in(each.name, language()).text for each in all_governments()}
    return {0: _("Instalación"), **names}


def told_of(fault: Fault, names: dict[int, str]) -> str:
    """A fault of the log in the words of the page, with the chain that it belongs to; a whole line belongs to none."""
    told = str(verification.said(fault))
    if fault.seq is None:
        return told
    name = names.get(fault.chain) or _("número %(chain)s, que no es de este sitio") % {"chain": fault.chain}
    return _("Cadena «%(name)s». %(told)s") % {"name": name, "told": told}
