"""Where a conversation stands: what is on top, what is set aside, what comes back."""

from hypothesis import given
from hypothesis import strategies as st

from bot.frames import DEEPEST, Conversation, Frame, Offered, from_json, to_json

frames = st.builds(
    Frame,
    dialog=st.sampled_from(["assessment", "mood", "crisis", "journal"]),
    command=st.sampled_from(["/phq9", "/gad7", "/mood"]),
    state=st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5), max_size=3),
    nonce=st.text("abcdef0123456789", max_size=8),
    paused=st.booleans(),
    offered=st.lists(
        st.builds(Offered, label=st.text(max_size=8), value=st.text(max_size=8)), max_size=3
    ).map(tuple),
)


def opened(*names: str) -> Conversation:
    conversation = Conversation()
    for name in names:
        conversation = conversation.put_on_top(Frame(dialog=name))
    return conversation


def test_a_new_conversation_only_talks():
    assert Conversation().active.dialog == "talk"


def test_free_text_goes_to_the_newest_dialog_that_is_not_paused():
    conversation = opened("assessment", "mood")
    mood = conversation.active
    paused = conversation.swap(mood, Frame(dialog="mood", paused=True))
    assert (conversation.active.dialog, paused.active.dialog) == ("mood", "assessment")


def test_a_crisis_sets_everything_aside_but_talk():
    aside = opened("assessment", "journal").pause_all()
    assert aside.active.dialog == "talk"
    assert aside.paused_top() == Frame(dialog="journal", paused=True)


def test_talk_never_ends_it_only_forgets():
    talk = Frame(dialog="talk", state={"last": 3})
    assert Conversation((talk,)).close(talk) == Conversation()


def test_bringing_a_frame_back_up_does_not_double_it():
    conversation = opened("assessment", "mood")
    assessment = conversation.find("assessment")
    assert assessment is not None
    names = [frame.dialog for frame in conversation.put_on_top(assessment).frames]
    assert names == ["talk", "mood", "assessment"]


def test_a_frame_is_found_by_the_command_that_opened_it():
    conversation = Conversation().put_on_top(Frame(dialog="assessment", command="/phq9"))
    assert conversation.find("assessment", command="/gad7") is None
    assert conversation.find("assessment", command="/phq9") is not None


@given(st.lists(frames, max_size=20))
def test_a_conversation_never_grows_too_deep_and_keeps_talk_at_the_bottom(many: list[Frame]):
    conversation = Conversation()
    for frame in many:
        conversation = conversation.put_on_top(frame)
    assert len(conversation.frames) <= DEEPEST
    assert conversation.frames[0].dialog == "talk"


@given(st.lists(frames, max_size=6))
def test_what_is_stored_is_what_comes_back(many: list[Frame]):
    conversation = Conversation((Frame(dialog="talk"), *many))
    assert from_json(to_json(conversation)) == conversation
