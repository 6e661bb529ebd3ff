"""The search: any spelling finds the customer, nobody finds what is not his to see."""

import re

import pytest

from accounts.models import Role, User
from customers import search_tokens
from customers.models import Customer
from customers.preferences import CustomersPreferences, Visibility
from innendienst.base import preferences
from innendienst.workplace.search import finding
from tests.factories import make_contact, make_listed, make_user
from tests.reading import text

pytestmark = pytest.mark.django_db

SEARCH = "/search/"


@pytest.fixture
def nora(db):
    return make_user("nora", Role.MARKETING)


def mueller(owner: User | None = None) -> Customer:
    customer = make_listed(
        "Bäckerei Müller & Söhne GmbH & Co. KG", number="K-1004", town="Nürnberg", postcode="90402", phone="030 23125-103",
        email="info@mueller-soehne.example", owner=owner,
    )  # fmt: skip
    make_contact(customer, "Weiß", first_name="Käthe", phone="0171 39200-42", email="kaethe.weiss@mueller-soehne.example")
    search_tokens.refresh([customer.pk])
    return customer


def hits(response) -> list[str]:
    return re.findall(r'class="(?:call-row-name|search-hit)[^"]*"[^>]*>(?:<strong>)?([^<]+)<', response.content.decode())


@pytest.mark.parametrize(
    "typed",
    [
        "Müller", "mueller", "MULLER", "müll", "bäckerei müller", "soehne mueller", "Mueller GmbH", "K-1004", "k-1004", "1004", "Nürnberg",
        "nuernberg mueller", "030 23125-103", "(030) 23125103", "+49 30 23125 103", "0049 30 23125103", "0171 3920042", "Käthe Weiß",
        "kaethe weiss", "info@mueller-soehne.example", "kaethe.weiss@mueller", "030 23125", "Frau Dr. Weiß", "herr müller",
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


def test_ones_own_customers_come_first_but_after_those_who_are_called_so(annas, anna, bernd):
    for name, owner in [("Autohaus", bernd), ("Brauerei", anna)]:
        make_contact(employer := make_listed(name, owner=owner), "Müller")
        search_tokens.refresh([employer.pk])
    make_listed("Chemie Müller", owner=bernd)
    make_listed("Zimmerei Müller", owner=anna)
    assert hits(annas.get(SEARCH, {"q": "müller"})) == ["Zimmerei Müller", "Chemie Müller", "Brauerei", "Autohaus"]


def test_of_more_hits_than_anybody_reads_some_are_ranked_and_ones_own_are_among_them(annas, anna, monkeypatch):
    monkeypatch.setattr(finding, "COUNTED_MOST", 21)
    for index in range(22):
        make_listed(f"Müller {index:02d}")
    make_listed("Müller Zuletzt", owner=anna)
    answer = annas.get(SEARCH, {"q": "müller"})
    assert hits(answer)[0] == "Müller Zuletzt"
    assert "20 von 21+ Treffern" in text(answer)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("weiß", "Ansprechpartner: Käthe Weiß"), ("nürnberg", "Ort: Nürnberg"), ("0171 39200", "Telefon: Käthe Weiß, 0171 39200-42"),
        ("030 23125", "Telefon: 030 23125-103"), ("K-10", "Nummer: K-1004"), ("kaethe.weiss@mue", "E-Mail: Käthe Weiß, kaethe.weiss@mueller-soehne.example"),
        ("info", "E-Mail: info@mueller-soehne.example"),
    ],
)  # fmt: skip
def test_a_hit_says_what_of_it_fits(annas, typed, said):
    mueller()
    part = annas.get(SEARCH, {"q": typed}, headers={"HX-Request": "true"})
    assert re.findall(r'search-match">(.*?)</span>', part.content.decode().replace("<b>", "").replace("</b>", "")) == [said]


def test_a_hit_by_its_name_needs_no_explanation(annas):
    mueller()
    assert "search-match" not in annas.get(SEARCH, {"q": "bäckerei"}, headers={"HX-Request": "true"}).content.decode()


def test_a_hit_leads_to_the_form_for_a_call_from_the_customer(annas):
    customer = mueller()
    make_listed("Müller Logistik")
    address = f"{customer.get_absolute_url()}?direction=incoming#call-note"
    assert f'href="{address}"' in annas.get(SEARCH, {"q": "müller"}).content.decode()
    assert f'data-call-url="{address}"' in annas.get(SEARCH, {"q": "müller"}, headers={"HX-Request": "true"}).content.decode()
    assert 'name="direction" value="incoming" checked' in annas.get(address).content.decode()
    assert 'name="direction" value="outgoing" checked' in annas.get(customer.get_absolute_url()).content.decode()


def test_who_logs_no_calls_is_offered_none(client, nora):
    mueller()
    make_listed("Müller Logistik")
    client.force_login(nora)
    assert "direction=incoming" not in client.get(SEARCH, {"q": "müller"}).content.decode()


def test_nobody_found_is_added_by_whoever_may_and_for_others_says_where_customers_come_from(client, anna, dieter):
    mia = make_user("mia", Role.MARKETING)
    come_from = "Kunden kommen aus der Kundenliste der Warenwirtschaft"
    for user, said in [(dieter, "Kunden anlegen"), (anna, "Neuen Interessenten anlegen"), (mia, come_from)]:
        client.force_login(user)
        assert said in text(client.get(SEARCH, {"q": "Quendelbach"}))


def test_two_keys_lead_from_the_search_to_the_form_for_an_incoming_call(live_page, anna):
    customer = mueller()
    make_listed("Müller Logistik")
    page = live_page(anna)
    page.set_viewport_size({"width": 390, "height": 600})
    page.goto("/customers/")
    page.keyboard.press("/")
    page.keyboard.type("soehne müller")
    page.locator("a.search-hit").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**{customer.get_absolute_url()}?direction=incoming#call-note")
    assert page.evaluate("document.activeElement.name") == "note"
    assert page.locator("#call-form .choices").first.bounding_box()["y"] > 0  # what came of it is chosen without scrolling
    assert page.locator("[name=direction]:checked").get_attribute("value") == "incoming"


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
    _padded, short = make_listed("Eins", number="000123"), make_listed("Zwei", number="123")
    assert annas.get(SEARCH, {"q": "123"})["Location"] == short.get_absolute_url()


@pytest.mark.parametrize(("typed", "number"), [("106", "000106"), ("10601", "0010601")])
def test_leading_zeros_need_not_be_typed(annas, typed, number):
    wanted = make_listed("Spedition", number=number)
    make_listed("Anfang", number=f"{typed}7")
    assert annas.get(SEARCH, {"q": typed})["Location"] == wanted.get_absolute_url()
    assert "Spedition" in text(annas.get("/customers/", {"q": typed}))


def test_twenty_hits_are_shown_and_the_others_are_in_the_list(annas):
    for index in range(21):
        make_listed(f"Müller {index:02d}")
    answer = annas.get(SEARCH, {"q": "müller"})
    assert len(hits(answer)) == 20
    assert "Suche: müller 20 von 21 Treffern" in text(answer)
    assert '/customers/?q=m%C3%BCller"' in answer.content.decode()


def test_while_somebody_types_eight_hits_are_shown_as_links(annas):
    for index in range(9):
        make_listed(f"Müller {index:02d}")
    part = annas.get(SEARCH, {"q": "müller"}, headers={"HX-Request": "true"})
    assert hits(part) == [*(f"Müller {index:02d}" for index in range(8)), "Alle 9 Treffer zeigen"]
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


@pytest.mark.parametrize("typed", ["", " ", "m", "%%%", "– / –"])
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
