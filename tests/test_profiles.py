"""What is learned of mirrors with habits of their own, and what it does for their pages."""

import random
from datetime import datetime

import pytest
from invented_mirrors import MIRRORS, MirrorPage, build
from msgspec import structs

from newscrawler.disclaimers import strip
from newscrawler.extraction.found import NO_HINTS
from newscrawler.extraction.language import find_language
from newscrawler.extraction.metadata import read_metadata
from newscrawler.extraction.page import Page, read_page
from newscrawler.extraction.source import find_source
from newscrawler.extraction.surroundings import surround
from newscrawler.extraction.timestamp import Timing
from newscrawler.extraction.title import find_title
from newscrawler.profiles import Drift, Sample, compare, fits, learn, load_profile, read_with, save_profile
from newscrawler.profiles.profile import decode, encode
from newscrawler.removals import restore

PAGES, SAMPLED = 48, 24


def read_by_rules(page: Page, hints=NO_HINTS, lastmod=None) -> Sample:
    """Return what the finders of fields make of a page, the largest run of paragraphs being the body."""
    metadata = read_metadata(page)
    title = find_title(page, metadata, hints)
    place = surround(page, title)
    language = find_language(page, metadata, " ".join(block.text for block in page.blocks))
    tag = language.value if language else None
    return Sample(
        page=page,
        body=[block.index for block in page.blocks[place.body.start : place.body.stop]],
        title=title,
        timestamp=Timing(page, metadata, place, tag, hints).published(),
        source=find_source(page, metadata, place, hints),
        language=tag,
        lastmod=lastmod,
    )


def sample_of(mirror: list[MirrorPage], seed: int = 1) -> list[Sample]:
    chosen = random.Random(seed).sample(mirror, SAMPLED)
    return [read_by_rules(read_page(page.html, page.url), lastmod=page.lastmod) for page in chosen]


@pytest.fixture(scope="module", params=MIRRORS, ids=lambda habits: habits.name)
def learned(request):
    mirror = build(request.param, PAGES)
    return mirror, learn(sample_of(mirror), site=request.param.name)


def read_page_with(profile, shown: MirrorPage):
    page = read_page(shown.html, shown.url)
    reading = read_with(profile, page)
    sample = read_by_rules(page, reading.hints)
    reading.title = sample.headline
    body = [page.blocks[at].text for at in reading.settle(sample.body)]
    return reading, sample, body, strip(body, title=sample.headline, known=reading)


def test_every_page_is_read_to_the_letter(learned):
    mirror, profile = learned
    for shown in mirror:
        reading, sample, body, stripped = read_page_with(profile, shown)
        source = reading.source() or (None if reading.unsourced else sample.source)
        timestamp = reading.timestamp() or sample.timestamp
        assert stripped.kept == [" ".join(line.split()) for line in shown.story.body]
        assert sample.headline == shown.story.title
        assert (source.value if source else None) == shown.source
        assert restore("\n".join(stripped.kept), stripped.removed) == "\n".join(body)
        if shown.lines[0] != shown.story.body[0]:
            assert datetime.fromisoformat(timestamp.value) == shown.story.when.replace(second=0)


def test_the_order_of_the_sample_does_not_matter(learned):
    mirror, profile = learned
    samples = sample_of(mirror)
    random.Random(9).shuffle(samples)
    assert encode(learn(samples, site=profile.site)) == encode(profile)
    assert encode(decode(encode(profile))) == encode(profile)


def test_what_stories_share_is_not_learned(learned):
    mirror, profile = learned
    patterns = {entry.pattern for template in profile.templates for entry in template.repeats}
    told = {" ".join(line.split()) for shown in mirror for line in shown.story.body}
    assert not patterns & told


def test_fewer_than_four_articles_teach_nothing():
    samples = sample_of(build(MIRRORS[0], PAGES))
    assert learn(samples[:3]) is None
    assert learn([samples[0]] * 4) is None
    assert learn([structs_without_body(sample) for sample in samples]) is None


def structs_without_body(sample: Sample) -> Sample:
    return Sample(page=sample.page, body=())


def test_two_layouts_are_two_templates():
    habits = next(habits for habits in MIRRORS if habits.name == "two-layouts")
    profile = learn(sample_of(build(habits, PAGES)))
    assert len(profile.templates) == len(habits.layouts)
    assert len({template.container for template in profile.templates}) == len(habits.layouts)


def test_a_person_strikes_and_adds_entries():
    mirror = build(MIRRORS[0], PAGES)
    profile = learn(sample_of(mirror))
    revised = profile.revised(strike=[MIRRORS[0].tail[1]], add=[mirror[0].story.body[0]])
    kept = read_page_with(revised, mirror[0])[3].kept
    assert MIRRORS[0].tail[1] in kept
    assert mirror[0].story.body[0] not in kept
    assert profile.revised() is profile


def test_a_new_version_leaves_the_old_beside_it(tmp_path):
    samples = sample_of(build(MIRRORS[0], PAGES))
    first = learn(samples, site="relay")
    second = structs.replace(first, version=2, zone="+09:00")
    assert load_profile(tmp_path, "relay") is None
    save_profile(tmp_path, first)
    save_profile(tmp_path, second)
    assert encode(load_profile(tmp_path, "relay")) == encode(second)
    assert (tmp_path / "relay.v1.json").read_bytes() == encode(first)
    assert list(compare(first, second)) == ["- zone +08:00", "+ zone +09:00"]


def test_a_file_that_is_no_profile_is_named(tmp_path):
    (tmp_path / "relay.json").write_text('{"format": 99}')
    with pytest.raises(ValueError, match=r"relay\.json: format"):
        load_profile(tmp_path, "relay")


def test_pages_of_another_design_are_noticed():
    own, other = build(MIRRORS[0], PAGES), build(MIRRORS[1], PAGES)
    profile = learn(sample_of(own))
    drift = Drift()
    assert [drift.note(page.url, fits(read_page_with(profile, page)[0])) for page in own] == [None] * PAGES
    said = [drift.note(page.url, fits(read_page_with(profile, page)[0])) for page in other]
    assert said[0] is None
    assert "do not fit" in said[-1]
    assert drift.misfits == [page.url for page in other]
