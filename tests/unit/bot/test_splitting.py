"""Long replies are cut where a reader would pause, and nothing of them is lost."""

from hypothesis import given
from hypothesis import strategies as st

from bot.rendering import split

TEXT = st.text(max_size=300)
LIMIT = st.integers(min_value=2, max_value=50)


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@given(TEXT, LIMIT)
def test_no_part_is_longer_than_the_platform_allows(text: str, limit: int):
    assert all(units(part) <= limit for part in split(text, limit))


@given(TEXT, LIMIT)
def test_nothing_but_white_space_is_lost_between_the_parts(text: str, limit: int):
    joined = "".join("".join(part.split()) for part in split(text, limit))
    assert joined == "".join(text.split())


@given(TEXT, LIMIT)
def test_the_same_text_is_always_cut_in_the_same_places(text: str, limit: int):
    assert list(split(text, limit)) == list(split(text, limit))


def test_a_short_text_stays_whole():
    assert list(split("You are not alone.", 4096)) == ["You are not alone."]


def test_a_cut_falls_between_paragraphs_when_it_can():
    text = "First thing to know.\n\nSecond thing."
    assert list(split(text, 30)) == ["First thing to know.", "Second thing."]


def test_characters_beyond_the_basic_plane_count_twice():
    assert list(split("🌱" * 4, 4)) == ["🌱🌱", "🌱🌱"]
