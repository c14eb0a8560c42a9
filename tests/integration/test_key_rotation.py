"""Keys are replaced while workers run: whatever was sealed opens, and nobody waits."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from storage.encryption import MOST_REREADS, UserKey, Vault
from storage.errors import KeyErasedError, SealBrokenError, StorageConfigurationError
from storage.keys.access import KeyPlace, vault_over
from storage.keys.copies import copy_keys, read_copy
from storage.keys.keysets import key_id_of, wrapped_by
from storage.keys.master_rotation import rotate_master
from storage.keys.restore import Restored, restore_keys
from storage.keys.rotation import Rotated, RotationOvertakenError, rotate_wrapping
from storage.keys.status import key_status
from storage.keys.store import KeyStore
from tests.databases import Cluster
from tests.processes import as_url

ROW = UUID("01900000-0000-7000-8000-000000000001")


@pytest.fixture(params=["file", "server"])
def place(request: pytest.FixtureRequest, cluster: Cluster, tmp_path: Path) -> Iterator[KeyPlace]:
    """Both kinds of key store, with a master key in a file."""
    if request.param == "file":
        yield KeyPlace(master_key=None, data_dir=tmp_path, key_store_url=None)
        return
    with cluster.empty_database() as name:
        url = as_url(cluster.admin_url(name))
        yield KeyPlace(master_key=None, data_dir=tmp_path, key_store_url=url)


@pytest.fixture
async def vault(place: KeyPlace) -> AsyncIterator[Vault]:
    opened = await open_vault(place)
    yield opened
    await opened.close()


@pytest.fixture
async def store(place: KeyPlace, vault: Vault) -> AsyncIterator[KeyStore]:
    async with place.store() as opened:
        yield opened


async def open_vault(place: KeyPlace) -> Vault:
    return await Vault.open(
        master_key=place.master_key, data_dir=place.data_dir, key_store_url=place.key_store_url
    )


def seal(key: UserKey, text: str) -> bytes:
    return key.seal("messages", "content", ROW, text)


def reads(key: UserKey, sealed: bytes) -> str:
    return key.open_text("messages", "content", ROW, sealed)


async def rotate(place: KeyPlace, store: KeyStore, *, new_keys: bool = False) -> Rotated:
    return await rotate_wrapping(store, await place.master(), new_keys=new_keys)


@pytest.mark.parametrize("new_keys", [False, True])
async def test_old_and_new_workers_read_each_other_through_a_rotation(
    place: KeyPlace, vault: Vault, store: KeyStore, new_keys: bool
) -> None:
    user = uuid4()
    held = await vault.new_user_key(user)
    before = seal(held, "before")
    assert (await rotate(place, store, new_keys=new_keys)).people == 1
    newcomer = await open_vault(place)
    fresh = await newcomer.user_key(user)
    after = seal(fresh, "after")
    assert reads(fresh, before) == "before"
    assert reads(held, after) == "after", "the key was open in the old worker all along"
    assert reads(fresh, seal(held, "from the old worker")) == "from the old worker"
    assert (key_id_of(after) != key_id_of(before)) is new_keys
    await newcomer.close()


async def test_a_worker_from_before_opens_keys_it_had_not_open(
    place: KeyPlace, vault: Vault, store: KeyStore
) -> None:
    user = uuid4()
    other = await open_vault(place)
    sealed = seal(await other.new_user_key(user), "hello")
    await other.close()
    await rotate(place, store)
    assert reads(await vault.user_key(user), sealed) == "hello"


async def test_who_signs_up_with_a_worker_from_before_is_not_left_under_the_old_key(
    place: KeyPlace, vault: Vault, store: KeyStore
) -> None:
    await rotate(place, store)
    user = uuid4()
    sealed = seal(await vault.new_user_key(user), "hello")
    stored = await store.user_key(user)
    [wrapping] = [key for key in (await key_status(store)).deployment if key.name == "wrapping"]
    assert stored is not None
    assert stored.wrapped is not None
    assert wrapped_by(stored.wrapped) == wrapping.id
    await rotate(place, store)
    newcomer = await open_vault(place)
    assert reads(await newcomer.user_key(user), sealed) == "hello"
    await newcomer.close()


async def test_lookups_and_fingerprints_outlive_every_rotation(
    place: KeyPlace, vault: Vault, store: KeyStore
) -> None:
    found = vault.lookup("identity", "7"), vault.fingerprint("update:7")
    await rotate(place, store, new_keys=True)
    await rotate_master(store, configured=None, data_dir=place.data_dir, new="file")
    newcomer = await open_vault(place)
    assert (newcomer.lookup("identity", "7"), newcomer.fingerprint("update:7")) == found
    await newcomer.close()


async def test_the_erased_stay_erased_and_are_not_counted(
    place: KeyPlace, vault: Vault, store: KeyStore
) -> None:
    gone, here = uuid4(), uuid4()
    for user in (gone, here):
        await vault.new_user_key(user)
    await vault.erase_user_key(gone)
    assert (await rotate(place, store, new_keys=True)).people == 1
    with pytest.raises(KeyErasedError):
        await vault.user_key(gone)
    status = await key_status(store)
    assert (status.people, status.erased, status.unfinished) == (1, 1, False)


async def test_broken_seals_do_not_become_load_on_the_key_store(
    place: KeyPlace, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = await vault.new_user_key(uuid4())
    asked = 0
    real = KeyStore.user_key_now

    def counted(store: KeyStore, user_id: UUID) -> object:
        nonlocal asked
        asked += 1
        return real(store, user_id)

    monkeypatch.setattr(KeyStore, "user_key_now", counted)
    good = seal(key, "hello")
    broken = [good[:-1] + b"?", b"", b"short", b"\x00" + good[1:]]
    strangers = [b"\x01" + number.to_bytes(4, "big") + good[5:] for number in range(1, 50)]
    for sealed in (*broken, *strangers, *strangers):
        with pytest.raises(SealBrokenError):
            reads(key, sealed)
    assert asked <= MOST_REREADS
    assert reads(key, good) == "hello"


class CutShortError(Exception):
    """Stands for the moment in which the process was killed."""


@contextmanager
def cut_short_after(writes: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The process dies before its next write to the key store."""
    real, left = KeyStore.write_now, iter(range(writes))

    def write(store: KeyStore, work: object) -> object:
        if next(left, None) is None:
            raise CutShortError
        return real(store, work)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(KeyStore, "write_now", write)
        yield


@pytest.mark.parametrize("new_keys", [False, True])
@pytest.mark.parametrize("writes", range(4))
async def test_a_rotation_cut_short_leaves_all_openable_and_the_next_finishes_it(
    place: KeyPlace,
    vault: Vault,
    store: KeyStore,
    monkeypatch: pytest.MonkeyPatch,
    new_keys: bool,
    writes: int,
) -> None:
    monkeypatch.setattr("storage.keys.rotation.PAGE", 2)
    users = [uuid4() for _ in range(4)]
    sealed = {user: seal(await vault.new_user_key(user), str(user)) for user in users}
    with cut_short_after(writes, monkeypatch), pytest.raises(CutShortError):
        await rotate(place, store, new_keys=new_keys)
    assert (await key_status(store)).unfinished is (writes > 0)
    await everybody_reads(place, sealed)
    rotated = await rotate(place, store, new_keys=new_keys)
    assert rotated == Rotated(people=4, unopened=0, resumed=writes > 0)
    assert not (await key_status(store)).unfinished
    await everybody_reads(place, sealed)


async def everybody_reads(place: KeyPlace, sealed: dict[UUID, bytes]) -> None:
    newcomer = await open_vault(place)
    for user, text in sealed.items():
        assert reads(await newcomer.user_key(user), text) == str(user)
    await newcomer.close()


async def test_two_rotations_at_once_lose_nobody(
    place: KeyPlace, vault: Vault, store: KeyStore
) -> None:
    users = [uuid4() for _ in range(30)]
    sealed = {user: seal(await vault.new_user_key(user), str(user)) for user in users}
    both = await asyncio.gather(
        *(rotate(place, store, new_keys=True) for _ in range(3)), return_exceptions=True
    )
    assert all(isinstance(each, Rotated | RotationOvertakenError) for each in both)
    await everybody_reads(place, sealed)
    await rotate(place, store)
    await everybody_reads(place, sealed)


async def test_a_key_that_does_not_open_is_left_and_holds_the_old_wrapping_key(
    place: KeyPlace, vault: Vault, store: KeyStore
) -> None:
    good, bad = uuid4(), uuid4()
    sealed = seal(await vault.new_user_key(good), str(good))
    await store.add_user_key(bad, b"what no key wrapped")
    assert await rotate(place, store) == Rotated(people=1, unopened=1, resumed=False)
    assert (await key_status(store)).unfinished
    await everybody_reads(place, {good: sealed})


async def test_the_master_key_moves_from_the_file_to_a_keyset_and_back(
    place: KeyPlace, vault: Vault, store: KeyStore, other_keyset: str
) -> None:
    user = uuid4()
    sealed = {user: seal(await vault.new_user_key(user), str(user))}
    data_dir = place.data_dir
    for _ in range(2):  # a second run finds it done
        await rotate_master(store, configured=None, data_dir=data_dir, new=other_keyset)
    with pytest.raises(StorageConfigurationError, match="does not open this key store"):
        await open_vault(place)
    moved = KeyPlace(master_key=other_keyset, data_dir=data_dir, key_store_url=place.key_store_url)
    await everybody_reads(moved, sealed)
    with pytest.raises(StorageConfigurationError, match="Move the file away"):
        await rotate_master(store, configured=other_keyset, data_dir=data_dir, new="file")
    (data_dir / "master.key").unlink()
    await rotate_master(store, configured=other_keyset, data_dir=data_dir, new="file")
    await everybody_reads(place, sealed)
    with pytest.raises(StorageConfigurationError, match="does not open this key store"):
        await open_vault(moved)


@pytest.mark.parametrize("step", range(3))
async def test_a_new_key_in_the_file_can_be_cut_short_anywhere(
    place: KeyPlace,
    vault: Vault,
    store: KeyStore,
    monkeypatch: pytest.MonkeyPatch,
    step: int,
) -> None:
    user = uuid4()
    sealed = {user: seal(await vault.new_user_key(user), str(user))}
    path = place.data_dir / "master.key"
    old = path.read_text()
    with monkeypatch.context() as patched:
        steps = iter(range(step))
        for name in ("write_file", "_wrap_anew"):
            patched.setattr(f"storage.keys.master_rotation.{name}", dying(name, steps))
        with pytest.raises(CutShortError):
            await rotate_master(store, configured=None, data_dir=place.data_dir, new="file")
    await everybody_reads(place, sealed)
    await rotate_master(store, configured=None, data_dir=place.data_dir, new="file")
    await everybody_reads(place, sealed)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text() != old
    path.write_text(old)
    with pytest.raises(StorageConfigurationError, match="does not open this key store"):
        await open_vault(place)


def dying(name: str, steps: Iterator[int]) -> object:
    import storage.keys.master_rotation

    real = getattr(storage.keys.master_rotation, name)

    def call(*args: object, **more: object) -> None:
        if next(steps, None) is None:
            raise CutShortError
        real(*args, **more)

    return call


@pytest.fixture
def other_keyset() -> str:
    from storage.keys.master import new_handle

    return keyset_text(new_handle())


def keyset_text(handle: object) -> str:
    from tink import json_proto_keyset_format, secret_key_access

    return str(json_proto_keyset_format.serialize(handle, secret_key_access.TOKEN))


async def test_a_copy_brings_a_lost_store_back(
    place: KeyPlace, vault: Vault, store: KeyStore, tmp_path: Path
) -> None:
    users = [uuid4() for _ in range(3)]
    sealed = {user: seal(await vault.new_user_key(user), str(user)) for user in users}
    found = vault.lookup("identity", "7")
    gone = uuid4()
    await vault.new_user_key(gone)
    await vault.erase_user_key(gone)
    path = tmp_path / "copy"
    copied = await copy_keys(store, path)
    assert (copied.people, copied.erased) == (3, 1)
    assert path.stat().st_mode & 0o777 == 0o600
    new = await anew(place, tmp_path)
    restored = await bring_back(new, path)
    assert restored == Restored(added=3, erased=1)
    await everybody_reads(new, sealed)
    newcomer = await open_vault(new)
    assert newcomer.lookup("identity", "7") == found
    with pytest.raises(KeyErasedError):
        await newcomer.user_key(gone)
    await newcomer.close()


async def anew(place: KeyPlace, tmp_path: Path) -> KeyPlace:
    """Another machine, which has the master key and nothing else."""
    new = KeyPlace(master_key=None, data_dir=tmp_path / "another", key_store_url=None)
    new.data_dir.mkdir()
    key = new.data_dir / "master.key"
    key.touch(0o600)
    key.write_text((place.data_dir / "master.key").read_text())
    return new


async def bring_back(place: KeyPlace, path: Path) -> Restored:
    async with place.store() as store:
        return await restore_keys(store, await place.master(), read_copy(path))


async def test_nobody_is_resurrected_whichever_side_erased_them(
    place: KeyPlace, vault: Vault, store: KeyStore, tmp_path: Path
) -> None:
    since, before, here = uuid4(), uuid4(), uuid4()
    for user in (since, before, here):
        await vault.new_user_key(user)
    old, new = tmp_path / "old", tmp_path / "newer"
    await copy_keys(store, old)
    await vault.erase_user_key(before)
    await copy_keys(store, new)
    await vault.erase_user_key(since)
    assert await bring_back(place, old) == Restored()
    machine = await anew(place, tmp_path)
    await bring_back(machine, old)
    assert await bring_back(machine, new) == Restored(erased=1)
    for where, gone in ((place, (since, before)), (machine, (before,))):
        newcomer = await open_vault(where)
        await newcomer.user_key(here)
        for user in gone:
            with pytest.raises(KeyErasedError):
                await newcomer.user_key(user)
        await newcomer.close()


async def test_a_copy_from_before_a_rotation_adds_what_was_lost_and_keeps_what_is_new(
    place: KeyPlace, vault: Vault, store: KeyStore, tmp_path: Path
) -> None:
    kept, lost = uuid4(), uuid4()
    sealed = {user: seal(await vault.new_user_key(user), str(user)) for user in (kept, lost)}
    await copy_keys(store, tmp_path / "copy")
    await rotate(place, store, new_keys=True)
    newcomer = await open_vault(place)
    later = seal(await newcomer.user_key(kept), "later")
    await newcomer.drop_user_key(lost)
    assert await bring_back(place, tmp_path / "copy") == Restored(added=1)
    await everybody_reads(place, sealed)
    assert reads(await newcomer.user_key(kept), later) == "later"
    await newcomer.close()


async def test_a_store_set_back_gets_the_keys_that_were_made_since(
    place: KeyPlace, vault: Vault, store: KeyStore, tmp_path: Path
) -> None:
    user = uuid4()
    before = seal(await vault.new_user_key(user), str(user))
    await copy_keys(store, tmp_path / "old")
    await rotate(place, store, new_keys=True)
    newcomer = await open_vault(place)
    after = seal(await newcomer.user_key(user), str(user))
    await newcomer.close()
    await copy_keys(store, tmp_path / "new")
    machine = await anew(place, tmp_path)
    await bring_back(machine, tmp_path / "old")
    assert await bring_back(machine, tmp_path / "new") == Restored(completed=1)
    for sealed in (before, after):
        await everybody_reads(machine, {user: sealed})


async def test_a_copy_of_another_deployment_is_refused(
    place: KeyPlace, vault: Vault, store: KeyStore, tmp_path: Path
) -> None:
    stranger = KeyPlace(master_key=None, data_dir=tmp_path / "other", key_store_url=None)
    await (await open_vault(stranger)).close()
    async with stranger.store() as theirs:
        await copy_keys(theirs, tmp_path / "copy")
    with pytest.raises(StorageConfigurationError, match="master key does not open this copy"):
        await bring_back(place, tmp_path / "copy")
    key = place.data_dir / "master.key"
    key.write_text((stranger.data_dir / "master.key").read_text())
    async with stranger.store() as theirs:
        await vault.new_user_key(uuid4())
        with pytest.raises(StorageConfigurationError, match="master key does not open this copy"):
            await copy_keys(store, tmp_path / "ours")
            await restore_keys(theirs, await place.master(), read_copy(tmp_path / "ours"))


@pytest.mark.parametrize("damage", ["truncated", "text", "empty", "altered", "newer", "folder"])
async def test_what_is_no_whole_copy_changes_nothing(
    place: KeyPlace, vault: Vault, store: KeyStore, tmp_path: Path, damage: str
) -> None:
    for _ in range(60):
        await vault.new_user_key(uuid4())
    path = tmp_path / "copy"
    await copy_keys(store, path)
    spoil(path, damage)
    with pytest.raises(StorageConfigurationError, match=r"whole copy|newer version|no copy"):
        await bring_back(place, path)
    assert (await key_status(store)).people == 60


def spoil(path: Path, damage: str) -> None:
    whole = path.read_bytes()
    if damage == "truncated":
        path.write_bytes(whole[: len(whole) // 2])
    elif damage == "text":
        path.write_text("these are no keys at all " * 200)
    elif damage == "empty":
        path.write_bytes(b"")
    elif damage == "altered":
        path.write_bytes(whole[:4096] + b"\xff" * 600 + whole[4696:])
    elif damage == "newer":
        with closing(sqlite3.connect(path, isolation_level=None)) as copy:
            copy.execute("UPDATE key_store_format SET version = 99")
    else:
        path.unlink()
        path.mkdir()


async def test_a_copy_is_not_written_over_a_file_nor_left_half(
    vault: Vault, store: KeyStore, tmp_path: Path
) -> None:
    (tmp_path / "copy").write_text("mine")
    with pytest.raises(StorageConfigurationError, match="exists already"):
        await copy_keys(store, tmp_path / "copy")
    with pytest.raises(StorageConfigurationError, match="cannot be written"):
        await copy_keys(store, tmp_path / "nowhere" / "copy")
    assert (tmp_path / "copy").read_text() == "mine"
    assert not list(tmp_path.glob(".keys-*"))


async def test_a_copy_of_a_store_that_fails_leaves_nothing(
    vault: Vault, store: KeyStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(connection: sa.Connection) -> None:
        raise CutShortError

    monkeypatch.setattr("storage.keys.copies._copy_rows", lambda source, target: fail(source))
    with pytest.raises(CutShortError):
        await copy_keys(store, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()
    assert not list(tmp_path.glob(".keys-*"))


async def test_the_same_keys_open_over_the_store_and_its_master(
    place: KeyPlace, vault: Vault, store: KeyStore
) -> None:
    over = await vault_over(store, await place.master())
    assert over.fingerprint("x") == vault.fingerprint("x")
