from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.adapters.slack_updates import update_of
from bot.updates import Other, OtherKind, Pressed, Said, Update
from storage.addresses import Address, Identity, Platform

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ANN = Identity(platform=Platform.SLACK, subject="U0ANN", workspace="T1")


def read(payload: dict[str, Any]) -> Update | None:
    return update_of(payload, at=NOW, bot_user="U0BOT")


def event(**fields: Any) -> dict[str, Any]:
    message = {
        "type": "message",
        "channel": "D1",
        "channel_type": "im",
        "user": "U0ANN",
        "text": "hello",
        "ts": "1700000000.000100",
    }
    kept = {name: value for name, value in (message | fields).items() if value is not None}
    return {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": kept}


def press(**fields: Any) -> dict[str, Any]:
    return {
        "type": "block_actions",
        "team": {"id": "T1"},
        "user": {"id": "U0ANN", "team_id": "T1"},
        "channel": {"id": "D1"},
        "container": {"type": "message", "message_ts": "1700000000.000100", "channel_id": "D1"},
        "actions": [{"type": "button", "value": "phq9:n:2", "action_ts": "1700000009.1"}],
        **fields,
    }


def command(name: str, text: str, **fields: Any) -> dict[str, Any]:
    return {
        "command": name,
        "text": text,
        "team_id": "T1",
        "user_id": "U0ANN",
        "channel_id": "C0GENERAL",
        "trigger_id": "13345224609.738474920.8088930838d88f008e0",
        **fields,
    }


def content(payload: dict[str, Any]) -> Said | Pressed | Other | None:
    update = read(payload)
    return update.content if update else None


def test_a_direct_message_is_words_from_a_person_in_a_channel() -> None:
    update = read(event(text="I slept &lt;well&gt;"))
    assert update == Update(
        key="slack:T1:event:Ev1",
        identity=ANN,
        address=Address(platform=Platform.SLACK, chat="D1", workspace="T1"),
        content=Said("I slept <well>"),
        at=NOW,
    )


def test_a_message_in_a_thread_is_answered_in_that_thread() -> None:
    update = read(event(thread_ts="1700000000.000001"))
    assert update is not None
    assert update.address.thread == "1700000000.000001"


@pytest.mark.parametrize(
    "fields",
    [
        {"user": "U0BOT"},
        {"bot_id": "B1"},
        {"subtype": "bot_message", "user": None},
        {"user": "USLACKBOT"},
        {"subtype": "message_changed"},
        {"subtype": "message_deleted", "hidden": True},
        {"subtype": "channel_join"},
        {"channel_type": "channel", "channel": "C1"},
        {"channel_type": "mpim", "channel": "G1"},
        {"channel_type": None, "channel": "C1"},
        {"type": "reaction_added"},
    ],
)
def test_what_nobody_said_to_us_is_left(fields: dict[str, Any]) -> None:
    assert read(event(**fields)) is None


def test_a_mention_in_a_channel_is_a_group_and_answered_under_it() -> None:
    update = read(event(type="app_mention", channel="C1", channel_type=None))
    assert update is not None
    assert update.content == Other(OtherKind.GROUP)
    assert update.address == Address(
        platform=Platform.SLACK, chat="C1", workspace="T1", thread="1700000000.000100"
    )


def test_a_mention_in_the_direct_channel_is_left_to_the_message_that_holds_it() -> None:
    assert read(event(type="app_mention", channel_type=None)) is None


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ({"mimetype": "image/png"}, OtherKind.PHOTO),
        ({"mimetype": "audio/mp4"}, OtherKind.VOICE),
        ({"mimetype": "video/mp4", "subtype": "slack_audio"}, OtherKind.VOICE),
        ({"mimetype": "application/pdf"}, OtherKind.DOCUMENT),
        ("odd", OtherKind.DOCUMENT),
    ],
)
def test_a_file_is_named_by_its_kind(file: object, kind: OtherKind) -> None:
    assert content(event(subtype="file_share", text="", files=[file])) == Other(kind)


def test_words_beside_a_file_are_heard() -> None:
    shared = event(subtype="file_share", text="I want to die", files=[{"mimetype": "image/png"}])
    assert content(shared) == Said("I want to die")


def test_a_message_without_words_or_files_is_unknown() -> None:
    assert content(event(text=" ")) == Other(OtherKind.UNKNOWN)


def test_a_slash_command_is_words_with_the_command_in_front() -> None:
    assert read(command("/mood", "7 slept well")) == Update(
        key="slack:T1:command:13345224609.738474920.8088930838d88f008e0",
        identity=ANN,
        address=Address(platform=Platform.SLACK, chat="U0ANN", workspace="T1"),
        content=Said("/mood 7 slept well"),
        at=NOW,
    )


def test_a_dash_in_a_command_becomes_the_underscore_of_the_registry() -> None:
    assert content(command("/help-now", "")) == Said("/help_now")
    assert content(command("/help_now", "")) == Said("/help_now")


def test_a_press_names_its_button_and_the_message_that_carries_it() -> None:
    update = read(press())
    assert update is not None
    assert update.key == "slack:T1:action:D1:1700000009.1"
    assert update.content == Pressed(data="phq9:n:2", message="1700000000.000100")
    assert update.address == Address(platform=Platform.SLACK, chat="D1", workspace="T1")


def test_a_press_in_a_channel_is_nobodys() -> None:
    assert read(press(channel={"id": "C1"})) is None


def test_a_press_without_a_team_of_its_own_takes_the_persons() -> None:
    update = read(press(team=None))
    assert update is not None
    assert update.key.startswith("slack:T1:")


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"type": "view_submission"},
        {"type": "event_callback"},
        {"type": "event_callback", "event": "hello"},
        event() | {"event_id": None},
        event() | {"team_id": "T 1\n"},
        event(user={"id": "U0ANN"}),
        press(actions=[]),
        press(actions="x"),
        press(user="U0ANN"),
        command("mood", "7"),
        command("/mood", "7", trigger_id=""),
    ],
)
def test_a_payload_that_names_nobody_or_nothing_is_left(payload: dict[str, Any]) -> None:
    assert read(payload) is None


NAMES = st.sampled_from(
    ["type", "event", "user", "text", "channel", "channel_type", "files", "actions", "value", "id"]
) | st.sampled_from(
    ["command", "team_id", "event_id", "container", "message_ts", "action_ts", "subtype"]
)
WORDS = st.sampled_from(["event_callback", "block_actions", "message", "app_mention", "im", "D1"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | WORDS | st.just("\ud800"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=6),
    max_leaves=6,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(NAMES, JSON, max_size=6))
def test_no_payload_makes_reading_raise(payload: dict[str, Any]) -> None:
    read(payload)
    read(event() | payload)
    read(event(**payload))
    read(press() | payload)
    read(command("/mood", "7") | payload)
