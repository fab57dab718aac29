"""What a test or a demonstration in another process tells the fake to do, over HTTP."""

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.zalo.fake.acts import Acts
from bot.zalo.fake.faults import Fault, Faults
from bot.zalo.fake.hooks import Hooks
from bot.zalo.fake.tokens import Tokens
from bot.zalo.fake.world import World

ACTS = frozenset(
    (
        *("follow", "unfollow", "opens_chat", "says", "sends", "taps", "shares_info", "reacts"),
        *("sees", "withdraws", "console_says", "unknown"),
    )
)


class Control:
    """POST /control/<verb> with its arguments as a JSON object."""

    def __init__(
        self, world: World, acts: Acts, faults: Faults, hooks: Hooks, tokens: Tokens
    ) -> None:
        self._world = world
        self._acts = acts
        self._faults = faults
        self._hooks = hooks
        self._tokens = tokens

    async def answer(self, request: Request, verb: str) -> Response:
        """What the verb returns, as `{result}`; 404 when there is no such verb."""
        body = await request.body()
        given = json.loads(body) if body else {}
        if verb in ACTS:
            return JSONResponse({"result": getattr(self._acts, verb)(**given)})
        own = getattr(self, f"_{verb}", None)
        if own is None:
            return Response(status_code=404)
        return JSONResponse({"result": own(**given)})

    def _meet(self, user_id: str, **fields: Any) -> None:
        self._acts.meet(user_id, **fields)

    def _fail(self, times: int = 1, **fault: Any) -> None:
        self._faults.add(Fault(**fault), times)

    def _heal(self) -> None:
        self._faults.clear()

    def _post_to(self, url: str) -> None:
        """The console's Webhook page: a fresh address is subscribed again."""
        self._hooks.url = url
        self._hooks.subscribed = True

    def _revoke(self) -> None:
        self._tokens.revoke()

    def _issue(self) -> list[str]:
        """The console's API Explorer: a fresh pair, by hand."""
        return [*self._tokens.issue()]

    def _spent(self) -> dict[str, int]:
        return dict(self._tokens.spent)

    def _taken(self, user_id: str = "") -> list[dict[str, Any]]:
        return [
            {"message_id": one.message_id, "user_id": one.user_id, "message": one.body}
            for one in self._world.taken()
            if user_id in ("", one.user_id)
        ]

    def _hooked(self) -> dict[str, Any]:
        return {
            "answered": self._hooks.answered,
            "waiting": len(self._hooks.waiting),
            "subscribed": self._hooks.subscribed,
        }
