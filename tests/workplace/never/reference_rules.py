"""What must never happen with reference customers (domain guide 2.3)."""

from django.urls import reverse

from customers.complaints import raise_complaint
from customers.models import FollowUp
from innendienst.base import jobs
from innendienst.lib.dates import next_working_day
from referrals import asking, moments, releasing, suggesting
from referrals.models import ReferenceCustomer, ReferencePlan, ReferenceUse, ReleaseScope
from tests.nps.scenes import answer, make_wave
from tests.reading import text as text_of
from tests.referrals.scenes import make_buyer, make_reference, make_released, proof
from tests.workplace.never.ways import (
    DAY,
    NO_JOB_ACTS,
    TODAY,
    Never,
    NeverShow,
    act,
    by_export,
    by_filled_plan,
    by_page,
    nights,
    sheets_of,
    signed_in,
)


class ShowOrExportWhatIsNotReleased(NeverShow):
    variants = ("agreed", "withdrawn", "kind taken back", "ended", "under_review", "paused")
    needles = ("Streng geheim", "brief-geheim")

    def scene(self) -> None:
        anna, carla = self.cast.anna, self.cast.carla
        scope = make_released(anna, carla, "letter", ("offer",), name="Briefe GmbH")
        self.text = releasing.publish(actor=carla, scope=scope, text="Streng geheim", approved_on=TODAY(), file=proof("brief-geheim.pdf"))
        self.things = (scope.reference,)
        if self.variant == self.variants[0]:
            assert "Streng geheim" in by_page(anna, scope.reference)
        match self.variant:
            case "withdrawn":
                asking.withdraw(actor=anna, reference=scope.reference)
            case "kind taken back":
                releasing.withdraw_scope(actor=anna, scope=scope)
            case "ended":
                ReleaseScope.objects.update(valid_until=TODAY() - DAY)
            case state:
                resumes_as = "released" if state == "paused" else ""
                ReferenceCustomer.objects.for_system("test").update(state=state, resumes_as=resumes_as)

    def page(self) -> None:
        super().page()
        assert signed_in(self.reader).get(reverse("references:published_file", args=[self.text.pk])).status_code == 404


class AskAgainBeforeTheTimeToThinkIsOver(Never):
    def scene(self) -> None:
        self.until = TODAY() + 10 * DAY
        self.reference = make_reference(self.cast.anna, "thinking", thinking_until=self.until)
        moments.mark_impression(actor=self.cast.bernd, customer=self.reference.customer, today=TODAY())

    def page(self) -> None:
        for user in (self.cast.anna, self.cast.bernd, self.cast.carla, self.cast.nora):
            act(user, self.reference, "ask")
        act(self.cast.bernd, self.reference, "give_time", until="+1")
        page = text_of(signed_in(self.cast.bernd).get(reverse("references:detail", args=[self.reference.pk])))
        assert "Um Referenz bitten" not in page

    def export(self) -> None:
        by_filled_plan(self.cast.carla, "C", thinking_until=TODAY() + DAY, ask_on=TODAY(), answer="sagt zu")

    def job(self) -> None:
        nights(self.until)

    def holds(self) -> None:
        self.reference.refresh_from_db()
        assert (self.reference.state, self.reference.thinking_until) == ("thinking", self.until)
        assert not FollowUp.objects.for_system("test").filter(kind__in=["thinking_ends", "reference_moment", "asking"]).exists()


class AskWhomAComplaintACriticalAnswerOrANoProtects(Never):
    variants = ("complaint", "detractor", "declined")

    def scene(self) -> None:
        anna = self.cast.anna
        self.reference = make_reference(anna, "qualified", open_minded=3, well_disposed=3, well_connected=3)
        self.customer = self.reference.customer
        match self.variant:
            case "complaint":
                raise_complaint(actor=anna, customer=self.customer, title="Motor")
            case "detractor":
                answer(make_wave("Herbst", day=TODAY() - 30 * DAY), self.customer, 4)
            case "declined":
                ReferenceCustomer.objects.for_system("test").update(declined_on=TODAY() - 30 * DAY)
        moments.mark_impression(actor=anna, customer=self.customer, today=TODAY())

    def page(self) -> None:
        for user in (self.cast.anna, self.cast.carla, self.cast.dirk):
            act(user, self.reference, "ask", contact=self.customer.contacts.get().pk)
        assert "Derzeit nicht ansprechen" in by_page(self.cast.anna, self.reference)
        assert "von 100" not in text_of(signed_in(self.cast.anna).get(reverse("references:detail", args=[self.reference.pk])))

    def export(self) -> None:
        """The plan gives him no points."""
        by_export(self.cast.anna, self.cast.carla)
        assert not ReferencePlan.objects.get().rows.filter(cells__column="suitability").exists()
        listed = sheets_of(signed_in(self.cast.anna).get("/references/export/?state=all").content)[0]
        assert listed[1][listed[0].index("Eignung")] == ""

    def job(self) -> None:
        suggesting.suggest(next_working_day(TODAY()))

    def holds(self) -> None:
        self.reference.refresh_from_db()
        assert self.reference.state == "qualified"
        assert not FollowUp.objects.for_system("test").filter(kind="reference_moment").exists()


class UseAfterWithdrawal(Never):
    def scene(self) -> None:
        self.scope = make_released(self.cast.anna, self.cast.carla, "reference_call", ("talk",), name="Hotel Ruhe")
        asking.withdraw(actor=self.cast.nora, reference=self.scope.reference)

    def page(self) -> None:
        for user in (self.cast.anna, self.cast.carla, self.cast.nora):
            client = signed_in(user)
            said = text_of(client.post(reverse("references:use_add", args=[self.scope.pk]), {"place": "talk"}, follow=True))
            assert "zurückgenommen" in said or "Widerrufen" in said
            for address in ("/references/?kind=reference_call&state=all", "/references/?free=true&state=all", "/references/library/"):
                assert "Hotel Ruhe" not in text_of(client.get(address))

    def export(self) -> None:
        listed = signed_in(self.cast.anna).get("/references/export/?state=all").content
        assert "Hotel Ruhe" in str(sheets_of(listed))
        assert "Telefonreferenz" not in str(sheets_of(listed))

    def job(self) -> None:
        jobs.run(jobs.request("references").pk)

    def holds(self) -> None:
        assert not ReferenceUse.objects.for_system("test").exists()
        assert not FollowUp.objects.for_system("test").open().filter(customer=self.scope.reference.customer).exists()


class UseOutsideOfWhatIsAllowed(Never):
    """Place, competitor, complaint: by whoever asks."""

    job = NO_JOB_ACTS

    def scene(self) -> None:
        anna, carla = self.cast.anna, self.cast.carla
        self.scope = make_released(anna, carla, "reference_call", ("talk",), no_competitors=True)
        self.rival = make_buyer(anna, "Hotel Rivale")

    def page(self) -> None:
        address = reverse("references:use_add", args=[self.scope.pk])
        for user in (self.cast.anna, self.cast.carla, self.cast.nora):
            for form in ({"place": "web"}, {"place": "talk", "prospect": self.rival.number}, {"place": "talk"}):
                signed_in(user).post(address, form)
        raise_complaint(actor=self.cast.anna, customer=self.scope.reference.customer, title="Motor")
        signed_in(self.cast.anna).post(address, {"place": "talk"})

    def export(self) -> None:
        number = self.scope.reference.customer.number
        by_filled_plan(self.cast.carla, "D", customer=number, prospect=self.rival.number, used_on=TODAY(), kind="Telefonreferenz")

    def holds(self) -> None:
        assert not ReferenceUse.objects.for_system("test").exists()


class AskByInsideAndFieldSalesAtOnce(Never):
    def scene(self) -> None:
        self.reference = make_reference(self.cast.anna, "asked")

    def page(self) -> None:
        for name, more in (("ask", {}), ("give_time", {"until": "+20"}), ("hand_on", {"asker": self.cast.dirk.pk})):
            assert "wird seit" in text_of(act(self.cast.bernd, self.reference, name, **more)) or name == "ask"
            act(self.cast.dirk, self.reference, name, **more)

    def export(self) -> None:
        by_filled_plan(self.cast.carla, "C", asker=self.cast.dirk.full_name, ask_on=TODAY())

    def job(self) -> None:
        """Handed on it is the field's alone, by day and by night."""
        jobs.run(jobs.request("references").pk)
        self.holds()
        act(self.cast.anna, self.reference, "hand_on", asker=self.cast.dirk.pk, reason="Finde keinen Draht")
        for _night in range(2):
            due = FollowUp.objects.for_system("test").open().filter(customer=self.reference.customer)
            assert {one.assignee for one in due} == {self.cast.dirk}
            jobs.run(jobs.request("references").pk)
        act(self.cast.dirk, self.reference, "hand_on", asker=self.cast.anna.pk)

    def holds(self) -> None:
        self.reference.refresh_from_db()
        assert (self.reference.state, self.reference.asked_by) == ("asked", self.cast.anna)


RULES = (
    ShowOrExportWhatIsNotReleased,
    AskAgainBeforeTheTimeToThinkIsOver,
    AskWhomAComplaintACriticalAnswerOrANoProtects,
    UseAfterWithdrawal,
    UseOutsideOfWhatIsAllowed,
    AskByInsideAndFieldSalesAtOnce,
)
