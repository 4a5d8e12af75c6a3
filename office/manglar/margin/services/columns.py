"""Remembering which column was what in an import."""

import datetime as dt
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from manglar.accounts.actors import Actor
from manglar.accounts.permissions import require
from manglar.audit.services import act
from manglar.foundation.refusals import InvalidInput
from manglar.governments.models import Government
from manglar.margin.models import ColumnMapping
from manglar.margin.permissions import may_remember_columns
from manglar.margin.rules import MAX_COLUMNS, MAX_HEADER, header_key, header_signature, tidy_line
from manglar.margin.services.checks import checked_kind


def remember_columns(
    *, by: Actor, government: Government, kind: str, headers: Sequence[str], mapping: Mapping[str, str], at: dt.datetime
) -> ColumnMapping:
    """Keep the columns (field → header; empty: no column) that an import used, for the next file with the same headers."""
    require(may_remember_columns, by, government)
    checked_kind(kind)
    if not headers or len(headers) > MAX_COLUMNS or any(len(header) > MAX_HEADER for header in headers):
        raise InvalidInput(
            _("Se recuerdan archivos de 1 a {most} columnas, con encabezados de hasta {longest} caracteres.").format(
                most=MAX_COLUMNS, longest=MAX_HEADER
            )
        )
    known = {header_key(header) for header in headers}
    if strange := [header for header in mapping.values() if header and header_key(header) not in known]:
        raise InvalidInput(
            _("El archivo no tiene la columna «{header}»: elija una de las suyas.").format(
                header=tidy_line(strange[0])[:60]
            )
        )
    columns = {tidy_line(field): tidy_line(header) for field, header in sorted(mapping.items())}
    with act("columns.remembered", by=by, government_id=government.pk):
        held, _is_new = ColumnMapping.objects.select_for_update().get_or_create(
            government=government, kind=kind, signature=header_signature(headers),
            defaults={"columns": columns, "used_at": at},
        )  # fmt: skip
        held.columns, held.used_at = columns, at
        held.save(update_fields=["columns", "used_at"])
    return held
