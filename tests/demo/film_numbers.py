"""The numbers that the Bundesnetzagentur keeps free for films, as E.164."""

import re

FILM_NUMBER = re.compile(r"\+49(3023125\d{3}|6990009\d{3}|4066969\d{3}|2214710\d{3}|8999998\d{3}|17139200\d{2})")
