from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.slack_text import escape, read, units


def test_entities_are_read_as_the_characters_that_were_typed() -> None:
    assert read("1 &lt; 2 &amp;&amp; 3 &gt; 2") == "1 < 2 && 3 > 2"


def test_an_entity_that_was_typed_is_not_read_twice() -> None:
    assert read("&amp;lt;") == "&lt;"


def test_addresses_are_read_without_slacks_markup() -> None:
    assert read("write to <mailto:ann@example.org|ann@example.org>") == "write to ann@example.org"
    assert read("ring <tel:+15550100|555-0100>") == "ring 555-0100 (+15550100)"
    assert read("see <https://example.org/a|example.org/a>") == "see example.org/a"
    assert read("see <https://example.org/a>") == "see https://example.org/a"


def test_a_link_that_hides_its_target_shows_it() -> None:
    assert read("<https://example.org|here>") == "here (https://example.org)"


def test_mentions_are_read_by_name_where_there_is_one() -> None:
    assert read("<@U0ANN|ann> in <#C1|general>") == "@ann in #general"
    assert read("<@U0ANN> <!here> <!subteam^S1|@nurses>") == "@U0ANN @here @nurses"
    assert read("<!date^1392734382^{date}|18 February>") == "18 February"


def test_what_is_no_markup_stays_as_it_was_typed() -> None:
    assert read("i <3 you> and <b>") == "i <3 you> and <b>"


def test_half_a_surrogate_pair_can_be_encoded_afterwards() -> None:
    assert read("sad \ud83d end").encode() == b"sad \xef\xbf\xbd end"


@settings(deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_what_was_escaped_is_read_back_unchanged(text: str) -> None:
    assert read(escape(text)) == text


@settings(deadline=None)
@given(st.text(alphabet="<>|@#!&;:ahtpsmilo/ \ud800\udc00"))
def test_any_text_is_read_without_an_error_and_can_be_encoded(text: str) -> None:
    assert read(text).encode() is not None


def test_length_counts_characters_beyond_the_bmp_twice() -> None:
    assert units("a🙂") == 3
