"""Web archives: exchanges in, WARC and WACZ out, and back again as captures, offline.

    writer   exchanges -> WARC 1.1 files, committed with the ledger
    reader   WARC, WACZ, saved HTML -> captures
    extract  captures -> articles, in as many processes as there are cores
    wacz     WARC files -> one WACZ that replays

Must not know: Scrapy, the ledger, the network.
"""
