"""Django's SQLite backend with a schema editor that keeps the log."""

from django.db.backends.sqlite3 import base, schema

from manglar.audit.backends.schema import KeepsTheLog


class DatabaseSchemaEditor(KeepsTheLog, schema.DatabaseSchemaEditor):
    """Makes the triggers again whenever SQLite rebuilds a table."""


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass = DatabaseSchemaEditor
