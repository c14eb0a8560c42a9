"""Vault's transit engine on loopback: encrypts and decrypts over its HTTP API.

`async with vault_api() as peer:` and then `hcvault://{peer.netloc}/transit/keys/evenkeel`, with
`VAULT_ADDR` and `VAULT_TOKEN` in the environment.
"""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from tink import aead, new_keyset_handle

TOKEN = "hvs.TEST-token-of-no-vault"


@dataclass
class VaultPeer:
    """`sealed` refuses everything as a Vault that was not unsealed does; `asked` are the
    operations so far."""

    netloc: str = ""
    sealed: bool = False
    asked: list[str] = field(default_factory=list)
    _keys: dict[str, aead.Aead] = field(default_factory=dict)

    def uri(self, key: str = "evenkeel") -> str:
        return f"hcvault://{self.netloc}/transit/keys/{key}"

    @property
    def environment(self) -> dict[str, str]:
        return {"VAULT_ADDR": f"http://{self.netloc}", "VAULT_TOKEN": TOKEN}

    async def handle(self, request: web.Request) -> web.Response:
        action, name = request.match_info["action"], request.match_info["name"]
        if self.sealed:
            return refusal(503, "Vault is sealed")
        if request.headers.get("X-Vault-Token") != TOKEN:
            return refusal(403, "permission denied")
        self.asked.append(action)
        given = await request.json()
        if action == "encrypt":
            return self._encrypt(name, given)
        return self._decrypt(name, given)

    def _encrypt(self, name: str, given: dict[str, str]) -> web.Response:
        plain = base64.b64decode(given["plaintext"])
        sealed = base64.b64encode(self._key(name).encrypt(plain, b"")).decode()
        return web.json_response({"data": {"ciphertext": f"vault:v1:{sealed}", "key_version": 1}})

    def _decrypt(self, name: str, given: dict[str, str]) -> web.Response:
        version, _, sealed = given["ciphertext"].rpartition(":")
        if version != "vault:v1":
            return refusal(400, "invalid ciphertext: no prefix")
        try:
            plain = self._key(name).decrypt(base64.b64decode(sealed), b"")
        except Exception:
            return refusal(400, "cipher: message authentication failed")
        return web.json_response({"data": {"plaintext": base64.b64encode(plain).decode()}})

    def _key(self, name: str) -> aead.Aead:
        if name not in self._keys:
            aead.register()
            handle = new_keyset_handle(aead.aead_key_templates.AES256_GCM)
            self._keys[name] = handle.primitive(aead.Aead)
        return self._keys[name]


def refusal(status: int, words: str) -> web.Response:
    return web.json_response({"errors": [words]}, status=status)


@asynccontextmanager
async def vault_api() -> AsyncIterator[VaultPeer]:
    peer = VaultPeer()
    app = web.Application()
    app.router.add_route("*", "/v1/transit/{action:encrypt|decrypt}/{name}", peer.handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    [(host, port)] = runner.addresses
    peer.netloc = f"{host}:{port}"
    try:
        yield peer
    finally:
        await runner.cleanup()
