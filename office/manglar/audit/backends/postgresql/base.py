"""Django's PostgreSQL backend with a schema editor that keeps the log."""

from django.db.backends.postgresql import base, schema

from manglar.audit.backends.schema import KeepsTheLog


class DatabaseSchemaEditor(KeepsTheLog, schema.DatabaseSchemaEditor):
    """Records the rows of a table whose shape a migration changed."""


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass = DatabaseSchemaEditor
