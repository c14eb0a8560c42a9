from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.adapter import Button, Message
from bot.adapters.slack_blocks import blocks_of
from tests.peers.slack_blocks import elements, problems


def test_text_is_plain_and_escaped_so_that_nothing_in_it_is_interpreted() -> None:
    [block] = blocks_of(Message(text="*you* wrote <!channel> & more"))
    assert block["type"] == "section"
    assert block["text"]["type"] == "plain_text"
    assert block["text"]["text"] == "*you* wrote &lt;!channel&gt; &amp; more"


def test_buttons_carry_their_data_in_the_value() -> None:
    buttons = (Button(label="Not at all", data="a:n:0"), Button(label="Back", data="a:n:back"))
    _, actions = blocks_of(Message(text="Little interest?", buttons=buttons))
    assert [(each["text"]["text"], each["value"]) for each in actions["elements"]] == [
        ("Not at all", "a:n:0"),
        ("Back", "a:n:back"),
    ]


def test_more_buttons_than_a_row_takes_go_on_in_the_next() -> None:
    buttons = tuple(Button(label=str(number), data=f"d:{number}") for number in range(60))
    blocks = blocks_of(Message(text="Choose", buttons=buttons))
    assert [len(each["elements"]) for each in blocks[1:]] == [25, 25, 10]
    assert problems(blocks) == []


def test_progress_stands_above_the_question() -> None:
    first, second = blocks_of(Message(text="Little interest?", progress=(3, 9)))
    assert first["elements"][0]["text"] == "3/9"
    assert second["text"]["text"] == "Little interest?"


def test_a_long_label_is_cut_with_an_ellipsis() -> None:
    buttons = (Button(label="🙂" * 60, data="a"), Button(label="x" * 75, data="b"))
    blocks = blocks_of(Message(text="Choose", buttons=buttons))
    long, fitting = (each["text"]["text"] for each in elements(blocks))
    assert long == "🙂" * 37 + "…"
    assert fitting == "x" * 75


def test_text_that_grows_when_escaped_is_spread_over_sections() -> None:
    blocks = blocks_of(Message(text="&" * 3000))
    assert len(blocks) == 5
    assert "".join(each["text"]["text"] for each in blocks) == "&amp;" * 3000


@settings(deadline=None)
@given(
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=1500),
    st.lists(
        st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200),
        max_size=60,
    ),
)
def test_whatever_a_message_holds_its_blocks_keep_to_slacks_limits(
    text: str, labels: list[str]
) -> None:
    buttons = tuple(Button(label=label, data=f"d:{n}") for n, label in enumerate(labels))
    assert problems(blocks_of(Message(text=text, buttons=buttons, progress=(1, 9)))) == []
