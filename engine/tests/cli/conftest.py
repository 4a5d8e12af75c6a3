from __future__ import annotations

import pytest
from made_toml import FILES, REST, TABLES


@pytest.fixture
def city(tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")

    def written(hazard=TABLES, rest=REST):
        path = tmp_path / "city.toml"
        path.write_text(f'[city]\nname = "Ciudad"\n[[hazard]]\n{hazard}{rest}', encoding="utf-8")
        return str(path)

    return written
