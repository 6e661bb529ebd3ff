"""Phone numbers of the demo: only those that the Bundesnetzagentur keeps free for films.

Every customer owns two neighbouring extensions of his region's block: the switchboard and one direct line. Five blocks of a
thousand numbers serve 2,500 customers; beyond that the extension gets two more digits, which still lie in the same block,
so that in a large demo no two customers share a number either.
"""

from innendienst.demo.places import REGIONS, Region
from innendienst.lib.phones import Phone

_CUSTOMERS_PER_BLOCK = 500
_MOBILES = 100
NO_PHONE = Phone("", "", 0)


def region_of(index: int) -> Region:
    return REGIONS[index % len(REGIONS)]


def switchboard(index: int) -> Phone:
    return _line(index, 0)


def direct_line(index: int) -> Phone:
    return _line(index, 1)


def mobile(index: int) -> Phone | None:
    """One of the hundred mobile film numbers for every twentieth of the first 2,000 customers, none for the others."""
    serial, rest = divmod(index, 20)
    if rest != 7 or serial >= _MOBILES:
        return None
    return Phone(f"0171 39200{serial:02d}", f"+4917139200{serial:02d}", 0)


def _line(index: int, line: int) -> Phone:
    region = region_of(index)
    slot = index // len(REGIONS)
    number = slot % _CUSTOMERS_PER_BLOCK * 2 + line
    extension = f"{number:03d}" if slot < _CUSTOMERS_PER_BLOCK else f"{number:03d}{slot // _CUSTOMERS_PER_BLOCK:02d}"
    e164 = f"+49{region.prefix.lstrip('0')}{region.block}{extension}"
    return Phone(f"{region.prefix} {region.block}-{extension}", e164, len(extension))
