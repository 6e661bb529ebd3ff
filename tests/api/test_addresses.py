"""What all addresses of the API have in common: how they refuse, and that their description is true."""

import json
import re

import pytest

from innendienst.api.urls import operations, urlpatterns
from innendienst.api.v1 import api
from tests.nps.scenes import A, make_wave

DESCRIPTION = "/api/v1/openapi.json"


def test_every_address_has_an_operation_and_every_operation_an_address():
    described = {(pattern.name, str(pattern.pattern)) for pattern in api.urls[0]} - {("api-root", "")}
    assert {(pattern.name, str(pattern.pattern)) for pattern in urlpatterns} == described
    assert set(operations()) == {name for name, _path in described} | {"api-root"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "address", "status"),
    [("get", DESCRIPTION, 200), ("post", DESCRIPTION, 405), ("post", "/api/v1/nps/waves", 405), ("get", "/api/v1/nps/waves/0", 404), ("get", "/api/v1/nope", 404)],
)  # fmt: skip
def test_what_is_refused_is_refused_by_a_problem(annas, method, address, status):
    answer = getattr(annas, method)(address)
    assert answer.status_code == status
    if status != 200:
        assert (answer["Content-Type"], answer.json()["status"]) == ("application/problem+json", status)
    annas.logout()
    answer = getattr(annas, method)(address)
    expected = 404 if address == "/api/v1/nope" else 401
    assert (answer.status_code, answer["Content-Type"], answer.json()["status"]) == (expected, "application/problem+json", expected)


@pytest.mark.django_db
def test_refusals_are_said_in_the_language_of_whoever_asks(annas, anna):
    assert annas.get("/api/v1/nps/waves/0").json()["detail"] == "Unter dieser Adresse gibt es nichts, oder Sie dürfen es nicht sehen."
    anna.language = "en"
    anna.save()
    assert annas.get("/api/v1/nps/waves/0").json()["detail"] == "There is nothing at this address, or you may not see it."


@pytest.mark.django_db
def test_an_answer_is_what_the_description_says(annas):
    wave = make_wave(counts=A)
    document = annas.get(DESCRIPTION).json()
    schemas = document["components"]["schemas"]
    named = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(document)))
    assert (document["openapi"], named - set(schemas)) == ("3.1.0", set())
    for path, schema in (("/api/v1/nps/waves", "Waves"), ("/api/v1/nps/waves/{wave_id}", "WaveInLine")):
        described = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        told = annas.get(path.format(wave_id=wave.pk)).json()
        assert described == {"$ref": f"#/components/schemas/{schema}"}
        assert set(told) == set(schemas[schema]["properties"]) == set(schemas[schema]["required"])
