"""What the pages cost: processor time of web and database processes per request, against a floor page of the same server."""

from bench import product
from bench.figures import Figure

SETTINGS = "bench.settings"


def measure(customers: int = 100_000, **size: int) -> list[Figure]:
    """`size` is what the company has otherwise than usual, by the names of volume.Size."""
    with product.installed(SETTINGS) as database:
        from bench import browser, desk, queries, saves, volume, web  # models can be imported now that Django is set up
        from bench.pages import pages

        company = desk.load(customers, volume.Size(**size))
        with web.serving(database, SETTINGS) as server:
            anna = browser.Person(server.port, desk.signed_in(company.busy))
            turns = [*pages(anna, company), *saves.pages(anna, company)]
            figures = [web.against_table(server, page) for page in turns]
        return [*figures, *queries.figures(company)]
