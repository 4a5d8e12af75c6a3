"""A database that is ready: tables, cache table, triggers."""

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from manglar.foundation.refusals import Conflict
from manglar.foundation.sentences import say


def pending() -> tuple[int, int]:
    """How many migrations the database has and how many it lacks."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return len(executor.loader.applied_migrations), len(plan)


def prepare_database(*, upgrade: bool = False) -> None:
    """Make the tables of an empty database; an older one is only upgraded when asked."""
    applied, lacking = pending()
    if not lacking:
        return
    if applied and not upgrade:
        raise Conflict(say("La base es de una versión anterior: haga un respaldo y ejecute «manglar migrate»."))
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
