"""`evenkeel serve`: runs the platforms that have a token, until it is told to stop."""

from __future__ import annotations

import argparse
import asyncio
import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.adapters.adapter import Adapter
    from bot.app import App
    from bot.config import Settings
    from bot.counselors.alerts import Post
    from bot.warming import Warming

MENU = (
    "mood",
    "journal",
    "checkin",
    "history",
    "help_now",
    "help",
    "privacy",
    "export",
    "language",
    "region",
)


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "serve",
        help="serve Telegram and Slack",
        description="Serve every platform that has a token in the environment: Telegram by long "
        "polling, Slack over Socket Mode (with SLACK_APP_TOKEN) or HTTP.",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from bot.config import read_settings
    from bot.logs import configure_logging

    configure_logging()
    asyncio.run(_serve(read_settings()))
    return 0


async def _serve(settings: Settings) -> None:
    from bot.warming import warming

    async with warming(settings.evenkeel_screen_seconds) as screening:
        await _serve_platforms(settings, screening)


async def _serve_platforms(settings: Settings, screening: Warming) -> None:
    from bot.app import running

    platforms = _platforms(settings)
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with running(settings, screening, platforms, _posts(settings, platforms)) as app:
        app.tasks.start(_publish_menu(settings, platforms))
        await _until_stopped(settings, platforms, app, stop)


def _platforms(settings: Settings) -> list[Adapter]:
    """An adapter for every platform that has a token."""
    from bot.config import reveal
    from bot.errors import ConfigurationError

    platforms: list[Adapter] = []
    if settings.telegram_bot_token:
        from bot.adapters.telegram import TelegramAdapter

        token = settings.telegram_bot_token.get_secret_value()
        platforms.append(
            TelegramAdapter(
                token,
                api_url=settings.telegram_api_url,
                counselor_chat=settings.counselor_telegram_chat,
            )
        )
    if settings.slack_bot_token:
        from bot.adapters.slack import SlackAdapter

        platforms.append(
            SlackAdapter(
                bot_token=settings.slack_bot_token.get_secret_value(),
                signing_secret=reveal(settings.slack_signing_secret),
                app_token=reveal(settings.slack_app_token),
                api_url=settings.slack_api_url,
                counselor_channel=settings.counselor_slack_channel,
            )
        )
    if not platforms:
        raise ConfigurationError(
            "There is nothing to serve: set TELEGRAM_BOT_TOKEN or SLACK_BOT_TOKEN "
            "(see .env.example), or try `evenkeel chat`."
        )
    return platforms


async def _publish_menu(settings: Settings, platforms: list[Adapter]) -> None:
    """The commands beside Telegram's text field, in every language we speak."""
    if not settings.telegram_bot_token:
        return
    from bot.adapters.telegram import TelegramAdapter
    from prompts.catalog import Catalog, Say

    catalog = Catalog.load()
    languages = {"": settings.evenkeel_locale, **{each: each for each in catalog.languages()}}
    menus = {
        code: [(name, catalog.render(Say(f"offer-{name}"), language)) for name in MENU]
        for code, language in languages.items()
    }
    for each in platforms:
        if isinstance(each, TelegramAdapter):
            await each.set_commands(menus)


def _posts(settings: Settings, platforms: list[Adapter]) -> list[Post]:
    """Where counselors are told: a channel or group on a platform that is served."""
    from bot.counselors.alerts import Post
    from storage.addresses import Address, Platform

    chats = {
        Platform.TELEGRAM: settings.counselor_telegram_chat,
        Platform.SLACK: settings.counselor_slack_channel,
    }
    return [
        Post(adapter=each, address=Address(platform=each.platform, chat=chat))
        for each in platforms
        if (chat := chats.get(each.platform))
    ]


async def _until_stopped(
    settings: Settings, platforms: list[Adapter], app: App, stop: asyncio.Event
) -> None:
    """Run everything side by side; the first that fails for good ends the rest."""
    from bot.adapters.http import build_app, build_local_app, serve_http

    jobs = [each.run(app.turns.receive) for each in platforms]
    jobs.append(
        serve_http(
            build_local_app(ready=app.database.answers, registry=app.metrics.registry),
            settings.evenkeel_ops_bind,
        )
    )
    if _slack_over_http(settings):
        from bot.adapters.slack import SlackAdapter

        slack = next(each for each in platforms if isinstance(each, SlackAdapter))
        jobs.append(serve_http(build_app(slack=slack), settings.evenkeel_http_bind))
    running = [asyncio.ensure_future(job) for job in jobs]
    stopped = asyncio.ensure_future(stop.wait())
    done, _ = await asyncio.wait({stopped, *running}, return_when=asyncio.FIRST_COMPLETED)
    for task in (stopped, *running):
        task.cancel()
    await asyncio.gather(*running, stopped, return_exceptions=True)
    for each in platforms:
        await each.close()
    for task in done:
        task.result()


def _slack_over_http(settings: Settings) -> bool:
    return bool(settings.slack_bot_token and not settings.slack_app_token)
