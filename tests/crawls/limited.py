"""Runs scrapy where no file may grow beyond a size, as on a full disk: limited.py BYTES WORDS-AFTER-SCRAPY..."""

import resource
import signal
import sys

from scrapy.cmdline import execute

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # then the write fails with EFBIG instead
size = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
execute(["scrapy", *sys.argv[2:]])
