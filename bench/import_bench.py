"""What an import costs: `import_list orders` with the half million raw lines of Online Retail into PostgreSQL.

The floor is what nobody can avoid: parsing the file with the csv module, and a COPY of the same rows into a table with the
same columns and indexes as the order lines. Both count the processor time of the process and of the database server.
"""

import csv
import json
from pathlib import Path

from bench import customer_bench, online_retail, product
from bench.cost import Cost, cost_of, run
from bench.figures import Figure, compared
from bench.postgres import Postgres
from bench.product import progress

RATIO_MOST, MEMORY_MOST_MIB = 4, 400
_COPIED_MOST = 1_000_000


def measure() -> list[Figure]:
    with product.installed() as database:
        return [*_orders(database), *customer_bench.measure(database, database.folder / "lists")]


def _orders(database: Postgres) -> list[Figure]:
    source = online_retail.raw_lines()
    if not source.exists():
        progress(f"left out: {source} is not there (SHARED_DIR says where the data lie)")
        return []
    lists = online_retail.write_lists(source, database.folder / "lists")
    import_file("customers", lists.customers, database)
    import_file("products", lists.products, database)
    first = import_file("orders", lists.orders, database)
    product.settle()
    floor = floor_of_lines(lists.orders, database)
    again = import_file("orders", lists.orders, database)
    return [
        compared("import orders: processor time", first.cpu, floor.cpu, RATIO_MOST, "s"),
        compared("import orders: time", first.wall, floor.wall, RATIO_MOST, "s"),
        Figure("import orders: memory", first.peak, None, None, MEMORY_MOST_MIB, "MiB"),
        compared("the same orders again: processor time", again.cpu, floor.cpu, RATIO_MOST, "s"),
    ]


def import_file(kind: str, path: Path, database: Postgres) -> Cost:
    """Run the command as a process of its own, start-up included."""
    ended = run(["import_list", kind, str(path), "--json"], database)
    answer = json.loads(ended.output)
    progress(f"{kind}: " + ", ".join(f"{key} {answer[key]}" for key in ("verdict", "created", "updated", "unchanged", "rejected")))
    if answer["verdict"] == "reject":
        raise RuntimeError(answer["messages"][0]["text"])
    return ended.cost


def floor_of_lines(path: Path, database: Postgres) -> Cost:
    """Parse and COPY, each as plainly as it can be done. Of very many lines a part is copied and counted as often as it takes."""
    from django.db import connection, transaction

    from customers.models import OrderLine
    from innendienst.lib.bulk import copy_rows

    table = OrderLine._meta.db_table
    columns = [one.column for one in OrderLine._meta.concrete_fields if not one.primary_key]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(f'{column}::text' for column in columns)} FROM {table} ORDER BY id LIMIT {_COPIED_MOST}")
        rows = cursor.fetchall()
        share = OrderLine.objects.for_system("a floor, only while measuring").count() / len(rows)
        cursor.execute(f"CREATE TABLE floor_lines (LIKE {table} INCLUDING INDEXES INCLUDING IDENTITY)")

    def copy() -> None:
        with transaction.atomic():
            copy_rows("floor_lines", columns, rows)

    parsed, copied = cost_of(lambda: _parse(path), database), cost_of(copy, database)
    progress(f"floor: parse {parsed.cpu:.2f} s, copy {copied.cpu:.2f} s")
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE floor_lines")
    return parsed + copied * share


def _parse(path: Path) -> int:
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for _row in csv.reader(file, delimiter=";"))


def main() -> None:
    for figure in measure():
        print(figure)


if __name__ == "__main__":
    main()
