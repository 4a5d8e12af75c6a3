from manglar.publication.rules import personal_data_in, same_content, texts_in


def test_every_text_of_a_payload_is_looked_at():
    payload = {"a": "uno", "b": [{"c": "dos"}, "tres"], "n": 4}
    assert list(texts_in(payload)) == [("a", "uno"), ("b.c", "dos"), ("b", "tres")]


def test_addresses_of_people_are_found_with_their_field():
    assert personal_data_in({"fields": {"reason": "Escriba a ana.b@example.org hoy"}}) == [
        "fields.reason: ana.b@example.org"
    ]
    assert personal_data_in({"text": "a las 3 @ la plaza"}) == []


def test_version_and_public_links_do_not_make_another_content():
    assert same_content({"a": 1, "version": 1, "links": []}, {"a": 1, "version": 2, "links": [1]})
    assert not same_content({"a": 1}, {"a": 2})
