"""A page in, an Article out, or None where the page is no article. No Scrapy, no network, no global state."""
