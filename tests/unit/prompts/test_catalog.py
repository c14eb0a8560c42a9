from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest

from prompts.catalog import Catalog, Say
from prompts.errors import PromptsError

ENGLISH = """\
### The words of a test.

hello = Hello { $name }.
plain = A message
    of two lines.
days = { $count ->
    [one] One day
   *[other] { $count } days
}
when = On { DATETIME($at, dateStyle: "medium", timeStyle: "short") }.
-bot = Evenkeel
who = I am { -bot }, and I say: { hello }
result = You have { $value } points: { $band }.
band-low = low
turn-1 = One.
turn-2 = Two.
turn-10 = Ten.
only-english = Only here.
attributed =
    .label = A label
"""
SPANISH = """\
hello = Hola, { $name }.
plain = Un mensaje.
result = Tienes { $value } puntos: { $band }.
band-low = bajo
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, "en/all.ftl", ENGLISH)
    write(tmp_path, "es/all.ftl", SPANISH)
    return tmp_path


@pytest.fixture
def catalog(folder: Path) -> Catalog:
    return Catalog.load(folder)


def write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


def lacks(folder: Path, says: str) -> None:
    problems = Catalog.load(folder).check()
    assert any(says in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("es", "Hola, Jo."),
        ("es-MX", "Hola, Jo."),
        ("ES_mx", "Hola, Jo."),
        ("es-Latn-MX-x-private", "Hola, Jo."),
        ("en-GB", "Hello Jo."),
        ("fr", "Hello Jo."),
        ("", "Hello Jo."),
        ("\x00??", "Hello Jo."),
    ],
)
def test_a_message_is_said_in_the_nearest_language(
    catalog: Catalog, locale: str, words: str
) -> None:
    assert catalog.render(Say("hello", {"name": "Jo"}), locale) == words


def test_a_message_that_a_language_lacks_is_said_in_english(catalog: Catalog) -> None:
    assert catalog.render(Say("only-english"), "es-AR") == "Only here."


@pytest.mark.parametrize("key", ["nothing", "-bot", "", "hello.label"])
def test_a_key_is_never_shown_in_place_of_words(catalog: Catalog, key: str) -> None:
    with pytest.raises(PromptsError, match=f"no message '{key}'"):
        catalog.render(Say(key), "en")


def test_a_missing_argument_is_refused_by_key_and_name(catalog: Catalog) -> None:
    with pytest.raises(PromptsError, match=r"es/all\.ftl:1: 'hello': .*name"):
        catalog.render(Say("hello"), "es")


def test_an_argument_that_cannot_be_said_is_refused_without_telling_it(catalog: Catalog) -> None:
    with pytest.raises(PromptsError) as refused:
        catalog.render(Say("hello", {"name": ["secret"]}), "en")  # type: ignore[dict-item]
    assert "secret" not in str(refused.value)


def test_a_message_without_words_is_refused(catalog: Catalog) -> None:
    with pytest.raises(PromptsError, match="'attributed' has no words"):
        catalog.render(Say("attributed"), "en")


def test_messages_and_terms_that_a_message_refers_to_are_found(catalog: Catalog) -> None:
    said = catalog.render(Say("who", {"name": "Jo"}), "en")
    assert said == "I am Evenkeel, and I say: Hello Jo."


def test_lines_and_plurals_follow_fluent(catalog: Catalog) -> None:
    assert catalog.render(Say("plain"), "en") == "A message\nof two lines."
    assert catalog.render(Say("days", {"count": 1}), "en") == "One day"
    assert catalog.render(Say("days", {"count": 1200}), "en") == "1,200 days"


def test_an_argument_may_be_a_message(catalog: Catalog) -> None:
    say = Say("result", {"value": Decimal("12"), "band": Say("band-low")})
    assert catalog.render(say, "en") == "You have 12 points: low."
    assert catalog.render(say, "es") == "Tienes 12 puntos: bajo."


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en", "On Nov 22, 2026, 11:05\u202fPM."),
        ("en-GB", "On 22 Nov 2026, 23:05."),
        ("fr", "On Nov 22, 2026, 11:05\u202fPM."),
    ],
)
def test_a_moment_is_written_as_the_locale_does_in_its_own_zone(
    catalog: Catalog, locale: str, words: str
) -> None:
    at = datetime(2026, 11, 22, 23, 5, tzinfo=timezone(timedelta(hours=5)))
    assert catalog.render(Say("when", {"at": at}), locale) == words


def test_a_right_to_left_argument_is_isolated_and_others_are_plain(catalog: Catalog) -> None:
    assert catalog.render(Say("hello", {"name": "שלום"}), "en") == "Hello \u2068שלום\u2069."
    assert catalog.render(Say("hello", {"name": "Zoë"}), "en") == "Hello Zoë."


def test_an_argument_cannot_turn_the_rest_of_the_message_around(catalog: Catalog) -> None:
    assert catalog.render(Say("hello", {"name": "a\u202eb\u2069c"}), "en") == "Hello abc."


def test_in_a_right_to_left_language_every_argument_is_isolated(folder: Path) -> None:
    write(folder, "he/all.ftl", "hello = שלום { $name }.\n")
    said = Catalog.load(folder).render(Say("hello", {"name": "Jo"}), "he-IL")
    assert said == "שלום \u2068Jo\u2069."


def test_a_long_argument_is_said_whole(catalog: Catalog) -> None:
    """Fluent itself refuses more than 2,500 characters."""
    long = "word " * 4000
    assert catalog.render(Say("hello", {"name": long}), "en") == f"Hello {long}."


def test_an_argument_cannot_pose_as_another(catalog: Catalog) -> None:
    args = {"value": "\ue0000\ue001", "band": "x" * 3000}
    assert catalog.render(Say("result", args), "en") == f"You have 0 points: {'x' * 3000}."


def test_variants_are_listed_in_order(catalog: Catalog) -> None:
    assert catalog.variants("turn") == ("turn-1", "turn-2", "turn-10")
    with pytest.raises(PromptsError, match="'hello' with variants"):
        catalog.variants("hello")


def test_a_language_is_read_only_when_it_is_spoken(folder: Path) -> None:
    (folder / "es/all.ftl").write_bytes(b"\xff\xff")
    catalog = Catalog.load(folder)
    assert catalog.render(Say("plain"), "en").startswith("A message")
    with pytest.raises(PromptsError, match=r"es/all\.ftl cannot be read"):
        catalog.render(Say("plain"), "es")


def test_a_line_that_belongs_to_nothing_is_named(folder: Path) -> None:
    write(folder, "en/more.ftl", "fine = Fine.\n\nnot a message\n")
    with pytest.raises(PromptsError, match=r"en/more\.ftl:3 is neither"):
        Catalog.load(folder).render(Say("fine"), "en")


def test_a_message_that_fluent_does_not_accept_is_named_with_its_line(folder: Path) -> None:
    write(folder, "en/more.ftl", "fine = Fine.\nbroken = Too\n    much { $name\n")
    with pytest.raises(PromptsError, match=r"en/more\.ftl:\d: 'broken': Expected token"):
        Catalog.load(folder).render(Say("broken"), "en")


def test_a_catalogue_has_english(tmp_path: Path) -> None:
    with pytest.raises(PromptsError, match="no folder of messages"):
        Catalog.load(tmp_path / "nowhere")
    write(tmp_path, "es/all.ftl", SPANISH)
    with pytest.raises(PromptsError, match="no folder 'en'"):
        Catalog.load(tmp_path)


def test_languages_are_the_folders(catalog: Catalog) -> None:
    assert catalog.languages() == ("en", "es")


def test_check_finds_nothing_in_languages_that_agree(folder: Path) -> None:
    write(folder, "es/all.ftl", ENGLISH.replace("Hello", "Hola").replace("-bot", "-robot"))
    write(folder, "en/all.ftl", ENGLISH.replace("attributed =\n    .label = A label\n", ""))
    text = (folder / "es/all.ftl").read_text(encoding="utf-8")
    write(folder, "es/all.ftl", text.replace("attributed =\n    .label = A label\n", ""))
    assert Catalog.load(folder).check() == []


def test_check_finds_keys_that_only_one_language_has(folder: Path) -> None:
    write(folder, "es/more.ftl", "solo = Solo aquí.\n")
    lacks(folder, "es: 'only-english' is missing; it is at en/all.ftl:")
    lacks(folder, "en: 'solo' is missing; it is at es/more.ftl:1")


def test_check_finds_arguments_that_differ(folder: Path) -> None:
    write(folder, "es/all.ftl", SPANISH.replace("$name", "$nombre"))
    lacks(folder, "es/all.ftl:1: 'hello' differs from English in its arguments: $name, $nombre")


def test_check_finds_a_key_that_stands_twice(folder: Path) -> None:
    write(folder, "en/more.ftl", "hello = Again.\n")
    lacks(folder, "en/more.ftl:1: 'hello' stands a second time")


def test_check_finds_what_cannot_be_said(folder: Path) -> None:
    write(folder, "en/more.ftl", "broken = { $\nlost = { nowhere } { -nobody }\n")
    lacks(folder, "'broken': Expected")
    lacks(folder, "'lost' refers to 'nowhere'")
    lacks(folder, "'lost' refers to '-nobody'")
    lacks(folder, "'attributed' has no words")


def test_check_finds_a_text_too_long_for_fluent(folder: Path) -> None:
    write(folder, "en/more.ftl", f"endless = {'word ' * 600}\n")
    lacks(folder, "'endless' is too long")


def test_check_goes_on_when_a_file_cannot_be_read(folder: Path) -> None:
    write(folder, "es/more.ftl", "not a message\n")
    lacks(folder, "es/more.ftl:1 is neither")
