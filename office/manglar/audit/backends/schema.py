"""What both schema editors do: after a table changes shape, its triggers are made again at once."""

from typing import Any

from django.db import models

from manglar.audit.triggers import install_for_table, let_go_of_table


class KeepsTheLog:
    """Mixed into a schema editor: a migration cannot leave a table unwatched, not even between two steps."""

    connection: Any

    def add_field(self, model: type[models.Model], field: Any) -> None:
        super().add_field(model, field)  # type: ignore[misc]  # the schema editor is the other base
        self._watch_again(model)

    def remove_field(self, model: type[models.Model], field: Any) -> None:
        # SQLite drops no column that a trigger names; they are made again before the transaction ends.
        let_go_of_table(self.connection, model._meta.db_table)
        super().remove_field(model, field)  # type: ignore[misc]  # the schema editor is the other base
        self._watch_again(model)

    def alter_field(self, model: type[models.Model], old_field: Any, new_field: Any, *args: Any, **kwargs: Any) -> None:
        if self.connection.vendor == "postgresql":
            self.execute("SET CONSTRAINTS ALL IMMEDIATE")  # type: ignore[attr-defined]  # of the editor
        super().alter_field(model, old_field, new_field, *args, **kwargs)  # type: ignore[misc]  # the other base
        self._watch_again(model)

    def create_model(self, model: type[models.Model]) -> None:
        super().create_model(model)  # type: ignore[misc]  # the schema editor is the other base
        self._watch_again(model)

    def add_constraint(self, model: type[models.Model], constraint: Any) -> None:
        super().add_constraint(model, constraint)  # type: ignore[misc]  # the schema editor is the other base
        self._watch_again(model)

    def remove_constraint(self, model: type[models.Model], constraint: Any) -> None:
        super().remove_constraint(model, constraint)  # type: ignore[misc]  # the schema editor is the other base
        self._watch_again(model)

    def alter_db_table(self, model: type[models.Model], old_db_table: str, new_db_table: str, *args: Any) -> None:
        super().alter_db_table(model, old_db_table, new_db_table, *args)  # type: ignore[misc]  # the other base
        install_for_table(self.connection, new_db_table)

    def _watch_again(self, model: type[models.Model]) -> None:
        if not model._meta.db_table.startswith("new__"):
            install_for_table(self.connection, model._meta.db_table)
