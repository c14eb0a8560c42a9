"""Erases people whose erasure is due, and sends each the receipt.

The receipt does not go through the outbox, which is gone by then. It is sent until a platform
took it or said that it never will, for a day at most: twice does no harm, never would.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from bot.adapters.adapter import Adapter, Message
from bot.errors import SendError, SendLaterError, SendRefusedError
from bot.logs import where
from bot.receipt import receipt_text
from bot.rendering import split
from prompts.catalog import Catalog
from storage.addresses import Platform
from storage.erasing.erasure import TAKEN_SECONDS, Erasure, Receipt
from storage.erasing.requests import Farewell
from storage.errors import StorageUnavailableError

log = logging.getLogger(__name__)
AT_ONCE = 50
UNKNOWN_SECONDS = 600.0


@dataclass(frozen=True, kw_only=True)
class Farewells:
    """`adapters` are the platforms this worker serves; whom it cannot reach is left to a worker
    that can. `audit_days` is how long audit entries stay, 0 for no end."""

    erasure: Erasure
    adapters: Mapping[Platform, Adapter]
    catalog: Catalog
    default_region: str
    audit_days: int

    async def erase_due(self) -> None:
        """Erase who asked for it, and tell who was erased and does not know yet."""
        for user_id in await self.erasure.due(AT_ONCE):
            await self._see_off(user_id)

    async def _see_off(self, user_id: UUID) -> None:
        """One person's trouble must not keep the others waiting; the database's is everybody's."""
        try:
            if await self.erasure.take(user_id):
                await self._erase_and_tell(user_id)
        except StorageUnavailableError:
            raise
        except Exception as exc:  # noqa: BLE001 - it is found again by the next sweep
            log.error("Somebody could not be erased yet: %s.", where(exc))

    async def _erase_and_tell(self, user_id: UUID) -> None:
        erased = await self.erasure.erased(user_id)
        if erased.farewell is None:
            await self.erasure.told(user_id)
            return
        adapter = self.adapters.get(erased.farewell.address.platform)
        if adapter is not None:
            await self._tell(adapter, erased.receipt, erased.farewell)

    async def _tell(self, adapter: Adapter, receipt: Receipt, farewell: Farewell) -> None:
        text = receipt_text(
            receipt,
            farewell,
            catalog=self.catalog,
            default_region=self.default_region,
            audit_days=self.audit_days,
        )
        try:
            for part in split(text, adapter.limit):
                message = Message(text=part, dialog="forget", safety=receipt.case_kept)
                await adapter.send(farewell.address, message)
        except SendRefusedError:
            log.info("A receipt was refused by its platform for good.")
        except SendLaterError as exc:
            await self.erasure.tell_later(receipt.user_id, max(exc.seconds, TAKEN_SECONDS))
            return
        except SendError:
            await self.erasure.tell_later(receipt.user_id, UNKNOWN_SECONDS)
            return
        await self.erasure.told(receipt.user_id)
