"""Which tables the log watches: every table of ours but the named few, and the declared ones of others."""

from django.apps import apps

#: Tables of ours that leave no trace, each with its reason.
EXEMPT = {
    "audit_context": "it is the log",
    "audit_currentcontext": "it is the log",
    "audit_rawchange": "it is the log",
    "audit_entry": "it is the log, and refuses changes",
    "audit_payload": "it is the log, and refuses changes",
    "margin_reading": "how far the log was read: logging it would give the reader something to read, for ever",
    "search_document": "the index is made from the log and the records; writing it down would make it follow itself",
    "search_word": "as search_document",
    "search_spelling": "as search_document",
    "search_posting": "as search_document",
    "search_unread": "as search_document",
    "search_bookmark": "as search_document",
    "operations_job": "its progress changes every second; asking for it and its result are events",
}
#: Tables of other packages that hold facts of ours.
THIRD_PARTY = ("account_emailaddress", "mfa_authenticator", "socialaccount_socialaccount")
#: Columns whose value must not stand in the log: that they changed is recorded, not to what.
SECRET = {
    "accounts_user": frozenset({"password"}),
    "mfa_authenticator": frozenset({"data"}),
    "operations_outboxmessage": frozenset({"body"}),
}
GUARDED = ("audit_entry", "audit_payload", "audit_rawchange", "audit_context")


def audited_tables() -> list[str]:
    """Names of the tables whose rows are watched, sorted."""
    ours = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.startswith("manglar.") and model._meta.managed and not model._meta.proxy
    }
    present = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    return sorted((ours - EXEMPT.keys()) | (present & set(THIRD_PARTY)))


def is_audited(table: str) -> bool:
    """Whether the log watches this table."""
    return table in audited_tables()
