// Opens a phone's page without a network once it was open before. It keeps the last good page of each session and the
// files it needs, nothing else: commands, catch-ups and sockets pass it by.

const PAGES = "academy-pages";
const STATIC = "academy-static";
const PATIENCE = 4000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" && /^\/p\/[^/]+\/$/.test(pathname)) event.respondWith(page(event, pathname));
  // A hashed name never means another content.
  else if (/\.[0-9a-f]{12}\.\w+$/.test(pathname)) event.respondWith(file(request));
});

async function page(event, pathname) {
  const cache = await caches.open(PAGES);
  const fresh = fetch(event.request).then(async (answer) => {
    if (answer.ok && !answer.redirected) await cache.put(pathname, answer.clone());
    return answer;
  });
  event.waitUntil(fresh.catch(() => {}));
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  const answer = await Promise.race([fresh.catch(() => null), late]);
  // A server that is not well is no better than none.
  if (answer && answer.status < 500) return answer;
  return (await cache.match(pathname)) || fresh;
}

async function file(request) {
  const cache = await caches.open(STATIC);
  const kept = await cache.match(request.url);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request.url, answer.clone());
  return answer;
}
