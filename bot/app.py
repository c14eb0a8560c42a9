"""The composition root: builds every part once, opens it, and closes it in reverse order."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from typing import TypeAlias

from bot.adapters.adapter import Adapter
from bot.backups import Sealing
from bot.companion import Companion
from bot.conductor import Conductor
from bot.config import Settings, reveal
from bot.counselors.alerts import Alerts, Post
from bot.delivery import Delivery
from bot.dialogs import all_dialogs
from bot.dialogs.dialog import Service
from bot.export.exporter import Exporter
from bot.farewells import Farewells
from bot.ids import new_id
from bot.instruments.instrument import load_instruments
from bot.lifeline import Lifeline
from bot.metrics import Metrics
from bot.recovery import Recovery
from bot.rendering import Renderer
from bot.schedule import Clockwork
from bot.server import open_database
from bot.tasks import Tasks
from bot.turns import Turns
from bot.warming import Warming
from prompts.catalog import Catalog
from safety.text import Context, Screening
from storage.audit.anchors import AuditAnchors
from storage.audit.check import AuditCheck
from storage.audit.log import AuditLog
from storage.conversations import Conversations
from storage.encryption import Vault
from storage.engine import Database
from storage.erasing.erasure import Erasure
from storage.escalations import Escalations
from storage.exporting.exports import Exports
from storage.inbox import Inbox
from storage.outbox import Outbox
from storage.partitions import make_months
from storage.people import People
from storage.retention import Keep, Retention

GRACE_SECONDS = 10.0

Screen: TypeAlias = Callable[[str, Context], Awaitable[Screening]]


@dataclass(frozen=True, kw_only=True)
class App:
    """A running worker."""

    database: Database
    turns: Turns
    recovery: Recovery
    metrics: Metrics
    tasks: Tasks


@asynccontextmanager
async def running(
    settings: Settings,
    screening: Warming,
    adapters: Sequence[Adapter],
    posts: Sequence[Post] = (),
    metrics: Metrics | None = None,
) -> AsyncIterator[App]:
    """Open a worker that serves `adapters` and alerts counselors at `posts`."""
    async with AsyncExitStack() as stack:
        sealing = Sealing(settings)
        stack.push_async_callback(sealing.finish)  # after the server, which hands over its last
        database = await open_database(settings, stack)
        await make_months(database)  # nobody may have run for months
        await screening.warm
        vault = await Vault.open(
            master_key=reveal(settings.evenkeel_master_key),
            data_dir=settings.evenkeel_data_dir,
            key_store_url=settings.evenkeel_key_store,
            database=database,
        )
        stack.push_async_callback(vault.close)
        companion = Companion.from_settings(settings, screening.pool.check_reply)
        stack.push_async_callback(companion.close)
        parts = Parts(
            database=database, vault=vault, screen=screening.pool.screen, companion=companion
        )
        app = assemble(settings, adapters, posts, parts, metrics or Metrics())
        app.tasks.start(companion.open())
        clock = _clock(app)
        if sealing.is_ours:
            clock.every(5, sealing.seal)
        clock.start()
        stack.callback(clock.stop)
        stack.push_async_callback(app.tasks.finish, GRACE_SECONDS)
        yield app


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What had to be opened, and is closed again."""

    database: Database
    vault: Vault
    screen: Screen
    companion: Companion


def assemble(
    settings: Settings,
    adapters: Sequence[Adapter],
    posts: Sequence[Post],
    parts: Parts,
    metrics: Metrics,
) -> App:
    by_platform = {adapter.platform: adapter for adapter in adapters}
    database, vault, screen = parts.database, parts.vault, parts.screen
    if settings.evenkeel_pii_retention == "never":
        screen = _dropping_originals(screen)
    tasks, worker = Tasks(), new_id()
    catalog = Catalog.load()
    renderer = Renderer(catalog)
    lease = settings.evenkeel_lease_seconds
    inbox = Inbox(database, vault, lease_seconds=lease)
    conversations = Conversations(database, vault, lease_seconds=lease)
    outbox = Outbox(database, vault)
    exporter = Exporter(Exports(database, vault), catalog, locale=settings.evenkeel_locale)
    delivery = Delivery(by_platform, outbox, metrics, exporter.enclose)
    service = Service(
        counselors=bool(posts),
        language_model=settings.has_language_model,
        default_region=settings.evenkeel_region,
    )
    alerts = Alerts(
        posts=posts,
        escalations=Escalations(database),
        catalog=catalog,
        locale=settings.evenkeel_locale,
    )
    farewells = Farewells(
        erasure=Erasure(database, vault),
        adapters=by_platform,
        catalog=catalog,
        default_region=settings.evenkeel_region,
        audit_days=settings.evenkeel_keep_audit_days,
    )
    turns = Turns(
        people=People(database, vault),
        inbox=inbox,
        conversations=conversations,
        conductor=Conductor(all_dialogs(load_instruments()), service),
        renderer=renderer,
        delivery=delivery,
        lifeline=Lifeline(
            by_platform,
            renderer,
            screen,
            region=settings.evenkeel_region,
            locale=settings.evenkeel_locale,
        ),
        metrics=metrics,
        screen=screen,
        ask_model=parts.companion.reply,
        raise_alerts=alerts.raise_due,
        erase_due=farewells.erase_due,
        start=tasks.start,
        worker=worker,
        lease_seconds=lease,
        locale=settings.evenkeel_locale,
    )
    recovery = Recovery(
        turns=turns,
        delivery=delivery,
        alerts=alerts,
        database=database,
        conversations=conversations,
        inbox=inbox,
        outbox=outbox,
        farewells=farewells,
        unagreed_days=settings.evenkeel_keep_unagreed_days,
        retention=Retention(database, vault, AuditLog(database, vault), _keep(settings)),
        audit=AuditCheck(database, vault, AuditAnchors(vault.store)),
        worker=worker,
    )
    return App(database=database, turns=turns, recovery=recovery, metrics=metrics, tasks=tasks)


def _dropping_originals(screen: Screen) -> Screen:
    """What was masked is gone before anybody but the screener has seen it."""

    async def screened(text: str, context: Context) -> Screening:
        screening = await screen(text, context)
        if screening.text is None:
            return screening
        return replace(screening, text=screening.text.without_originals())

    return screened


def _keep(settings: Settings) -> Keep:
    return Keep(
        messages=settings.evenkeel_keep_messages_days,
        moods=settings.evenkeel_keep_moods_days,
        ai_runs=settings.evenkeel_keep_ai_runs_days,
        audit=settings.evenkeel_keep_audit_days,
    )


def _clock(app: App) -> Clockwork:
    clock = Clockwork()
    clock.every(2, app.recovery.resume_turns)
    clock.every(2, app.recovery.resend)
    clock.every(3, app.recovery.raise_alerts)
    clock.every(5, app.recovery.erase_due)
    clock.every(600, app.recovery.forget_done)
    clock.every(3600, app.recovery.request_unagreed)
    clock.every(6 * 3600, app.recovery.make_partitions)
    clock.every(6 * 3600, app.recovery.keep_to_retention)
    clock.every(6 * 3600, app.recovery.examine_audit)
    return clock
