"""What a site repeats and where its articles stand: learned from a sample of its pages, kept as a file, used on each page.

In: Samples. Out: a Profile; with a Page, a Reading. Must not know: Scrapy, the network.
"""

from newscrawler.profiles.drift import Drift, compare, stated_fit
from newscrawler.profiles.learning import FEWEST_PAGES, SAMPLE_PAGES, learn
from newscrawler.profiles.profile import Place, Profile, Repeat, Template
from newscrawler.profiles.reading import Reading, read_with
from newscrawler.profiles.samples import Sample
from newscrawler.profiles.sampling import sample_page
from newscrawler.profiles.storage import load_profile, save_profile

__all__ = [
    "FEWEST_PAGES",
    "SAMPLE_PAGES",
    "Drift",
    "Place",
    "Profile",
    "Reading",
    "Repeat",
    "Sample",
    "Template",
    "compare",
    "learn",
    "load_profile",
    "read_with",
    "sample_page",
    "save_profile",
    "stated_fit",
]
