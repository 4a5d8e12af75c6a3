"""What a person names on the command line: a government, a run."""

from manglar.foundation.refusals import InvalidInput
from manglar.foundation.sentences import say
from manglar.governments.models import Government
from manglar.governments.selectors import all_governments, government_by_code, home_government
from manglar.risk import selectors
from manglar.risk.models import Run


def government_named(code: str) -> Government:
    """The government with a code, or the one of the house."""
    found = government_by_code(code) if code else home_government()
    if found is not None:
        return found
    if not code:
        raise InvalidInput(say("Todavía no hay un gobierno: créelo con «manglar new-city»."))
    known = ", ".join(each.code for each in all_governments()) or say("ninguno")
    raise InvalidInput(say("No hay un gobierno con el código «{code}». Hay: {known}.", code=code, known=known))


def run_named(public_id: str, government: str) -> Run:
    """The run that a person names, of any government; ``latest`` is the last that ended well."""
    if public_id == "latest":
        run = selectors.latest_run(government_named(government))
        if run is None:
            raise InvalidInput(
                say("Todavía no hay ninguna corrida hecha: pida una con «manglar risk run ARCHIVO.toml».")
            )
        return run
    found = selectors.run_by_id(public_id)
    if found is None:
        raise InvalidInput(
            say("No hay una corrida «{public_id}»: véalas con «manglar risk list».", public_id=public_id)
        )
    return found
