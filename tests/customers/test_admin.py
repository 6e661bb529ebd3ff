"""Basic data in the administration: it saves through the same services as everything else, and nobody overwrites anybody."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers import editing
from customers.models import Consent, Contact, ContactBlock, Customer, CustomerFacts, Product, ProductRelation, PurchaseRhythm, Touched
from innendienst.base.models import AuditEvent
from tests import factories
from tests.factories import make_contact, make_listed, make_product
from tests.reading import text

pytestmark = pytest.mark.django_db


def customer_data(**changed) -> dict:
    data = {
        "number": "K-7", "name": "Bäckerei Müller", "street": "", "postcode": "01067", "town": "Dresden", "country": "DE",
        "phone": "(030) 23125-107", "email": "", "owner": "", "field_owner": "", "lifecycle": "active", "customer_since": "",
        "industry": "", "group_number": "", "dunning_level": "0", "stated_revenue": "", "stated_margin": "", "stated_revenue_before": "",
        "stated_last_order_on": "", "stated_abc_class": "", "contacts-TOTAL_FORMS": "0", "contacts-INITIAL_FORMS": "0",
    }  # fmt: skip
    return {**data, **changed}


def get(model, **filters):
    return model.objects.for_system("test").get(**filters)


ADD = "admin:customers_customer_add"


def change_url(customer: Customer) -> str:
    return reverse("admin:customers_customer_change", args=[customer.pk])


def test_a_new_customer_gets_what_follows_from_his_data(dieters, dieter):
    dieters.post(reverse(ADD), customer_data())
    customer = get(Customer)
    assert (customer.number_key, customer.sort_key, customer.phone_e164) == ("k-7", "backerei muller", "+493023125107")
    assert customer.search_tokens.filter(token="muller").exists()
    assert CustomerFacts.objects.for_system("test").filter(customer=customer).exists()
    assert Touched.objects.filter(customer=customer).exists()
    event = AuditEvent.objects.get(act="customer.create")
    assert (event.by, event.facts) == (dieter, {"customer": customer.pk})


def test_a_change_renews_search_words_and_version(dieters):
    customer = make_listed("Alt", number="K-7")
    dieters.post(change_url(customer), customer_data(name="Neu", seen_version=1))
    changed = get(Customer)
    assert (changed.name, changed.sort_key, changed.version) == ("Neu", "neu", 2)
    assert set(changed.search_tokens.values_list("token", flat=True)) >= {"neu", "dresden"}
    assert not changed.search_tokens.filter(token="alt").exists()


def test_a_number_in_use_is_refused_however_it_is_typed(dieters):
    make_listed("Alt", number="k-7 ")
    answer = dieters.post(reverse(ADD), customer_data(number=" K-7"))
    assert "„K-7“ ist schon vergeben." in text(answer)
    assert Customer.objects.for_system("test").count() == 1


def test_of_two_who_edit_the_second_sees_both_versions_and_nothing_is_lost(dieters):
    customer = make_listed("Alt", number="K-7", town="Kiel")
    Customer.objects.for_system("test").update(town="Ulm", version=2)
    answer = dieters.post(change_url(customer), customer_data(seen_version=1, town="Dresden"))
    assert answer.status_code == 409
    assert "Inzwischen geändert in: Ulm" in text(answer)
    assert 'value="Dresden"' in answer.content.decode()
    assert get(Customer).town == "Ulm"
    again = dieters.post(change_url(customer), customer_data(seen_version=2, town="Dresden"))
    assert again.status_code == 302
    assert get(Customer).town == "Dresden"


def test_the_form_that_shows_a_conflict_carries_the_version_that_now_stands(dieters):
    customer = make_listed("Alt", number="K-7")
    Customer.objects.for_system("test").update(version=5)
    answer = dieters.post(change_url(customer), customer_data(seen_version=1))
    assert 'name="seen_version" value="5"' in answer.content.decode()


def test_the_service_itself_refuses_a_version_that_moved_on(dieter):
    customer = make_listed("Alt")
    Customer.objects.for_system("test").update(version=2)
    with pytest.raises(editing.EditConflict):
        editing.save_customer(actor=dieter, customer=customer)


def test_the_search_of_the_administration_finds_as_the_pages_do(dieters):
    make_listed("Bäckerei Müller", number="K-1")
    make_listed("Autohaus", number="K-2")
    page = text(dieters.get(reverse("admin:customers_customer_changelist"), {"q": "baeckerei mueller"}))
    assert "Bäckerei Müller" in page
    assert "Autohaus" not in page


def contact_data(customer: Customer, **changed) -> dict:
    fields = ("salutation", "title", "first_name", "role", "phone", "mobile", "email", "source")
    return {"customer": customer.pk, "last_name": "Weiß", "language": "de", **dict.fromkeys(fields, ""), **changed}


def test_a_person_is_found_by_name_and_recognised_in_the_next_import(dieters):
    customer = make_listed()
    dieters.post(reverse("admin:customers_contact_add"), contact_data(customer, first_name="Käthe", mobile="0171 39200-42"))
    person = get(Contact)
    assert (person.match_key, person.mobile_e164) == ("kathe weiss", "+491713920042")
    assert customer.search_tokens.filter(token="kathe").exists()


def test_the_same_person_is_not_recorded_twice(dieters):
    customer = make_listed()
    make_contact(customer, "Weiß", match_key="weiss@nord.example")
    answer = dieters.post(reverse("admin:customers_contact_add"), contact_data(customer, email="Weiss@nord.example"))
    assert "bei diesem Kunden schon erfasst" in text(answer)
    assert Contact.objects.for_system("test").count() == 1


def _bought(product: Product, customer: Customer) -> None:
    day = dt.date(2026, 10, 1)
    PurchaseRhythm.objects.create(
        customer=customer, product=product, first_on=day, last_on=day, order_days=1, recent_on=[], usual_quantity=1, last_quantity=1,
        usual_revenue=1,
    )  # fmt: skip


def test_a_changed_product_marks_its_buyers_and_those_whom_a_rule_leads_to_it(dieters):
    machine, pad, other = make_product("Maschine"), make_product("Pad"), make_product("Anderes")
    factories.make_relation(machine, pad)
    buyers = {}
    for product in (machine, pad, other):
        buyers[product.name] = make_listed()
        _bought(product, buyers[product.name])
    data = {"sku": pad.sku, "name": "Pad", "group": "", "kind": "consumable", "seen_version": 1, "stock": "5,5", "not_offered": "on"}
    inline = {"relations-TOTAL_FORMS": 0, "relations-INITIAL_FORMS": 0}
    dieters.post(reverse("admin:customers_product_change", args=[pad.pk]), {**data, **inline})
    pad.refresh_from_db()
    assert (pad.not_offered, pad.stock, pad.version) == (True, 5.5, 2)
    assert set(Touched.objects.values_list("customer", flat=True)) == {buyers["Maschine"].pk, buyers["Pad"].pk}


def test_a_rule_marks_those_it_speaks_about_when_it_comes_and_when_it_goes(dieters):
    machine, pad, customer = make_product(), make_product(), make_listed()
    _bought(machine, customer)
    data = {"from_product": machine.pk, "to_product": pad.pk, "kind": "accessory", "argument": "Passt."}
    dieters.post(reverse("admin:customers_productrelation_add"), data)
    assert Touched.objects.filter(customer=customer).exists()
    Touched.objects.all().delete()
    dieters.post(reverse("admin:customers_productrelation_delete", args=[ProductRelation.objects.get().pk]), {"post": "yes"})
    assert not ProductRelation.objects.exists()
    assert Touched.objects.filter(customer=customer).exists()


def test_a_rule_that_moves_to_another_article_marks_the_buyers_of_both(dieters):
    machine, other, pad = make_product(), make_product(), make_product()
    relation = factories.make_relation(machine, pad)
    customers = [make_listed(), make_listed()]
    _bought(machine, customers[0])
    _bought(other, customers[1])
    data = {"from_product": other.pk, "to_product": pad.pk, "kind": "accessory", "argument": ""}
    dieters.post(reverse("admin:customers_productrelation_change", args=[relation.pk]), data)
    assert set(Touched.objects.values_list("customer", flat=True)) == {customer.pk for customer in customers}


def test_what_goods_of_a_group_leave_marks_its_buyers_and_is_on_record(dieters, dieter):
    group = factories.make_group("Reiniger")
    buyer, stranger = make_listed(), make_listed()
    _bought(make_product(group=group), buyer)
    _bought(make_product(), stranger)
    dieters.post(reverse("admin:customers_productgroup_change", args=[group.pk]), {"name": "Reiniger", "assumed_cm_ratio": "0,4"})
    group.refresh_from_db()
    assert group.assumed_cm_ratio == Decimal("0.4")
    assert list(Touched.objects.values_list("customer", flat=True)) == [buyer.pk]
    event = AuditEvent.objects.get()
    assert (event.act, event.by, event.facts) == ("product_group.save", dieter, {"group": group.pk})


def test_a_block_is_set_and_lifted_and_stays_on_record(dieters, dieter):
    customer = make_listed()
    data = {"customer": customer.pk, "contact": "", "channel": "", "kind": "objection", "reason": "Brief vom 3.11."}
    dieters.post(reverse("admin:customers_contactblock_add"), data)
    block = get(ContactBlock)
    assert (block.kind, block.set_by, block.lifted_at) == ("objection", dieter, None)
    assert dieters.post(reverse("admin:customers_contactblock_change", args=[block.pk]), {**data, "kind": "block"}).status_code == 403
    answer = dieters.post(
        reverse("admin:customers_contactblock_changelist"), {"action": "lift", "_selected_action": [block.pk]}, follow=True
    )
    assert "Aufgehobene Sperren: 1." in text(answer)
    assert get(ContactBlock).lifted_at is not None
    assert AuditEvent.objects.filter(act="contact_block.lift").count() == 1


def test_a_consent_needs_its_proof_and_belongs_to_the_customer_of_its_person(dieters, dieter):
    person = make_contact(make_listed())
    data = {"contact": person.pk, "channel": "email", "text_version": "2026-01", "granted_at_0": "01.10.2026", "granted_at_1": "10:00"}
    without = dieters.post(reverse("admin:customers_consent_add"), data)
    assert without.status_code == 200
    assert not Consent.objects.for_system("test").exists()
    dieters.post(reverse("admin:customers_consent_add"), {**data, "proof": "Mail vom 1.10."})
    consent = get(Consent)
    assert (consent.customer, consent.recorded_by) == (person.customer, dieter)


def test_orders_are_read_only(dieters):
    order = factories.make_order(make_listed("Nord"), dt.date(2026, 11, 2), (make_product("Reiniger"), 1, "10"))
    page = dieters.get(reverse("admin:customers_order_change", args=[order.pk]))
    assert "Reiniger" in text(page)
    assert 'name="number"' not in page.content.decode()
    assert dieters.post(reverse("admin:customers_order_change", args=[order.pk]), {"number": "X"}).status_code == 403


@pytest.mark.parametrize("model", ["customer", "contact", "product", "order", "contactblock", "consent", "importrun"])
def test_nothing_with_a_history_is_deleted_in_passing(dieters, model):
    customer = make_listed()
    make_contact(customer)
    assert dieters.post(reverse(f"admin:customers_{model}_delete", args=[1]), {"post": "yes"}).status_code == 403
    assert Customer.objects.for_system("test").count() == 1


def test_names_of_customers_stay_out_of_djangos_own_log(dieters, django_user_model):
    from django.contrib.admin.models import LogEntry

    dieters.post(reverse(ADD), customer_data())
    assert not LogEntry.objects.exists()


def test_a_list_of_the_administration_takes_as_many_queries_for_many_rows(dieters, django_assert_num_queries):
    for model in ("customer", "contact", "product", "order"):
        dieters.get(reverse(f"admin:customers_{model}_changelist"))
    make_contact(make_listed())
    with CaptureQueriesContext(connection) as few:
        dieters.get(reverse("admin:customers_contact_changelist"))
    few_count = len(few)
    for _index in range(5):
        make_contact(make_listed())
    with django_assert_num_queries(few_count):
        dieters.get(reverse("admin:customers_contact_changelist"))


def test_the_list_of_products_writes_figures_as_people_do(dieters):
    make_product("Reiniger R10", unit="Kanister", price="1034.90", stock="400")
    page = dieters.get("/admin/customers/product/").text.replace("\xa0", " ")
    assert "1.034,90 €" in page
    assert "400 Kanister" in page
