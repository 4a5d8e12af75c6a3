"""Bytes of a file become text, or a sentence says why not."""

import pytest

from manglar.foundation.texts import decode


def test_a_file_in_two_encodings_is_refused_and_one_in_either_is_read():
    line = "Escuela Ñandú, Río Abajo\n"
    assert decode(line.encode()) == decode(line.encode("cp1252")) == line
    with pytest.raises(ValueError, match="dos codificaciones"):
        decode(line.encode() + line.encode("latin-1"))
