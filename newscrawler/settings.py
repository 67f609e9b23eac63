"""What differs from Scrapy's defaults, and why. Settings of our own begin with NEWSCRAWLER_."""

import os
import sys

from newscrawler.exits import Exit
from newscrawler.options import FILE, read_options, user_agent

BOT_NAME = "newscrawler"
SPIDER_MODULES = ["newscrawler.spiders"]
NEWSPIDER_MODULE = "newscrawler.spiders"
COMMANDS_MODULE = "newscrawler.commands"

# Our own, from the environment, newscrawler.toml or their defaults: see newscrawler/options.py.
try:
    _options = read_options(os.environ, FILE)
except ValueError as error:
    print(f"newscrawler: {error}", file=sys.stderr)
    sys.exit(Exit.USAGE)
globals().update(_options)
USER_AGENT = user_agent(_options["NEWSCRAWLER_CONTACT"])

# What becomes of an item, in order: each names one verb.
ITEM_PIPELINES = {
    "newscrawler.pipelines.complete.CompletePipeline": 100,
    "newscrawler.pipelines.disclaimers.DisclaimersPipeline": 200,
    "newscrawler.pipelines.duplicates.DuplicatesPipeline": 300,
    "newscrawler.pipelines.json_lines.JsonLinesPipeline": 400,
}
# What Scrapy brings itself, by the same names and places. What is not used is left out here and not set to None elsewhere,
# since Scrapy imports even what is None: the remote control alone brings a web server.
EXTENSIONS_BASE = {
    "scrapy.extensions.corestats.CoreStats": 0,
    "scrapy.extensions.logcount.LogCount": 0,
    "scrapy.extensions.memusage.MemoryUsage": 0,
    "scrapy.extensions.memdebug.MemoryDebugger": 0,
    "scrapy.extensions.closespider.CloseSpider": 0,
    "scrapy.extensions.feedexport.FeedExporter": 0,
    "scrapy.extensions.spiderstate.SpiderState": 0,
}
EXTENSIONS = {
    "newscrawler.extensions.log_lines.LogLines": 0,
    "newscrawler.extensions.throttle.HostThrottle": 0,
    "newscrawler.extensions.bodies.BodyBudget": 0,
    "newscrawler.extensions.archive.Archive": 90,  # before the books, which close the run
    "newscrawler.extensions.assets.Assets": 95,
    "newscrawler.extensions.progress.ProgressDisplay": 99,  # before the ledger may be closed
    "newscrawler.extensions.bookkeeping.Bookkeeping": 100,
    "newscrawler.extensions.announcing.Announcing": 110,  # after the books are closed
}
DOWNLOADER_MIDDLEWARES_BASE = {
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": 300,
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": 750,
    "scrapy.downloadermiddlewares.stats.DownloaderStats": 850,
    "scrapy.downloadermiddlewares.httpcache.HttpCacheMiddleware": 900,
}
DOWNLOADER_MIDDLEWARES = {
    "newscrawler.middlewares.sampled.SampledMiddleware": 10,
    "newscrawler.middlewares.guard.AddressGuard": 40,
    "newscrawler.middlewares.robots.RobotsMiddleware": 100,
    "newscrawler.middlewares.compression.CompressionMiddleware": 590,
    "newscrawler.middlewares.redirect.SilentRedirectMiddleware": 600,
}
# Each would wrap the output of every response. Every status is an outcome of the account; no request says where it came from.
SPIDER_MIDDLEWARES_BASE: dict[str, int] = {}
# One worker a response: each gives one article, and Scrapy starts as many tasks for each as may work on its items.
CONCURRENT_ITEMS = 1
WARN_ON_GENERATOR_RETURN_VALUE = False  # Scrapy would read the callback's source again at each response

# Politeness: robots are obeyed, a host is asked by few at a time, and more slowly when it answers slowly.
ROBOTSTXT_OBEY = True
CONCURRENT_REQUESTS = 256  # shared evenly: 32 sites at full pace, and fewer files than most systems let a process open
CONCURRENT_REQUESTS_PER_DOMAIN = 4
DOWNLOAD_DELAY = 0.5
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 0.5
AUTOTHROTTLE_MAX_DELAY = 30.0
AUTOTHROTTLE_TARGET_CONCURRENCY = 2.0
RETRY_ENABLED = False  # the frontier tries again, host by host, and remembers
COOKIES_ENABLED = False

# Safety: only http and https, verified, bounded. Scrapy's defaults read file: and data: and let code run from outside.
DOWNLOAD_HANDLERS = {
    "http": "newscrawler.middlewares.download.BoundedDownloadHandler",
    "https": "newscrawler.middlewares.download.BoundedDownloadHandler",
    "file": None,
    "data": None,
    "ftp": None,
    "s3": None,
}
TWISTED_DNS_RESOLVER = "newscrawler.middlewares.guard.GuardedResolver"
REDIRECT_MAX_TIMES = 10  # half of what browsers follow; a loop ends at its first repeat
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_MAXSIZE = 8 * 1024 * 1024  # a page; listings have LISTING_SIZE. A 1.5 MB bomb peaked at 1.1 GB under Scrapy's 1 GiB
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_TIMEOUT = 60
REMOTE_CONTROL_ENABLED = False
TELNETCONSOLE_ENABLED = False

# Quiet and lean: one line an event, no debug line a page (15-20% of the CPU).
LOG_LEVEL = "INFO"
LOG_FORMAT = "%(asctime)s %(levelname)s %(message)s"
LOG_VERSIONS: list[str] = []
LOG_FORMATTER = "newscrawler.extensions.log_lines.EventFormatter"
STATS_CLASS = "newscrawler.extensions.stats.PlainStats"
STATS_DUMP = False
DOWNLOADER_STATS = False  # the reports count what was fetched; these counts alone write each request's head a second time
MEMUSAGE_ENABLED = False
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"  # the ledger knows what was asked
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"
