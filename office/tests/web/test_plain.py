"""What forms say of a field is in plain words, and names what to do."""

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from manglar.web.kinds.plain import in_plain_words


class Sample(forms.Form):
    name = forms.CharField(label="Nombre", max_length=5)
    own = forms.CharField(label="Suyo", error_messages={"required": "Diga el suyo."})
    long = forms.CharField(label="Largo", max_length=10, required=False, widget=forms.Textarea)
    kind = forms.ChoiceField(label="Clase", choices=[("a", "A")])
    percent = forms.IntegerField(label="Avance", min_value=0, max_value=100)
    cost = forms.DecimalField(label="Costo", min_value=0)
    email = forms.EmailField(label="Correo", required=False)
    file = forms.FileField(label="Archivo")
    agree = forms.BooleanField(label="De acuerdo")


def sample(data, **files):
    form = Sample(data, {name: SimpleUploadedFile(name, b"x") for name in files})
    in_plain_words(form)
    return form


def test_an_empty_form_says_what_to_write_choose_and_mark():
    assert {name: str(said[0]) for name, said in sample({}).errors.items()} == {
        "name": "Escriba «Nombre».", "own": "Diga el suyo.", "kind": "Elija «Clase».", "percent": "Escriba «Avance».",
        "cost": "Escriba «Costo».", "file": "Elija el archivo.", "agree": "Marque «De acuerdo».",
    }


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("percent", "400", "Va de 0 a 100."), ("percent", "-5", "Va de 0 a 100."),
        ("percent", "mucho", "Escriba un número entero, solo con cifras."), ("cost", "-1", "No puede ser menos de 0."),
        ("cost", "doce", "Escriba un número."), ("email", "nada", "Escriba el correo completo, como nombre@ejemplo.org."),
        ("kind", "z", "Elija una opción de la lista."),
        ("name", "demasiado", "Tiene 9 caracteres y caben 5: le sobran 4. Acórtelo; aquí sigue entero."),
    ],
)
def test_a_value_that_does_not_serve_says_what_would(field, value, said):
    assert [str(each) for each in sample({field: value}).errors[field]] == [said]


def test_no_text_is_cut_by_the_browser_and_a_line_end_counts_once():
    form = sample({"long": "12345\r\n6789"})
    assert "long" not in form.errors
    assert "maxlength" not in str(form["long"]) + str(form["name"])
    assert "le sobran 1" in str(sample({"long": "12345\r\n67890"}).errors["long"])
    assert "maxlength" in str(Sample()["long"]), "the class keeps its limit: only this form's fields changed"
