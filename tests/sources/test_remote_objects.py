"""Objects of S3 and files of web servers are read as streams, and give the rows of local files."""

from __future__ import annotations

import gzip
import io
import json
import pickle
import random
from collections.abc import Iterator
from pathlib import Path

import boto3
import polars as pl
import pytest
from moto.server import ThreadedMotoServer

from nalssi.sources import plan, read, remote_objects
from nalssi.sources.open_input import open_input, size_of
from nalssi.sources.remote_objects import RemoteError
from tests.sources.range_server import Fault, RangeSite, serve
from tests.sources.sample_sources import TICKER, Record, html, problems, rows, write_warc

PAGES = [Record(f"https://a.example/{n}", html()) for n in range(3)]
DATA = random.Random(1).randbytes(5_000_000)


@pytest.fixture(autouse=True)
def _own_stores() -> Iterator[None]:
    """Stores keep the credentials and the endpoint of the environment."""
    remote_objects._store.cache_clear()
    yield
    remote_objects._store.cache_clear()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A file of each kind, by its path on the server."""
    folder = tmp_path_factory.mktemp("objects")
    write_warc(folder / "a.warc.gz", PAGES)
    write_warc(folder / "b.warc", PAGES, packed=False)
    records = {"text": [TICKER], "url": ["https://a.example/x"]}
    pl.DataFrame(records).write_parquet(folder / "c.parquet")
    lines = (json.dumps({"text": TICKER, "url": f"https://a.example/{n}"}) for n in range(3))
    (folder / "d.jsonl.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
    return {f"/crawl/{path.name}": path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def local(files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same files in a folder."""
    folder = tmp_path_factory.mktemp("local")
    for path, content in files.items():
        (folder / Path(path).name).write_bytes(content)
    return folder


@pytest.fixture
def site(files: dict[str, bytes]) -> Iterator[RangeSite]:
    with serve(RangeSite(dict(files))) as running:
        yield running


@pytest.fixture(scope="module")
def s3(files: dict[str, bytes]) -> Iterator[str]:
    """The endpoint of an S3 server whose bucket `press` has the files and two pages."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        aws_access_key_id="key",
        aws_secret_access_key="secret",
        region_name="us-east-1",
    )
    client.create_bucket(Bucket="press")
    pages = {"/pages/서울.html": html(), "/pages/.hidden.html": html(), "/pages/x/a.png": b"\x89"}
    for path, content in {**files, **pages}.items():
        client.put_object(Bucket="press", Key=path.lstrip("/"), Body=content)
    yield endpoint
    server.stop()


@pytest.fixture
def _s3_environment(s3: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "AWS_ENDPOINT_URL": s3,
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)


def readings(*sources: str) -> list[tuple[object, object]]:
    """Text and address of each document, without the address of a record that has none."""
    return sorted((row["text"], row["uri"]) for row in rows(*sources))


NAMES = ("a.warc.gz", "b.warc", "c.parquet", "d.jsonl.gz")


@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_a_web_server_gives_the_rows_of_the_local_file(
    site: RangeSite, local: Path, name: str
) -> None:
    assert readings(f"{site.url}/crawl/{name}") == readings(str(local / name))
    assert readings(str(local / name))


@pytest.mark.usefixtures("_s3_environment")
@pytest.mark.parametrize("name", NAMES)
def test_an_object_of_s3_gives_the_rows_of_the_local_file(local: Path, name: str) -> None:
    assert readings(f"s3://press/crawl/{name}") == readings(str(local / name))


@pytest.mark.usefixtures("_s3_environment")
def test_a_bucket_a_folder_and_a_pattern_name_their_objects() -> None:
    everything = {file.path for part in plan(["s3://press"]).partitions for file in part.files}
    crawl = {f"s3://press/crawl/{name}" for name in NAMES}
    assert everything == crawl | {"s3://press/pages/서울.html"}  # no hidden file, no picture
    for source, expected in {
        "s3://press/crawl": crawl,
        "s3://press/crawl/": crawl,
        "s3://press/*/*.warc*": {f"s3://press/crawl/{name}" for name in NAMES[:2]},
        "s3://press/**/?.parquet": {"s3://press/crawl/c.parquet"},
    }.items():
        found = plan([source])
        assert {f.path for part in found.partitions for f in part.files} == expected
        assert found.problems == []


@pytest.mark.usefixtures("_s3_environment")
def test_what_s3_does_not_have_is_named() -> None:
    assert problems("s3://press/no.warc.gz") == ["s3://press/no.warc.gz: no such object"]
    assert problems("s3://press/*.pdf") == ["s3://press/*.pdf: nothing matches"]
    assert problems("s3://nobody/") == ["s3://nobody/: no such bucket"]


@pytest.mark.usefixtures("_s3_environment")
def test_a_page_in_s3_has_its_own_address() -> None:
    (row,) = rows("s3://press/pages/서울.html")
    assert row["uri"] == "https://www.uridongne.example/news/1"  # the canonical one


def test_an_address_with_a_password_is_refused_and_not_repeated() -> None:
    with pytest.raises(ValueError, match="user name or a password") as refused:
        plan(["https://me:hunter2@a.example/a.warc.gz"])
    assert "hunter2" not in str(refused.value)


def test_a_list_of_paths_names_sources_relative_to_its_server(site: RangeSite) -> None:
    names = "\n".join(f"crawl/{name}" for name in (*NAMES, "missing.warc.gz"))
    site.files["/lists/warc.paths.gz"] = gzip.compress(names.encode())
    found = plan([f"{site.url}/lists/warc.paths.gz"])
    paths = {file.path for part in found.partitions for file in part.files}
    assert paths == {f"{site.url}/crawl/{name}" for name in NAMES}
    (missing,) = found.problems
    assert str(missing) == f"{site.url}/crawl/missing.warc.gz: no such object"
    assert all(method == "HEAD" for method, path, _ in site.requests if "crawl" in path)


def test_a_local_list_of_paths_is_relative_to_its_folder(local: Path) -> None:
    list_file = local / "some.paths"
    list_file.write_text("a.warc.gz\n# a note\n\nc.parquet\n", "utf-8")
    both = readings(str(local / "a.warc.gz"), str(local / "c.parquet"))
    assert readings(str(list_file)) == both
    list_file.unlink()


def test_the_same_object_has_the_same_fingerprint_until_its_tag_changes(site: RangeSite) -> None:
    source = f"{site.url}/crawl/a.warc.gz"
    before, again = plan([source]), plan([source])
    site.etag = '"other"'
    after = plan([source])
    prints = [each.partitions[0].fingerprint for each in (before, again, after)]
    assert prints[0] == prints[1] != prints[2]


# --- faults -----------------------------------------------------------------------------------


def test_reading_and_seeking_give_the_bytes_of_the_file(site: RangeSite) -> None:
    site.files["/data"] = DATA
    local_file = io.BytesIO(DATA)
    order = random.Random(2)
    with open_input(f"{site.url}/data") as file:
        assert size_of(file) == len(DATA)
        for _ in range(60):
            if order.random() < 0.4:
                to = order.choice([0, order.randrange(len(DATA) + 10), len(DATA) - 3])
                assert file.seek(to) == local_file.seek(to)
            size = order.choice([1, 100, 70_000, 1_500_000])
            assert file.read(size) == local_file.read(size)
            assert file.tell() == local_file.tell()


def test_reading_forward_takes_one_response(site: RangeSite) -> None:
    site.files["/data"] = DATA
    with open_input(f"{site.url}/data") as file:
        while file.read(100_000):
            pass
    assert [method for method, _, _ in site.requests] == ["HEAD", "GET"]


def test_a_broken_connection_is_resumed_where_it_broke(site: RangeSite) -> None:
    site.files["/data"] = DATA
    site.faults = ["cut", "slow down", "cut", "cut", "slow down", "cut"]
    with open_input(f"{site.url}/data") as file:
        assert file.read() == DATA
    ranges = [asked for method, _, asked in site.requests if method == "GET"]
    assert len(ranges) == 7
    starts = [int(str(asked).removeprefix("bytes=").partition("-")[0]) for asked in ranges]
    assert starts == sorted(starts)
    assert starts[-1] > len(DATA) * 0.9


@pytest.mark.parametrize(
    ("faults", "cause"),
    [
        (["expired"] * 4, "access denied (expiredtoken): the credentials are missing"),
        (["no ranges"] * 4, "the server does not serve ranges of it"),
        (["changed"] * 4, "the object changed while it was read"),
        (["cut", "changed", *["changed"] * 20], "the object changed while it was read"),
        (["slow down"] * 99, "the server answered 503 (slowdown)"),
    ],
)
def test_a_lasting_fault_is_named_and_nothing_is_read_as_if_it_were_whole(
    site: RangeSite, faults: list[Fault], cause: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote_objects, "RETRIES", 1)
    source = f"{site.url}/crawl/a.warc.gz"
    planned = plan([source], kind="warc")
    site.faults = faults
    (partition,) = planned.partitions
    batches = list(read(partition))
    (problem,) = [problem for batch in batches for problem in batch.problems]
    assert cause in str(problem)
    assert "secret" not in str(problem)
    assert problem.transient


def test_damaged_content_is_not_taken_for_a_failed_connection(site: RangeSite) -> None:
    path = "/crawl/damaged.parquet"
    buffer = io.BytesIO()
    pl.DataFrame({"text": [f"{TICKER} {n}" for n in range(500)]}).write_parquet(buffer)
    content = bytearray(buffer.getvalue())
    content[100:1000] = bytes(900)
    site.files[path] = bytes(content)
    (problem,) = problems(f"{site.url}{path}")
    assert problem.startswith(f"{site.url}{path}: ")
    assert "connection" not in problem


def test_an_object_that_changed_since_planning_is_not_read(site: RangeSite) -> None:
    for number, name in enumerate(NAMES, 2):
        (partition,) = plan([f"{site.url}/crawl/{name}"]).partitions
        site.etag = f'"{number}"'
        batches = list(read(partition))
        (problem,) = [problem for batch in batches for problem in batch.problems]
        assert str(problem).startswith(f"{site.url}/crawl/{name}: ")
        assert str(problem).endswith("the object changed while it was read")
        assert sum(batch.documents.height for batch in batches) == 0


def test_a_server_that_does_not_answer_is_an_error() -> None:
    with pytest.raises(RemoteError, match="the connection failed"):
        open_input("http://127.0.0.1:1/a.warc.gz")


@pytest.mark.usefixtures("_s3_environment")
def test_a_worker_reads_the_object_itself() -> None:
    (partition,) = plan(["s3://press/crawl/a.warc.gz"]).partitions
    sent = pickle.dumps(partition)
    assert len(sent) < 2_000
    documents = [batch.documents for batch in read(pickle.loads(sent))]  # noqa: S301
    assert pl.concat(documents).height == len(PAGES)
