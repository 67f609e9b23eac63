"""What is learned of mirrors with habits of their own, and what it does for their pages."""

import random
from datetime import datetime

import pytest
from invented_mirrors import MIRRORS, MirrorPage, build
from msgspec import structs

from newscrawler.extraction import extract
from newscrawler.profiles import Drift, Profile, Sample, compare, learn, load_profile, sample_page, save_profile, stated_fit
from newscrawler.profiles.profile import decode, encode
from newscrawler.removals import restore

PAGES, SAMPLED = 48, 24


def sample_of_mirror(mirror: list[MirrorPage], seed: int = 1) -> list[Sample]:
    return [sample_page(shown.html, shown.url, lastmod=shown.lastmod) for shown in random.Random(seed).sample(mirror, SAMPLED)]


@pytest.fixture(scope="module", params=MIRRORS, ids=lambda habits: habits.name)
def learned(request):
    mirror = build(request.param, PAGES)
    samples = sample_of_mirror(mirror)
    return mirror, samples, learn(samples, site=request.param.name)


def test_every_page_is_read_to_the_letter(learned):
    mirror, _, profile = learned
    for shown in mirror:
        article = extract(shown.html, shown.url, profile=profile)
        assert article.body.split("\n") == [" ".join(line.split()) for line in shown.story.body]
        assert article.title == shown.story.title
        assert article.source == shown.source
        if shown.dated:
            assert datetime.fromisoformat(article.timestamp) == shown.story.when.replace(second=0)


def test_what_was_cut_is_what_the_mirror_put_there(learned):
    mirror, _, profile = learned
    for shown in mirror:
        article = extract(shown.html, shown.url, profile=profile)
        before = restore(article.body, article.removed).split("\n")
        assert [line for line in before if line != shown.related] == [" ".join(line.split()) for line in shown.lines]


def test_the_order_of_the_sample_does_not_matter(learned):
    _, samples, profile = learned
    shuffled = random.Random(9).sample(samples, len(samples))
    assert encode(learn(shuffled, site=profile.site)) == encode(profile)
    assert encode(decode(encode(profile))) == encode(profile)


def test_what_stories_share_is_not_learned(learned):
    mirror, _, profile = learned
    patterns = {entry.pattern for template in profile.templates for entry in template.repeats}
    told = {" ".join(line.split()) for shown in mirror for line in shown.story.body}
    assert not patterns & told


def test_fewer_than_four_articles_teach_nothing():
    samples = sample_of_mirror(build(MIRRORS[0], PAGES))
    assert learn(samples[:3]) is None
    assert learn([samples[0]] * 4) is None
    assert learn([Sample(page=sample.page, body=()) for sample in samples]) is None


def test_two_layouts_are_two_templates():
    habits = next(habits for habits in MIRRORS if habits.name == "two-layouts")
    profile = learn(sample_of_mirror(build(habits, PAGES)))
    assert len(profile.templates) == len(habits.layouts)
    assert len({template.container for template in profile.templates}) == len(habits.layouts)


def test_a_person_strikes_and_adds_entries():
    mirror = build(MIRRORS[0], PAGES)
    profile = learn(sample_of_mirror(mirror))
    revised = profile.revised(strike=[MIRRORS[0].tail[1]], add=[mirror[0].story.body[0]])
    kept = extract(mirror[0].html, mirror[0].url, profile=revised).body.split("\n")
    assert MIRRORS[0].tail[1] in kept
    assert mirror[0].story.body[0] not in kept
    assert profile.revised() is profile


def test_a_new_version_leaves_the_old_beside_it(tmp_path):
    samples = sample_of_mirror(build(MIRRORS[0], PAGES))
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


def test_an_undated_page_of_another_layout_is_no_article_of_the_site():
    about = (
        "<main><h1>About us</h1><p>We copy what others write, and we name them all.</p><p>Letters reach us by post.</p></main>"
    )
    page = f"<html><head><title>About us</title></head><body>{about}</body></html>"
    url = "https://head-line.example/about.html"
    assert extract(page, url) is None or extract(page, url).timestamp is None
    assert extract(page, url, profile=learn(sample_of_mirror(build(MIRRORS[0], PAGES)))) is None


def fit_of(profile: Profile, shown: MirrorPage) -> float:
    return stated_fit(extract(shown.html, shown.url, profile=profile).evidence["body"])


def test_pages_of_another_design_are_noticed():
    own, other = build(MIRRORS[0], PAGES), build(MIRRORS[1], PAGES)
    profile = learn(sample_of_mirror(own))
    drift = Drift()
    assert [drift.note(page.url, fit_of(profile, page)) for page in own] == [None] * PAGES
    said = [drift.note(page.url, fit_of(profile, page)) for page in other]
    assert said[0] is None
    assert "do not fit" in said[-1]
    assert drift.misfits == [page.url for page in other]
