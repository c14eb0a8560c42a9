"""Masking of whole texts: placeholders, offsets, what is never touched, and input of any kind."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safety.pii.masking import CUT, LONGEST_TEXT, Masker
from safety.text import EntityType, ScreenedText

TRIGGERS = [
    "a", "1 ", "1", "1-", "call 1 ", "one ", "a b ", "my mum ", "Mr. ", "i am ", "in leeds ",
    "uni of ", "a@", "a.", "a.b@", "jo at ", "my name is ", "Tom ", "Dr ", "www.", "1.", "1/",
    "12 st ", "flat ", "live at ", "password is ", "my insta is ", "born ", "14/03/1996 ",
    "07700 ", "oh seven ", "<PERSON_1> ", "O'", "(", "+", "4111 1111 1111 1111 ", "GB29",
    "\u200b", "😀", "Aa ", "a1", "ab_", "#", "u/", "-----BEGIN PRIVATE KEY-----", "calle ", "\n",
    "x" * 61 + " ", "::", "A B C ", "12 Elm ", "Apt 1 ", "Elm 12 ", "corner of Elm and ", "ul. A ",
    "unit 1 box 1 ", "Suite 1\n", "\n> ", "address:\n1", "O'Neil ", "my school is ",
]  # fmt: skip


def test_placeholders_are_numbered_from_left_to_right_in_each_kind(masker: Masker) -> None:
    masked = masker.mask("Priya told Marcus to mail priya@mail.com or marcus@mail.com")

    assert masked.text == "<PERSON_1> told <PERSON_2> to mail <EMAIL_1> or <EMAIL_2>"
    assert masked.originals == {
        "<PERSON_1>": "Priya",
        "<PERSON_2>": "Marcus",
        "<EMAIL_1>": "priya@mail.com",
        "<EMAIL_2>": "marcus@mail.com",
    }


def test_the_same_value_has_the_same_placeholder_in_any_case(masker: Masker) -> None:
    masked = masker.mask("siobhan left. I miss Siobhan. SIOBHAN hates me")

    assert masked.text == "<PERSON_1> left. I miss <PERSON_1>. <PERSON_1> hates me"


@pytest.mark.parametrize(
    "text",
    [
        "Emily Watson called. Emily was angry.",
        "Emily called. Then Emily Watson was angry.",
    ],
)
def test_a_first_name_shares_the_placeholder_of_its_full_name(masker: Masker, text: str) -> None:
    masked = masker.mask(text)

    assert {entity.placeholder for entity in masked.entities} == {"<PERSON_1>"}
    assert masked.originals == {"<PERSON_1>": "Emily Watson"}


def test_a_name_that_was_found_once_is_found_again_where_nothing_announces_it(
    masker: Masker,
) -> None:
    masked = masker.mask("my ex is called Zebulonia. idk, zebulonia though")

    assert masked.text == "my ex is called <PERSON_1>. idk, <PERSON_1> though"


def test_a_name_that_is_also_a_word_is_not_masked_for_having_been_one(masker: Masker) -> None:
    masked = masker.mask("my daughter Hope is 6. there is no hope left")

    assert masked.text == "my daughter <PERSON_1> is 6. there is no hope left"


def test_two_people_who_share_a_title_are_two(masker: Masker) -> None:
    masked = masker.mask("dr patel sent me to dr nguyen")

    assert masked.text == "<PERSON_1> sent me to <PERSON_2>"


@pytest.mark.parametrize("typed", ["<PERSON_1>", "<person_1>", "<EMAIL_12>"])
def test_a_typed_placeholder_neither_collides_nor_is_restored(masker: Masker, typed: str) -> None:
    masked = masker.mask(f"{typed} says hi to Priya")

    assert masked.text == f"‹{typed[1:-1]}› says hi to <PERSON_1>"
    restored = ScreenedText.screened(masked.text, masked.originals).restored()
    assert restored == f"‹{typed[1:-1]}› says hi to Priya"


def test_a_placeholder_typed_inside_personal_data_is_not_restored_either(masker: Masker) -> None:
    masked = masker.mask("I am Priya and my password is x<PERSON_1>y9")

    assert "Priya" not in ScreenedText.screened(masked.text, masked.originals).restored()[10:]


def test_offsets_are_those_of_the_input_past_characters_nobody_sees(masker: Masker) -> None:
    text = "😀\u200bcall me on 07700\u200b 900\x00 456 ok"
    (entity,) = masker.mask(text).entities

    assert entity.type is EntityType.PHONE
    assert text[entity.start : entity.end] == "07700\u200b 900\x00 456"


def test_full_width_digits_and_curly_quotes_are_read_as_plain_ones(masker: Masker) -> None:
    masked = masker.mask("I’m Priya, ring ０７７００ ９００４５６")

    assert masked.text == "I’m <PERSON_1>, ring <PHONE_1>"


def test_what_postgresql_cannot_hold_is_left_out(masker: Masker) -> None:
    masked = masker.mask("a\x00b \ud800Priya\udfff c")

    assert masked.text == "ab <PERSON_1> c"
    assert masked.originals == {"<PERSON_1>": "Priya"}


@pytest.mark.parametrize(
    "command",
    ["/mood 7 slept well", "/mood 3", "/journal", "/help", "/start", "!/mood", "/phq9 now"],
)
def test_our_own_commands_survive(masker: Masker, command: str) -> None:
    assert masker.mask(command).text == command


def test_a_country_typed_alone_is_an_answer_and_stays(masker: Masker) -> None:
    for answer in ("Spain", "ireland", "United Kingdom", "the Netherlands"):
        assert masker.mask(answer).text == answer


def test_a_helpline_may_be_quoted(masker: Masker) -> None:
    for quoted in ("i rang 116 123", "text 741741", "call 1-800-273-8255", "0800 1111 was busy"):
        assert masker.mask(quoted).text == quoted


def test_a_pet_may_be_named(masker: Masker) -> None:
    assert masker.mask("my dog Rex is old. Rex sleeps").text == "my dog Rex is old. Rex sleeps"


@pytest.mark.parametrize("text", ["", " ", "\n", "\x00", "\u200b", "😀"])
def test_next_to_nothing_holds_nothing(masker: Masker, text: str) -> None:
    assert masker.mask(text).entities == ()


def test_a_very_long_text_is_cut_where_a_mark_says_so(masker: Masker) -> None:
    text = "I feel low. " * 3000 + "My name is Priya."
    masked = masker.mask(text)

    assert masked.text.endswith(CUT)
    assert len(masked.text) == LONGEST_TEXT + len(CUT)
    assert "Priya" not in masked.text


def test_personal_data_anywhere_in_a_long_text_is_found(masker: Masker) -> None:
    filler = "so it goes on "
    text = ""
    while len(text) < LONGEST_TEXT - 200:
        text += filler * 7 + "ring me on 07700 900456 "
    masked = masker.mask(text)

    assert "900456" not in masked.text
    assert masked.text.count("<PHONE_1>") == text.count("07700 900456")


@pytest.mark.parametrize("trigger", TRIGGERS, ids=repr)
def test_no_trigger_repeated_makes_a_pattern_explode(masker: Masker, trigger: str) -> None:
    """A pattern that can fail in many ways takes minutes here; all others a fraction of a second
    of processor time, so the bound is no matter of a busy machine."""
    text = trigger * (100_000 // len(trigger))
    started = time.process_time()

    masker.mask(text)

    assert time.process_time() - started < 5


@settings(deadline=None, max_examples=150)
@given(
    st.lists(
        st.one_of(
            st.text(max_size=12),
            st.sampled_from([*TRIGGERS, " Priya ", " 07700 900456 ", " priya@mail.com "]),
        ),
        max_size=12,
    ).map("".join)
)
def test_whatever_is_typed_the_finds_are_in_order_and_the_rest_is_kept(
    masker: Masker, text: str
) -> None:
    masked = masker.mask(text)

    masked.text.encode("utf-8")
    assert "\x00" not in masked.text
    ends = [0]
    for entity in masked.entities:
        assert ends[-1] <= entity.start < entity.end <= len(text)
        assert entity.placeholder in masked.text
        assert entity.placeholder in masked.originals
        ends.append(entity.end)
    if not masked.entities and "<" not in text and text.isascii() and "\x00" not in text:
        assert masked.text == text
