"""The runs that there are answered in g, once in 475 and once in 2,475 years: now the run says so."""

from django.db import migrations

from manglar.accounts.actors import program
from manglar.audit.services import act
from manglar.audit.triggers import MIGRATION


def say_their_periods(apps, schema_editor):
    runs = apps.get_model("risk", "Run").objects.filter(study="seismic", state="done", often_years__isnull=True)
    if runs.exists():
        with act("database.migrated", by=program(MIGRATION)):
            runs.update(intensity_unit="g", often_years=475.0, rare_years=2475.0)


class Migration(migrations.Migration):
    dependencies = [("risk", "0002_studies_of_any_hazard")]

    operations = [migrations.RunPython(say_their_periods, migrations.RunPython.noop)]
