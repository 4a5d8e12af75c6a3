"""Bytes of a file become text, or a sentence says why not."""

import pytest

from manglar.foundation.texts import decode


def test_a_file_in_two_encodings_is_refused_and_one_in_either_is_read():
    line = "Escuela Ñandú, Río Abajo\n"
    assert decode(line.encode()) == decode(line.encode("cp1252")) == line
    with pytest.raises(ValueError, match="dos codificaciones"):
        decode(line.encode() + line.encode("latin-1"))


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
@pytest.mark.parametrize("text", ["Gestión", "siglas,nombre\nga,Gestión Ambiental\n", "Año;Ñuño\n", "¿Qué? «así»\n"])
def test_a_short_text_of_windows_is_read_as_it_was_written(text, encoding):
    assert decode(text.encode(encoding)) == text


def test_a_text_of_dos_is_not_taken_for_one_of_windows():
    text = "Dirección de Gestión Ambiental y de la niñez; Corregimiento de Ancón, año de la última inspección: él dirá más.\n" * 3
    assert decode(text.encode("cp850")) == text
