"""Web archives: exchanges in, WARC and WACZ out, and back again as captures, offline.

    writer   exchanges -> WARC 1.1 files, committed with the ledger
    assets   what a page needs to look like itself
    reader   WARC, WACZ, saved HTML -> captures, each with its place
    survey   captures -> pages by site
    extract  pages -> articles, in as many processes as there are cores
    wacz     WARC files -> one WACZ that replays

Must not know: Scrapy, the ledger, the network.
"""
