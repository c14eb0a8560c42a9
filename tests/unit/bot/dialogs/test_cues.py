"""What a message seems to be about. A wrong cue costs a fitting word, never safety."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogs.cues import Cue, cue_of


@pytest.mark.parametrize(
    ("said", "cue"),
    [
        ("are you human?", Cue.HUMAN),
        ("¿eres un robot?", Cue.HUMAN),
        ("do I have depression", Cue.DIAGNOSIS),
        ("what's wrong with me", Cue.DIAGNOSIS),
        ("should I stop my meds?", Cue.MEDICINE),
        ("he dejado las pastillas", Cue.MEDICINE),
        ("what can you do", Cue.ABILITIES),
        ("I'm having a panic attack", Cue.PANIC),
        ("no puedo respirar", Cue.PANIC),
        ("my grandmother died in May", Cue.GRIEF),
        ("I feel so lonely", Cue.LONELY),
        ("me siento muy sola", Cue.LONELY),
        ("I can’t fall asleep", Cue.SLEEP),
        ("no duermo nada", Cue.SLEEP),
        ("I am so angry at everything", Cue.ANGRY),
        ("estoy harta de todo", Cue.ANGRY),
        ("feeling really down", Cue.SAD),
        ("estoy triste", Cue.SAD),
        ("so anxious about tomorrow", Cue.WORRIED),
        ("tengo mucho miedo", Cue.WORRIED),
        ("just exhausted", Cue.TIRED),
        ("my boss keeps calling", Cue.WORK),
        ("mañana tengo un examen", Cue.WORK),
        ("I had a fight with my sister", Cue.PEOPLE),
        ("discutí con mi pareja", Cue.PEOPLE),
        ("today was good", Cue.GOOD),
        ("thank you!", Cue.THANKS),
        ("muchas gracias", Cue.THANKS),
        ("good night", Cue.GOODBYE),
        ("hola", Cue.GREETING),
        ("hi", Cue.GREETING),
        ("no sé", Cue.UNSURE),
        ("yes", Cue.BRIEF),
        ("the garden needs water before the summer comes", Cue.OTHER),
        ("", Cue.BRIEF),
    ],
)
def test_a_message_has_its_cue(said: str, cue: Cue) -> None:
    assert cue_of(said) is cue


@pytest.mark.parametrize("said", ["I am not angry", "I'm not sad", "ya no triste"])
def test_what_is_denied_is_not_reflected(said: str) -> None:
    assert cue_of(said) not in (Cue.ANGRY, Cue.SAD)


def test_a_greeting_in_front_does_not_hide_what_follows() -> None:
    assert cue_of("hello, I cannot sleep any more and it is getting worse") is Cue.SLEEP


def test_of_a_very_long_message_only_the_ends_are_looked_at() -> None:
    assert cue_of("so sad " + "x " * 5_000) is Cue.SAD
    assert cue_of("x " * 5_000 + " so sad") is Cue.SAD
    assert cue_of("x " * 5_000 + "sad" + " x" * 5_000) is Cue.OTHER


@given(st.text(max_size=2000))
def test_every_text_has_a_cue(said: str) -> None:
    assert cue_of(said) in Cue
