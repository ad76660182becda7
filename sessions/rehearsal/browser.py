"""A browser of one person: its own cookies, its own connections."""

import asyncio
import random
from http.cookies import SimpleCookie

import aiohttp
from yarl import URL

# Seconds.
PATIENCE = 10
LONGEST_PAUSE = 5

# What a request raises when the network, a proxy or the server fails it; whoever gets it may try again.
FAILURES = (aiohttp.ClientError, asyncio.TimeoutError, OSError)


class NotTaken(Exception):
    """What a person wanted was refused; its text is the sentence they would read."""


class Answer:
    """What came back: the status, the headers, the text, and the path it came from."""

    def __init__(self, status, headers, text, path):
        self.status, self.headers, self.text, self.path = status, headers, text, path


def pause(tries):
    """Return the seconds to wait after so many failures: full jitter, so that a thousand phones do not come at once."""
    return random.uniform(0, min(LONGEST_PAUSE, 0.25 * 2 ** min(tries, 8)))


class Browser:
    """Opens pages, sends forms and opens sockets at one address, which may be a proxy's.

    base: for example http://127.0.0.1:8000; it may be changed while the browser is used (the same host: cookies are
    of a host). behind_tls: speak to a server without its TLS proxy as the proxy would. cut: while True, nothing
    reaches the network. no_sockets: while True, sockets are refused, as some networks do.
    """

    def __init__(self, base, cookies=None, behind_tls=False):
        self.base = base.rstrip("/")
        self.behind_tls = behind_tls
        self.cut = self.no_sockets = False
        # Cookies of an address without a name, like 127.0.0.1, are kept as well.
        secure = URL(self.base) if behind_tls else None
        self._http = aiohttp.ClientSession(
            cookie_jar=aiohttp.CookieJar(unsafe=True, treat_as_secure_origin=secure),
            headers={"X-Forwarded-Proto": "https"} if behind_tls else {},
            connector=aiohttp.TCPConnector(limit=6),
            timeout=aiohttp.ClientTimeout(total=PATIENCE),
        )
        self.give_cookies(cookies or {})

    def cookies(self):
        """Return {name: value} of its cookies here."""
        return {cookie.key: cookie.value for cookie in self._http.cookie_jar}

    def give_cookies(self, cookies):
        """Put cookies, {name: value}, into its jar."""
        for name, value in cookies.items():
            cookie = SimpleCookie({name: value})
            cookie[name]["path"] = "/"
            cookie[name]["secure"] = name.startswith("__Host-")
            self._http.cookie_jar.update_cookies(cookie, URL(self.base))

    async def close(self):
        """Close it, with all its connections."""
        await self._http.close()

    async def get(self, path, **query):
        """Open a page, following redirects that stay on this server; returns an Answer. Raises one of FAILURES."""
        answer = await self._ask("GET", path, params=query)
        for _turn in range(5):
            leads_to = answer.headers.get("Location", "")
            if answer.status // 100 != 3 or not leads_to.startswith("/") or leads_to.startswith("//"):
                break
            answer = await self._ask("GET", leads_to)
        return answer

    async def post(self, path, fields, *, token=""):
        """Send a form, [(name, value)] or a mapping; returns an Answer. Raises one of FAILURES.

        token: the CSRF token of the page it is on; with one, answers are bare sentences as scripts get them.
        """
        fields = list(fields.items()) if isinstance(fields, dict) else list(fields)
        headers = {"Accept": "text/plain", "X-CSRFToken": token} if token else {}
        data = aiohttp.FormData(fields) if fields else None
        return await self._ask("POST", path, data=data, headers=headers)

    @property
    def origin(self):
        """What its pages come from, as the server sees it."""
        return self.base.replace("http://", "https://", 1) if self.behind_tls else self.base

    async def _ask(self, method, path, headers=None, **how):
        self._must_reach()
        headers = {"Origin": self.origin, "Referer": f"{self.origin}/", **(headers or {})}
        url = self.base + path
        async with self._http.request(method, url, headers=headers, allow_redirects=False, **how) as answer:
            return Answer(answer.status, answer.headers, await answer.text(), answer.url.path)

    async def open_socket(self, path):
        """Open a socket with this browser's cookies; returns aiohttp's. Raises one of FAILURES."""
        self._must_reach()
        if self.no_sockets:
            raise aiohttp.ClientConnectionError("sockets are refused here")
        return await self._http.ws_connect(
            self.base.replace("http", "ws", 1) + path,
            origin=self.origin,
            compress=0,
            max_msg_size=0,
            timeout=aiohttp.ClientWSTimeout(ws_close=0.5),
        )

    def _must_reach(self):
        if self.cut:
            raise aiohttp.ClientConnectionError("this browser has no network")
