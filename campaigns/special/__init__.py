"""Special campaigns ("Sonderaktionen"): concept, target and control group, run, effect (domain guide 2.2)."""
