"""A person at a browser without scripts, and the form he fills in."""

import http.client
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode


class WrongAnswer(RuntimeError):
    """The server answered something else than the page that was to be measured."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: str


@dataclass
class Person:
    """Keeps cookies and opens a connection per request."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, headers: Mapping[str, str] | None = None, expected: int = 200) -> Answer:
        return self._ask("GET", path, None, headers or {}, expected)

    def post(self, path: str, form: Sequence[tuple[str, str]], headers: Mapping[str, str] | None = None, expected: int = 302) -> Answer:
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://127.0.0.1:{self.port}"}
        return self._ask("POST", path, urlencode(form), {**kind, **(headers or {})}, expected)

    def _ask(self, method: str, path: str, body: str | None, headers: Mapping[str, str], expected: int) -> Answer:
        cookie = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, body, {**cookie, **headers})
        reply = connection.getresponse()
        text = reply.read().decode("utf-8", "replace")
        connection.close()
        if reply.status != expected:
            raise WrongAnswer(f"{method} {path}: {reply.status} instead of {expected}\n{text[:2000]}")
        for line in reply.headers.get_all("Set-Cookie", []):
            self.cookies.update({name: morsel.value for name, morsel in SimpleCookie(line).items()})
        return Answer(reply.status, reply.headers, text)


class FormReader(HTMLParser):
    """The fields of the form with that action, and what each would send untouched."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.action = action
        self.fields: list[tuple[str, str]] = []
        self._is_inside, self._select, self._options = False, "", []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag == "form":
            self._is_inside = given.get("action") == self.action
        if not self._is_inside or "disabled" in given:
            return
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "input" and name and (given.get("type") not in {"radio", "checkbox"} or "checked" in given):
            self.fields.append((name, value))
        elif tag == "textarea":
            self.fields.append((name, ""))
        elif tag == "select":
            self._select, self._options = name, []
        elif tag == "option":
            self._options.append((value, "selected" in given))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_inside = False
        elif tag == "select" and self._is_inside and self._options:
            chosen = [value for value, is_selected in self._options if is_selected]
            self.fields.append((self._select, chosen[0] if chosen else self._options[0][0]))


def filled_form(page: str, action: str, **values: str) -> list[tuple[str, str]]:
    """What the page's form sends once these fields are filled. Raises LookupError when the page has no such form."""
    reader = FormReader(action)
    reader.feed(page)
    if not reader.fields:
        raise LookupError(f"no form with the action {action}")
    return [(name, value) for name, value in reader.fields if name not in values] + list(values.items())
