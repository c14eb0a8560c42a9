"""What people and operators get wrong is answered with a sentence, and nothing is lost."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import Cluster
from tests.processes import as_url, environment, reachable_folder, run, start

TOKEN = "81234:TEST-token_of_a_bot_that_does_not_exist"


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with reachable_folder() as made:
        yield made


def one_line(err: str) -> str:
    [line] = err.strip().splitlines()
    assert line.startswith("evenkeel: ")
    return line


async def test_serving_nothing_says_which_tokens_to_set(folder: Path):
    code, _, err = await run({"EVENKEEL_DATA_DIR": str(folder)}, "serve")
    assert code == 2
    assert "TELEGRAM_BOT_TOKEN" in one_line(err)


async def test_a_malformed_token_is_refused_without_showing_it(folder: Path):
    settings = {"EVENKEEL_DATA_DIR": str(folder), "TELEGRAM_BOT_TOKEN": "not a token"}
    code, _, err = await run(settings, "serve")
    assert code == 2
    assert "not a token" not in one_line(err)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://somewhere"),
        ("EVENKEEL_REGION", "Atlantis"),
        ("EVENKEEL_HASH_PARTITIONS", "many"),
        ("EVENKEEL_PII_RETENTION", "sometimes"),
        ("EVENKEEL_HTTP_BIND", "everywhere"),
    ],
)
async def test_a_wrong_setting_is_named(folder: Path, name: str, value: str):
    code, _, err = await run({"EVENKEEL_DATA_DIR": str(folder), name: value}, "chat")
    assert code == 2
    assert name in one_line(err)


async def test_a_database_that_is_not_there_is_said_in_one_line(folder: Path):
    url = "postgresql://nobody@127.0.0.1:9/none"
    settings = {"EVENKEEL_DATA_DIR": str(folder), "DATABASE_URL": url}
    code, _, err = await run(settings, "chat", lines="hello\n")
    assert code in (1, 2)
    assert "database" in one_line(err)


async def test_a_database_without_a_schema_says_to_migrate(cluster: Cluster, folder: Path):
    with cluster.empty_database() as name:
        url = as_url(cluster.admin_url(name))
        settings = {"EVENKEEL_DATA_DIR": str(folder), "DATABASE_URL": url}
        code, _, err = await run(settings, "chat", lines="hello\n")
    assert code == 2
    assert "evenkeel migrate" in one_line(err)


async def test_strange_lines_are_each_answered_and_the_stream_goes_on():
    lines = [
        b"/start",
        b"",
        "x" * 20_000,
        "\u202eevil \u05d0\u05d1\u05d2 \u0627\u0644\u0644\u0647",
        b"\x00\x01\x02 binary \x7f",
        b"\xff\xfe not text",
        "/unknown_command with words",
        "\U0001f469\u200d\U0001f469\u200d\U0001f467" * 50,
        "/mood 11",
        "Yes",
    ]
    sent = b"\n".join(each if isinstance(each, bytes) else each.encode() for each in lines)
    with reachable_folder() as folder:
        process = await start({"EVENKEEL_DATA_DIR": str(folder)}, "chat", "--as", "someone")
        out, err = await process.communicate(sent + b"\n")
    replies = [json.loads(line) for line in out.decode().splitlines()]
    assert len(replies) >= len(lines) - 1
    assert process.returncode == 1, "one line was not text"
    assert len(err.decode().strip().splitlines()) == 1
    assert "note" in replies[-1]["text"]


async def test_another_master_key_is_refused_and_the_right_one_still_works():
    from tink import aead, json_proto_keyset_format, new_keyset_handle, secret_key_access

    aead.register()
    other = json_proto_keyset_format.serialize(
        new_keyset_handle(aead.aead_key_templates.AES256_GCM), secret_key_access.TOKEN
    )
    with reachable_folder() as folder:
        settings = {"EVENKEEL_DATA_DIR": str(folder)}
        code, _, err = await run(settings, "chat", "--as", "someone", lines="hello\n")
        assert code == 0, err
        wrong = {**settings, "EVENKEEL_MASTER_KEY": other}
        code, _, err = await run(wrong, "chat", "--as", "someone", lines="hello\n")
        assert code == 2
        assert "key" in one_line(err)
        code, out, err = await run(settings, "chat", "--as", "someone", lines="Yes\n")
        assert code == 0, err
        assert out


def test_settings_of_the_machine_do_not_reach_the_tests(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    assert "TELEGRAM_BOT_TOKEN" not in environment({})
