"""Products whose names share rare words."""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy import sparse

from campaigns.learned.groups import Indices, Numbers

_WORD = re.compile(r"[^\W\d_]{3,}")


def table(names: Sequence[str]) -> sparse.csr_matrix:
    """Product × word: rare words weigh more (TF-IDF), each row has length 1. Words of a single product say nothing."""
    words = [sorted(set(_WORD.findall(name.casefold()))) for name in names]
    counts = Counter(word for several in words for word in several)
    places = {word: place for place, word in enumerate(sorted(word for word, count in counts.items() if count > 1))}
    rows, columns, values = [], [], []
    for product, several in enumerate(words):
        for word in several:
            if word in places:
                rows.append(product)
                columns.append(places[word])
                values.append(np.log(len(names) / counts[word]))
    return _to_length_one(sparse.csr_matrix((values, (rows, columns)), shape=(len(names), len(places)), dtype=float))


def likeness(profiles: sparse.csr_matrix, customer: Indices, words: sparse.csr_matrix, product: Indices) -> Numbers:
    """How well the name of each product fits what its customer bought: the cosine of their words, from 0 to 1."""
    return np.asarray(profiles[customer].multiply(words[product]).sum(axis=1)).ravel()


def profiles(bought: sparse.csr_matrix, words: sparse.csr_matrix) -> sparse.csr_matrix:
    """Customer × word, from what each bought; each row has length 1."""
    return _to_length_one((bought @ words).tocsr())


def _to_length_one(rows: sparse.csr_matrix) -> sparse.csr_matrix:
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    return (sparse.diags(1 / np.where(lengths > 0, lengths, 1)) @ rows).tocsr()
