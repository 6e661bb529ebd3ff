"""What the acts on the audit log are called: every act that any app records, in words for the administration."""

from django.utils.translation import gettext_lazy as _

ACTS = {
    "contact.create": _("Contact added"),
    "contact.edit": _("Contact changed"),
    "contact_block.lift": _("Contact block lifted"),
    "consent.save": _("Consent recorded"),
    "customer.assign": _("Owner assigned"),
    "customer.create": _("Customer added"),
    "customer.edit": _("Customer changed"),
    "demo.load": _("Demo loaded"),
    "import.answer": _("Questions of a list answered"),
    "import.assign_columns": _("Columns of a list assigned"),
    "import.cancel": _("Import cancelled"),
    "import.refuse": _("List refused"),
    "import.set_inactive": _("Customers missing from a list set inactive"),
    "import.take_over": _("List taken over"),
    "import.undo": _("List taken back"),
    "nps.export": _("Survey workbook loaded"),
    "nps.import": _("List of survey answers taken over"),
    "preferences.change": _("Settings changed"),
    "product.create": _("Product added"),
    "product.edit": _("Product changed"),
    "product_group.save": _("Product group saved"),
    "product_relation.delete": _("Product relation deleted"),
    "product_relation.save": _("Product relation saved"),
    "team.create": _("Team added"),
    "team.delete": _("Team deleted"),
    "team.edit": _("Team changed"),
    "user.create": _("User added"),
    "user.edit": _("User changed"),
}
