// Keeps a page right: one socket, frames in order, and a pull of whatever is missing.
//
// The page says on <body> where to listen (data-live), where to catch up (data-catch-up) and what it has (data-have).
// A frame is {stream, seq, now, html}: its elements replace those with the same id. A heartbeat is {seqs, now}.
// Nothing depends on a frame arriving: a gap, a heartbeat with a higher number, a wake or a reconnect pulls.

(function () {
  const body = document.body;
  const have = {};
  for (const part of (body.dataset.have || "").split(",")) {
    const colon = part.lastIndexOf(":");
    if (colon > 0) have[part.slice(0, colon)] = Number(part.slice(colon + 1));
  }

  // Server time, by performance.now(): the phone's own clock may be wrong by hours and may jump.
  // The answer with the shortest way there and back is believed.
  let offset = Number(body.dataset.now) - performance.now();
  let bestTrip = Infinity;
  window.serverNow = () => performance.now() + offset;
  function believe(now, trip) {
    if (trip > bestTrip + 5) return;
    bestTrip = trip;
    offset = now + trip / 2 - performance.now();
  }

  function say(word) {
    const sign = document.getElementById("connection");
    if (!sign || sign.dataset.state === word) return;
    sign.dataset.state = word;
    sign.textContent = sign.dataset[word];
  }

  // Frames.

  function apply(frame) {
    const holder = document.createElement("template");
    holder.innerHTML = frame.html;
    for (const element of [...holder.content.children]) place(element);
    have[frame.stream] = Math.max(have[frame.stream] || 0, frame.seq);
    document.dispatchEvent(new CustomEvent("academy:changed"));
  }

  function place(element) {
    const old = element.id && document.getElementById(element.id);
    // A phone that was admitted, moved to another city team or renamed is another page.
    if ("page" in element.dataset && (!old || old.dataset.page !== element.dataset.page)) return location.reload();
    if ("keep" in element.dataset) {
      const into = document.getElementById(element.dataset.into);
      if (!old && into) into.prepend(element);
    } else if ("gone" in element.dataset) {
      if (old) old.remove();
      return;
    } else if (!old && element.dataset.into) {
      const into = document.getElementById(element.dataset.into);
      if (into) insert(into, element);
    } else if (old) {
      keepOpen(old, element);
      const focused = old.contains(document.activeElement) && document.activeElement;
      old.replaceWith(element);
      if (focused) refocus(element, focused);
    }
    if ("mirror" in element.dataset) mirror(element);
    if (window.htmx) window.htmx.process(element);
  }

  // The newest comes first; a list that says how many it holds loses its oldest.
  function insert(into, element) {
    into.prepend(element);
    const items = [...into.children].filter((child) => child.id);
    for (const old of items.slice(Number(into.dataset.most) || Infinity)) old.remove();
  }

  function keepOpen(old, fresh) {
    const opened = old.querySelectorAll("details");
    fresh.querySelectorAll("details").forEach((details, i) => {
      if (opened[i]) details.open = opened[i].open;
    });
  }

  function refocus(element, focused) {
    const same = [...element.querySelectorAll("button, a[href], summary")].find(
      (other) => other.textContent.trim() === focused.textContent.trim() && other.name === focused.name,
    );
    if (same) same.focus({ preventScroll: true });
  }

  function mirror(element) {
    body.dataset.step = element.dataset.step || "";
    if ("breakout" in element.dataset) body.dataset.breakout = element.dataset.breakout;
  }

  // Catching up.

  let pulling = false;
  let pullAgain = false;
  let gapTimer = 0;

  // whole: everything anew, also what has not changed since.
  async function pull(whole) {
    if (pulling) {
      pullAgain = true;
      return;
    }
    pulling = true;
    pullAgain = false;
    const left = performance.now();
    try {
      const text = whole === true ? "" : Object.entries(have).map(([stream, seq]) => `${stream}:${seq}`).join(",");
      const answer = await fetch(`${body.dataset.catchUp}?have=${encodeURIComponent(text)}`, {
        headers: { Accept: "application/json" },
        signal: AbortSignal.timeout ? AbortSignal.timeout(10000) : undefined,
      });
      if (answer.status === 404) return out();
      if (answer.ok) {
        const { now, frames } = await answer.json();
        believe(now, performance.now() - left);
        for (const frame of frames) if (!(have[frame.stream] > frame.seq)) apply(frame);
        say("connected");
      }
    } catch {
      if (!socket || socket.readyState !== WebSocket.OPEN) say("lost");
    } finally {
      pulling = false;
      if (pullAgain) pull();
    }
  }

  function pullSoon() {
    // Publishing may overtake: what is missing may be on its way.
    if (!gapTimer) gapTimer = setTimeout(() => { gapTimer = 0; pull(); }, 200 + Math.random() * 200);
  }

  function heard(message) {
    heardAt = performance.now();
    if (message.seqs) {
      if (Object.entries(message.seqs).some(([stream, seq]) => (have[stream] ?? -1) < seq)) pullSoon();
      return;
    }
    const mine = have[message.stream] || 0;
    if (message.since > mine) pullSoon();
    else if (message.seq > mine || (message.seq === mine && message.since === mine)) apply(message);
  }

  // The socket.

  let socket = null;
  let heardAt = 0;
  let tries = 0;
  let retry = 0;
  let isOut = false;

  function connect() {
    clearTimeout(retry);
    if (isOut || (socket && socket.readyState <= WebSocket.OPEN)) return;
    if (tries) say("connecting");
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const mine = new WebSocket(`${scheme}//${location.host}${body.dataset.live}`);
    socket = mine;
    heardAt = performance.now();
    mine.onopen = () => { say("connected"); };
    mine.onmessage = (event) => { tries = 0; heard(JSON.parse(event.data)); };
    mine.onclose = (event) => {
      if (socket !== mine) return;
      socket = null;
      if (event.code >= 4400 && event.code < 4500) return out();
      again();
    };
  }

  function again() {
    tries += 1;
    if (tries > 1) say("lost");
    const cap = Math.min(5000, 500 * 2 ** Math.min(tries, 6));
    retry = setTimeout(() => { connect(); if (tries > 2) pull(); }, Math.random() * cap + 100);
  }

  function drop() {
    const old = socket;
    socket = null;
    if (old) old.close();
  }

  function wake() {
    if (isOut) return;
    if (socket && performance.now() - heardAt > 6000) drop();
    tries = 0;
    connect();
    pull();
  }

  // This browser is no longer let in: what is typed stays on the page, and the page says why nothing moves.
  function out() {
    isOut = true;
    drop();
    say("lost");
    const alert = document.getElementById("alert");
    if (alert && body.classList.contains("phone")) {
      alert.textContent = body.dataset.out;
      alert.hidden = false;
    } else {
      location.href = body.dataset.outTo || location.href;
    }
  }

  // A half-open socket says nothing: no heartbeat for 12 seconds is a dead one. A clock that jumped was asleep.
  let tickedAt = performance.now();
  setInterval(() => {
    const now = performance.now();
    const slept = now - tickedAt > 10000;
    tickedAt = now;
    if (slept) return wake();
    if (socket && socket.readyState === WebSocket.OPEN && now - heardAt > 12000) {
      drop();
      again();
    }
  }, 2000);

  // The desk says how long a table has been silent: that ages without any news.
  if (body.classList.contains("desk")) setInterval(() => { if (!isOut && !document.hidden) pull(true); }, 60000);

  window.addEventListener("pageshow", (event) => { if (event.persisted) wake(); });
  window.addEventListener("online", wake);
  window.addEventListener("offline", () => say("lost"));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) wake(); });
  document.addEventListener("academy:pull", () => pull());

  document.querySelectorAll("[data-mirror]").forEach(mirror);
  connect();
  pull();
})();
