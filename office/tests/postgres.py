"""A throw-away PostgreSQL for the lane that runs the same suite on it (``MANGLAR_TEST_DATABASE=postgres``)."""

import os

import pytest


def pytest_report_header() -> str:
    """Say on which database the suite runs."""
    return f"base de datos: {'PostgreSQL' if os.environ.get('DATABASE_URL') else 'SQLite'}"


def pytest_configure(config: pytest.Config) -> None:
    """Keep the plug-in hook visible: the cluster itself is started by ``tools/with_postgres.py``."""
