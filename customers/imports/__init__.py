"""Lists from outside: a file becomes rows, rows become columns of known meaning, and those go into the tables as a set.

reading opens the file, headings finds its columns, parsing cleans the cells batch by batch into a temporary table, and the
store of each list (customer_list, contact_list, product_list, order_list) compares that table with what is known and writes
the difference in one transaction. run.run_import holds it together; messages says in words what was found.
"""
