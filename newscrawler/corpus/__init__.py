"""Releases: everything kept over all runs, as people downstream take it.

In: sealed files, the ledger's stories and takedowns. Out: a folder of shards with a card. Must not know: Scrapy.
"""
