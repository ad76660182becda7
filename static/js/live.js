// Keeps a page right: one socket, frames in order, and a pull of whatever is missing.
//
// The page says on <body> where to listen (data-live), where to catch up (data-catch-up) and what it has (data-have).
// A frame is {stream, since, seq, now, html}: what changed after `since`, up to `seq`. A heartbeat is {seqs, now}.
// Nothing depends on a frame arriving: a gap, a heartbeat with a higher number, a wake, silence pull what is missing.
// Where sockets are refused, the page polls, and stays as right as with one. All times are milliseconds.

(function () {
  const SILENT = 8000; // heartbeats come every 1.5 s: a socket this silent is dead, though nobody closed it
  const PATIENT = 12000;
  const POLL = 3000;
  const body = document.body;
  const isPhone = body.dataset.live.includes("/phone/");
  const have = {};
  const named = {}; // the highest number heard of, by stream: what is above `have` is missing
  for (const part of (body.dataset.have || "").split(",")) {
    const colon = part.lastIndexOf(":");
    if (colon > 0) have[part.slice(0, colon)] = Number(part.slice(colon + 1));
  }
  let isOut = false;

  function jitter(least, most) {
    return least + Math.random() * (most - least);
  }

  // The word that says how it stands. While notes wait here it says how many.

  let state = "connecting";
  function say(word) {
    const isBack = word === "connected" && state !== word;
    if (word) state = word;
    const sign = document.getElementById("connection");
    const waiting = academy.waiting ? academy.waiting() : 0;
    const sentence = (state === "lost" && academy.plural?.(sign, "waiting", waiting)) || sign.dataset[state];
    if (sign.dataset.state !== state) sign.dataset.state = state;
    if (sign.textContent !== sentence) sign.textContent = sentence;
    if (isBack) document.dispatchEvent(new CustomEvent("academy:connected"));
  }

  // Frames.

  function heard(message) {
    heardAt = performance.now();
    academy.heardTime(message.now, heardAt);
    const seqs = message.seqs || { [message.stream]: message.seq };
    for (const [stream, seq] of Object.entries(seqs)) named[stream] = Math.max(named[stream] ?? -1, seq);
    if (!message.seqs && (message.since ?? message.seq - 1) <= known(message.stream)) apply(message);
    if (isBehind()) pullSoon();
  }

  function known(stream) {
    return have[stream] ?? -1;
  }

  // A frame that changes no number says what ages by itself: who is here, how long it has been silent.
  function apply(frame) {
    const mine = known(frame.stream);
    if (frame.seq < mine || (frame.seq === mine && frame.since !== mine)) return;
    have[frame.stream] = frame.seq;
    academy.place(frame.html);
  }

  function isBehind() {
    return Object.keys(named).some((stream) => known(stream) < named[stream]);
  }

  // Catching up. A phone's POST also says that it is here and how many notes wait on it.

  let pulling = false;
  let pullAgain = false;
  let pullTimer = 0;
  let failed = 0;

  async function pull({ whole = false, post = false } = {}) {
    if (pulling || isOut) {
      pullAgain = true;
      return;
    }
    pulling = true;
    pullAgain = false;
    clearTimeout(pullTimer);
    pullTimer = 0;
    try {
      await fetchMissing(whole, post);
      failed = 0;
    } catch {
      failed += 1;
      if (!isOpen()) say("lost");
    }
    pulling = false;
    if (isOut) return;
    if (failed && !polls) pullSoon(jitter(200, Math.min(5000, 500 * 2 ** failed)));
    else if (pullAgain) pull();
  }

  async function fetchMissing(whole, post) {
    const fields = { have: whole ? "" : Object.entries(have).map((pair) => pair.join(":")).join(",") };
    if (isPhone && post) fields.waiting = academy.holds();
    const answer = post
      ? await academy.post(body.dataset.catchUp, fields)
      : await academy.request(`${body.dataset.catchUp}?${new URLSearchParams(fields)}`, { headers: { Accept: "application/json" } });
    if (answer.status === 404) return out("out");
    if (answer.status !== 200) throw new Error(answer.status);
    const { now, frames } = JSON.parse(answer.text);
    academy.heardTime(now, answer.came, answer.asked);
    if ("waiting" in fields) academy.reported(fields.waiting);
    for (const frame of frames) {
      apply(whole && frame.seq === known(frame.stream) ? { ...frame, since: frame.seq } : frame);
    }
    say("connected");
  }

  // What is missing may be on its way, because publishing may overtake: wait, look again, then pull. The desk's long
  // lists rest up to 0.8 s between drawings.
  const onItsWay = body.classList.contains("desk") ? [1000, 1400] : [200, 400];
  function pullSoon(wait = jitter(...onItsWay)) {
    if (pullTimer) return;
    pullTimer = setTimeout(() => { pullTimer = 0; if (failed || isBehind()) pull(); }, wait);
  }

  // The socket.

  let socket = null;
  let heardAt = 0;
  let fails = 0; // attempts in a row that brought nothing
  let retry = 0;

  function isOpen() {
    return socket !== null && socket.readyState === WebSocket.OPEN;
  }

  function connect() {
    clearTimeout(retry);
    if (isOut || socket) return;
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const mine = new WebSocket(`${scheme}//${location.host}${body.dataset.live}`);
    let brought = false;
    socket = mine;
    heardAt = performance.now();
    mine.onmessage = (event) => {
      if (socket !== mine) return;
      if (state !== "connected") say("connected");
      brought = true;
      fails = 0;
      stopPolling();
      heard(JSON.parse(event.data));
    };
    mine.onclose = (event) => {
      if (socket !== mine) return;
      socket = null;
      if (event.code === 4403 || event.code === 4404) out(event.code === 4403 ? "out" : "nothing");
      else again(brought);
    };
  }

  // After a restart everybody comes back at once: the first try is spread over two seconds, later ones over more.
  function again(brought) {
    if (!brought) fails += 1;
    if (state === "connected" && !polls) say("connecting");
    if (fails >= 2) startPolling();
    const wait = brought ? jitter(0, 2000) : fails < 2 ? jitter(100, 2000) : jitter(10000, 30000);
    clearTimeout(retry);
    retry = setTimeout(connect, wait);
  }

  function drop() {
    const old = socket;
    socket = null;
    if (old) old.close();
  }

  // Polling, as long as sockets bring nothing.

  let polls = false;
  let pollTimer = 0;

  function startPolling() {
    if (polls) return;
    polls = true;
    poll();
  }

  function stopPolling() {
    polls = false;
    clearTimeout(pollTimer);
  }

  async function poll() {
    clearTimeout(pollTimer);
    const couldNot = failed > 0;
    await pull({ post: true });
    // The network is back, or the server: sockets may be, too.
    if (polls && couldNot && !failed && !isOpen()) {
      drop();
      connect();
    }
    clearTimeout(pollTimer);
    if (polls && !isOut) pollTimer = setTimeout(poll, failed ? jitter(500, 5000) : jitter(0.8 * POLL, 1.2 * POLL));
  }

  // Waking up, and finding out that a socket is dead.

  function wake() {
    if (isOut) return;
    if (performance.now() - heardAt > 3000) drop();
    fails = Math.min(fails, 1);
    connect();
    if (polls) poll();
    else pull();
  }

  // The first heartbeat comes at once and says whether anything is missing. Where it does not come, ask.
  function ask(wait = 1500) {
    const since = performance.now();
    setTimeout(() => { if (heardAt <= since || !academy.knowsTime()) pull(); }, wait);
  }

  // A phone that slept: its ticks stood still, or its own clock has moved on without the page's. It wakes by asking.
  let tickedAt = performance.now();
  let walled = Date.now() - tickedAt;
  setInterval(() => {
    const now = performance.now();
    const jumped = Math.abs(Date.now() - now - walled) > 2000;
    const slept = now - tickedAt > 10000;
    walled = Date.now() - now;
    tickedAt = now;
    if (jumped) academy.forgetTime();
    if (jumped || slept) return wake();
    look(now);
    say();
    if (state !== "connected" || pulling) return;
    if (isPhone && !failed && academy.owesReport()) pull({ post: true });
    // A clock that runs needs the way measured anew every two minutes; heartbeats alone do not say how long it takes.
    else if (!academy.knowsTime() && document.querySelector(".clock[data-ends-at]")) pull();
  }, 1000);

  function look(now) {
    const wasOpen = isOpen();
    const silent = socket ? now - heardAt : 0;
    // A new socket over a slow line takes its time; until then, poll.
    if (!wasOpen && silent > 3000) startPolling();
    if (silent > (wasOpen ? SILENT : PATIENT)) {
      drop();
      again(wasOpen);
    }
  }

  // This browser is no longer let in, or there is nothing here: the page says so and does not ask again.
  function out(how) {
    isOut = true;
    drop();
    stopPolling();
    clearTimeout(retry);
    say("out");
    const alert = document.getElementById("alert");
    if (alert && body.classList.contains("phone")) {
      alert.textContent = body.dataset[how] || body.dataset.out;
      alert.hidden = false;
      document.dispatchEvent(new CustomEvent("academy:out"));
    } else {
      location.href = body.dataset.outTo || location.href;
    }
  }

  // The desk says how long a table has been silent: that ages without any news.
  if (body.classList.contains("desk")) setInterval(() => { if (!document.hidden) pull({ whole: true }); }, 60000);

  window.addEventListener("pagehide", (event) => { if (event.persisted) drop(); });
  window.addEventListener("pageshow", (event) => { if (event.persisted) wake(); });
  window.addEventListener("online", wake);
  window.addEventListener("offline", () => say("lost"));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) wake(); });
  document.addEventListener("academy:outbox", () => say());
  // Something of our own was stored. With a socket its frame is on its way; without one, go and see.
  document.addEventListener("academy:pull", () => { if (isOpen()) ask(2500); else pull(); });

  connect();
  ask();
})();
