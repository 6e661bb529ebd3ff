"""The search: any spelling finds the customer, nobody finds what is not his to see."""

import re

import pytest

from accounts.models import User
from customers import search_tokens
from customers.models import Customer
from customers.preferences import CustomersPreferences, Visibility
from innendienst.base import preferences
from tests.factories import make_contact, make_listed

pytestmark = pytest.mark.django_db

SEARCH = "/search/"


@pytest.fixture
def annas(client, anna):
    client.force_login(anna)
    return client


def mueller(owner: User | None = None) -> Customer:
    customer = make_listed(
        "Bäckerei Müller & Söhne GmbH & Co. KG", number="K-1004", town="Nürnberg", postcode="90402", phone="030 23125-103",
        email="info@mueller-soehne.example", owner=owner,
    )  # fmt: skip
    make_contact(customer, "Weiß", first_name="Käthe", phone="0171 39200-42", email="kaethe.weiss@mueller-soehne.example")
    search_tokens.refresh([customer.pk])
    return customer


def hits(response) -> list[str]:
    return re.findall(r'class="(?:call-row-name|search-hit)"[^>]*>(?:<strong>)?([^<]+)<', response.content.decode())


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).replace("\xa0", " ").split())


@pytest.mark.parametrize(
    "typed",
    [
        "Müller", "mueller", "MULLER", "müll", "bäckerei müller", "soehne mueller", "Mueller GmbH", "K-1004", "k-1004", "1004", "Nürnberg",
        "nuernberg mueller", "030 23125-103", "(030) 23125103", "+49 30 23125 103", "0049 30 23125103", "0171 3920042", "Käthe Weiß",
        "kaethe weiss", "info@mueller-soehne.example", "kaethe.weiss@mueller", "030 23125",
    ],
)  # fmt: skip
def test_any_spelling_leads_to_the_customer(annas, typed):
    customer = mueller()
    make_listed("Autohaus Nürk", number="K-2", town="Ulm", phone="040 66969-001")
    assert annas.get(SEARCH, {"q": typed})["Location"] == customer.get_absolute_url()


def test_several_hits_are_listed_by_name_with_phone_and_place(annas, anna):
    mueller(owner=anna)
    make_listed("Müller Logistik", number="K-2", phone="")
    answer = annas.get(SEARCH, {"q": "müller"})
    assert hits(answer) == ["Bäckerei Müller &amp; Söhne GmbH &amp; Co. KG", "Müller Logistik"]
    assert "030 23125-103 K-1004 · 90402 Nürnberg Anna Lang" in text(answer)


def test_who_is_called_so_comes_before_who_employs_somebody_called_so(annas):
    employer = make_listed("Autohaus Anfang")
    make_contact(employer, "Müller", salutation="mr")
    search_tokens.refresh([employer.pk])
    make_listed("Zimmerei Müller")
    answer = annas.get(SEARCH, {"q": "müller"})
    assert hits(answer) == ["Zimmerei Müller", "Autohaus Anfang"]
    assert "Herr Müller" in text(answer)


def test_a_similar_spelling_known_from_a_person_only_is_written_as_the_person_writes_it(annas):
    employer = make_listed("Autohaus Anfang")
    make_contact(employer, "Grüneßl")
    search_tokens.refresh([employer.pk])
    assert "Grüneßl (1)" in text(annas.get(SEARCH, {"q": "Gruneslls"}))


def test_the_exact_number_leads_straight_to_its_customer_among_others(annas):
    wanted = make_listed("Zuletzt", number="100")
    make_listed("Anfang", number="1001")
    assert annas.get(SEARCH, {"q": " 100 "})["Location"] == wanted.get_absolute_url()


def test_an_exact_phone_number_of_two_customers_lists_both_first(annas):
    make_listed("Zwei", phone="030 23125-103")
    make_listed("Eins", phone="030 23125-103")
    make_listed("Anders", phone="030 23125-1034")
    assert hits(annas.get(SEARCH, {"q": "030 23125103"}))[:2] == ["Eins", "Zwei"]


def test_leading_zeros_of_a_number_count(annas):
    short, _padded = make_listed("Kurz", number="123"), make_listed("Lang", number="000123")
    assert annas.get(SEARCH, {"q": "123"})["Location"] == short.get_absolute_url()


def test_twenty_hits_are_shown_and_the_others_are_in_the_list(annas):
    for index in range(21):
        make_listed(f"Müller {index:02d}")
    answer = annas.get(SEARCH, {"q": "müller"})
    assert len(hits(answer)) == 20
    assert '/customers/?q=m%C3%BCller"' in answer.content.decode()


def test_while_somebody_types_eight_hits_are_shown_as_links(annas):
    for index in range(9):
        make_listed(f"Müller {index:02d}")
    part = annas.get(SEARCH, {"q": "müller"}, headers={"HX-Request": "true"})
    assert hits(part) == [*(f"Müller {index:02d}" for index in range(8)), "Alle zeigen"]
    assert "<html" not in part.content.decode()


def test_while_somebody_types_one_hit_is_a_link_and_no_redirect(annas):
    customer = mueller()
    part = annas.get(SEARCH, {"q": "müller"}, headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert f'href="{customer.get_absolute_url()}"' in part.content.decode()


def test_no_hit_offers_similar_spellings_with_their_number(annas):
    mueller()
    make_listed("Müller Logistik")
    make_listed("Mühlenbau Nord")
    page = text(annas.get(SEARCH, {"q": "Mulelr"}))
    assert "Kein Kunde zu „Mulelr“." in page
    assert "Müller (2)" in page
    assert "Gesucht wird in Firma, Nummer, Ort, Ansprechpartner, Telefon, E-Mail." in page


@pytest.mark.parametrize("typed", ["", " ", "m"])
def test_too_little_asks_for_more(annas, typed):
    mueller()
    assert "mindestens zwei Zeichen" in text(annas.get(SEARCH, {"q": typed}))


@pytest.mark.parametrize("typed", ["\0\0", "%", "' OR 1=1 --", "a" * 5000, "{{ 7 }}", "<script>alert(1)</script>", "٣٤٥٦"])
def test_nonsense_finds_nothing_and_breaks_nothing(annas, typed):
    mueller()
    answer = annas.get(SEARCH, {"q": typed})
    assert answer.status_code == 200
    assert hits(answer) == []
    assert "<script>alert" not in answer.content.decode()


def test_a_merged_customer_is_not_found(annas):
    kept = make_listed("Müller neu")
    make_listed("Müller alt", merged_into=kept)
    assert annas.get(SEARCH, {"q": "müller"})["Location"] == kept.get_absolute_url()


def test_the_number_of_queries_does_not_depend_on_the_hits(annas, django_assert_num_queries):
    make_listed("Müller A")
    make_listed("Müller B")
    annas.get(SEARCH, {"q": "müller"})
    with django_assert_num_queries(7):
        annas.get(SEARCH, {"q": "müller"})
    for index in range(12):
        make_listed(f"Müller {index}")
    with django_assert_num_queries(7):
        annas.get(SEARCH, {"q": "müller"})


# --- what must not leak ---

SECRETS = ("Müller", "Muller", "K-1004", "23125-103", "Nürnberg", "Nurnberg", "Weiß", "Weiss", "mueller-soehne", "Ähnlich geschrieben:")


@pytest.mark.parametrize("visibility", [Visibility.TEAM, Visibility.OWN])
@pytest.mark.parametrize(
    "typed",
    ["müller", "K-1004", "030 23125103", "0171 3920042", "Weiß", "Nürnberg", "kaethe.weiss@mueller-soehne.example", "Mulelr", "Nuernbreg"],
)
@pytest.mark.parametrize("is_typing", [False, True])
def test_another_teams_customer_leaves_no_trace_in_the_search(annas, bernd, dieter, visibility, typed, is_typing):
    preferences.put(CustomersPreferences, by=dieter, visibility=visibility)
    mueller(owner=bernd)
    answer = annas.get(SEARCH, {"q": typed}, headers={"HX-Request": "true"} if is_typing else {})
    assert answer.status_code == 200
    shown = text(answer).replace(typed, "")
    assert [secret for secret in SECRETS if secret in shown] == []


def test_similar_spellings_count_visible_customers_only(annas, anna, bernd, dieter):
    preferences.put(CustomersPreferences, by=dieter, visibility=Visibility.TEAM)
    mueller(owner=bernd)
    make_listed("Müller Logistik", owner=anna)
    assert "Müller (1)" in text(annas.get(SEARCH, {"q": "Mulelr"}))
