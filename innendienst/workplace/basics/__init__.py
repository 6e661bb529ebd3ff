"""Basic data put right by whoever is on the phone: addresses and numbers of a customer, his people. Nobody overwrites anybody unseen."""
