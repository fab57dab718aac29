"""What machines ask."""

from bot.store import Store
from tests.web.assembly import site
from tests.web.browser import browser


async def test_alive_ready_and_counted(sqlite_store: Store) -> None:
    problems: list[str] = []

    async def ready() -> list[str]:
        return problems

    place = await site(sqlite_store, ready=ready)
    async with browser(place.app) as page:
        assert (await page.get("/healthz")).json() == {"alive": True, "instance": ""}
        again = await page.get("/healthz?nonce=0123456789abcdef")
        assert again.json() == {"alive": True, "instance": "", "nonce": "0123456789abcdef"}
        assert again.headers["cache-control"] == "no-store"
        assert "nonce" not in (await page.get("/healthz?nonce=<script>")).json()
        well = await page.get("/readyz")
        assert (well.status_code, well.json()) == (200, {"ready": True, "problems": []})

        problems.append("the database does not answer")
        ill = await page.get("/readyz")
        assert (ill.status_code, ill.json()) == (503, {"ready": False, "problems": problems})
        assert (await page.get("/healthz")).status_code == 200

        counted = await page.get("/metrics")
        assert counted.headers["content-type"].startswith("text/plain; version=")
        assert "# TYPE python_info gauge" in counted.text
    await place.channel.close()
