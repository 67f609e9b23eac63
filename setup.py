"""For scrapyd-deploy, which builds its egg with this file; everything is declared in pyproject.toml."""

from setuptools import setup

setup()
