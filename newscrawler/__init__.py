"""newscrawler: news mirror sites in; clean, attributed, deduplicated articles out."""

__version__ = "0.1.0"
