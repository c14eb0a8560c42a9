"""The Bot API's methods, as strict as the real ones and with their own sentences of refusal.
https://core.telegram.org/bots/api#available-methods"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from tests.peers.bot_api_world import Json, TelegramWorld, Upload

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
LARGEST_FILE = 50 * 2**20
LONGEST_DATA = 64
MOST_BUTTONS = 100
MOST_BUTTONS_A_ROW = 8
MOST_COMMANDS = 100
ACTIONS = {"typing", "upload_photo", "upload_document", "record_voice", "find_location"}


class RefusalError(Exception):
    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


def bad_request(sentence: str) -> RefusalError:
    return RefusalError(400, f"Bad Request: {sentence}")


class Params:
    """What a request carried, in a form, in a query or as JSON: values are text or JSON."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = dict(values)

    def text(self, name: str) -> str:
        value = self.values.get(name, "")
        return value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str, default: int = 0) -> int:
        try:
            return int(self.text(name)) if name in self.values else default
        except ValueError:
            raise bad_request(f"{name} is not an integer") from None

    def parsed(self, name: str, default: Any = None) -> Any:
        value = self.values.get(name, default)
        try:
            return json.loads(value) if isinstance(value, str) else value
        except ValueError:
            raise bad_request(f"can't parse {name} JSON object") from None


def get_me(world: TelegramWorld, params: Params) -> object:
    return world.me()


def send_message(world: TelegramWorld, params: Params) -> object:
    chat = _reachable_chat(world, params)
    return world.post(chat, _text(params), _markup(params))


def send_document(world: TelegramWorld, params: Params) -> object:
    chat = _reachable_chat(world, params)
    upload = _upload(params)
    caption = params.text("caption").strip()
    if _units(caption) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    return world.post_document(chat, upload, caption, _markup(params))


def edit_message_text(world: TelegramWorld, params: Params) -> object:
    chat = _reachable_chat(world, params)
    if "message_id" not in params.values:
        raise bad_request("message identifier is not specified")
    edited = world.edit(chat, params.integer("message_id"), _text(params), _markup(params))
    if isinstance(edited, str):
        raise bad_request(edited)
    return edited


def answer_callback_query(world: TelegramWorld, params: Params) -> object:
    if not world.answer(params.text("callback_query_id")):
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    return True


def send_chat_action(world: TelegramWorld, params: Params) -> object:
    _reachable_chat(world, params)
    if params.text("action") not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    return True


def set_my_commands(world: TelegramWorld, params: Params) -> object:
    commands = params.parsed("commands")
    if not isinstance(commands, list) or len(commands) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for each in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", each.get("command", "")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(each.get("description", "")) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    language = params.text("language_code")
    if language and not re.fullmatch("[a-z]{2}", language):
        raise bad_request("invalid language code specified")
    world.menus[language] = commands
    return True


def set_webhook(world: TelegramWorld, params: Params) -> object:
    url = params.text("url")
    if url and not url.startswith("https://"):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    world.webhook = url
    return True


def delete_webhook(world: TelegramWorld, params: Params) -> object:
    world.webhook = ""
    if params.text("drop_pending_updates") == "true":
        world.pending.clear()
    return True


def not_found(world: TelegramWorld, params: Params) -> object:
    raise RefusalError(404, "Not Found")


METHODS: dict[str, Callable[[TelegramWorld, Params], object]] = {
    "getMe": get_me,
    "sendMessage": send_message,
    "sendDocument": send_document,
    "editMessageText": edit_message_text,
    "answerCallbackQuery": answer_callback_query,
    "sendChatAction": send_chat_action,
    "setMyCommands": set_my_commands,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
}


def _reachable_chat(world: TelegramWorld, params: Params) -> int:
    if not params.text("chat_id"):
        raise bad_request("chat_id is empty")
    chat = params.integer("chat_id")
    if not world.knows(chat):
        raise bad_request("chat not found")
    if chat in world.blocked:
        raise RefusalError(403, "Forbidden: bot was blocked by the user")
    return chat


def _text(params: Params) -> str:
    text = params.text("text").strip()
    if not text:
        raise bad_request("message text is empty")
    if _units(text) > LONGEST_TEXT:
        raise bad_request("message is too long")
    if params.text("parse_mode") not in ("", "HTML", "Markdown", "MarkdownV2"):
        raise bad_request("unsupported parse_mode")
    return text


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _upload(params: Params) -> Upload:
    """The file itself, or a part of the form that `attach://` names."""
    given = params.values.get("document")
    if isinstance(given, str) and given.startswith("attach://"):
        given = params.values.get(given.removeprefix("attach://"))
    if not isinstance(given, Upload):
        raise bad_request("there is no document in the request")
    if not given.content:
        raise bad_request("file must be non-empty")
    if len(given.content) > LARGEST_FILE:
        raise RefusalError(413, "Request Entity Too Large")
    return given


def _markup(params: Params) -> Json | None:
    markup = params.parsed("reply_markup")
    if markup is None:
        return None
    rows = markup.get("inline_keyboard") if isinstance(markup, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request("can't parse inline keyboard markup: Array of Arrays is expected")
    if sum(map(len, rows)) > MOST_BUTTONS or any(len(row) > MOST_BUTTONS_A_ROW for row in rows):
        raise bad_request("reply markup is too long")
    for row in rows:
        for button in row:
            _check_button(button)
    return {"inline_keyboard": rows}


def _check_button(button: Any) -> None:
    if not isinstance(button, dict) or not button.get("text"):
        raise bad_request("can't parse inline keyboard button: Text is empty")
    data = button.get("callback_data")
    if not isinstance(data, str) or not 1 <= len(data.encode()) <= LONGEST_DATA:
        raise bad_request("BUTTON_DATA_INVALID")
