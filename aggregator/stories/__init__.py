"""Stories: the same text posted by several sources. Pure but for ``catch_up``, which asks the store.

``text`` is what is compared, ``sketch`` finds candidates (MinHash), ``same`` decides on a pair, ``group``
makes stories of pairs, ``first`` says who was first, ``differences`` what each member added or dropped.
"""
