// Keeps every note, edit, deletion and mark of this phone until the server has acknowledged it, and sends them in order.
//
// A command is stored before it is sent, under an id of its own: sending it twice is sending it once. What the server
// refuses is parked with its sentence, for its writer to change or discard. Other files read academy.outbox and hear
// "academy:outbox" whenever something in it has changed.

(function () {
  const { slug = location.pathname.split("/")[2], team, out: isHere } = document.body.dataset;
  // A page that does not say what to say to a phone that is out is for one that is out already.
  const outbox = academy.outbox = { items: [], acked: [], isOut: isHere === undefined, isLoose: () => false };
  const ready = academy.openStore(slug).then((opened) => {
    outbox.isLoose = opened.isLoose;
    return opened;
  });

  const done = new Set(); // acknowledged, also where it could not be taken out of the store

  function changed() {
    document.dispatchEvent(new CustomEvent("academy:outbox"));
  }

  async function refresh() {
    outbox.items = (await (await ready).all()).filter((item) => !done.has(item.uuid));
    for (const item of outbox.items) if (!seen.has(item.uuid)) seen.set(item.uuid, performance.now());
    changed();
  }

  async function store(item) {
    await (await ready).put(item);
    await refresh();
    tell();
  }

  async function remove(item) {
    await (await ready).remove(item.n);
    await refresh();
    tell();
  }

  // kind: "note", "edit", "delete" or "mark". told: what the page shows of it while it waits: {note, breakout, text, terms}.
  outbox.put = async function (kind, address, fields, told = {}) {
    const uuid = academy.uuid();
    await store({ uuid, kind, address, fields: [["uuid", uuid], ...fields], team, ...told });
    send();
  };

  outbox.discard = remove;

  outbox.clear = async () => (await ready).clear();

  // Sending, one at a time.

  let sending = false;
  let sendAgain = false;
  let timer = 0;
  let fails = 0;
  let notBefore = 0;

  async function send() {
    clearTimeout(timer);
    sendAgain = true;
    if (sending) return;
    sending = true;
    let wait = 0;
    while (sendAgain && !wait) wait = await sendFirst().catch(() => backOff());
    sending = false;
    if (wait) timer = setTimeout(send, wait);
  }

  async function sendFirst() {
    sendAgain = false;
    await refresh();
    const item = outbox.items.find((each) => !each.parked);
    if (!item || outbox.isOut) return 0;
    sendAgain = true;
    return item.team === team ? attempt(item) : park(item, document.body.dataset.otherTeam);
  }

  // Returns how long to wait before the next, in milliseconds.
  async function attempt(item) {
    if (notBefore > performance.now()) return notBefore - performance.now();
    let answer;
    try {
      answer = await academy.post(item.address, item.fields);
    } catch {
      return backOff();
    }
    if (answer.status === 204) return acknowledged(item);
    if (answer.status === 429) return slowDown(answer);
    if (answer.status === 404 && await isStranger()) return out();
    // No answer, a network's own page, a token that did not get fresh, a server that is not well: it stays in line.
    if ([0, 403, 408].includes(answer.status) || answer.status < 400 || answer.status >= 500) return backOff(seconds(answer));
    return park(item, answer.text);
  }

  function seconds(answer) {
    return Number(answer.headers.get("Retry-After")) || 0;
  }

  function slowDown(answer) {
    const wait = 1000 * seconds(answer) + Math.random() * 1000;
    notBefore = performance.now() + wait;
    return wait;
  }

  function backOff(least = 0) {
    fails += 1;
    return Math.max(100, 1000 * least, Math.random() * Math.min(15000, 500 * 2 ** fails));
  }

  async function acknowledged(item) {
    fails = 0;
    done.add(item.uuid);
    outbox.acked.push({ ...item, at: performance.now() });
    await remove(item);
    document.dispatchEvent(new CustomEvent("academy:pull"));
    return 0;
  }

  // What was refused waits for its writer, and does not hold up the rest; changes to a note that was refused are part of it.
  async function park(item, sentence) {
    const later = outbox.items.filter((other) => other.note === item.uuid);
    for (const { n } of later) await (await ready).remove(n);
    await store({ ...outbox.latest(item), parked: true, sentence });
    return 0;
  }

  // A note that waits, with what was changed in it since.
  outbox.latest = function (item) {
    const edit = [...outbox.acked, ...outbox.items].filter((other) => other.kind === "edit" && other.note === item.uuid).pop();
    return edit ? { ...item, text: edit.text, terms: edit.terms, labels: edit.labels } : item;
  };

  async function isStranger() {
    try {
      return (await academy.request(document.body.dataset.catchUp, { headers: { Accept: "application/json" } })).status === 404;
    } catch {
      return false;
    }
  }

  function out() {
    outbox.isOut = true;
    changed();
    return 0;
  }

  // A phone that is out offers what it still holds; the facilitator decides. Returns {number, sentence of a refusal}.
  outbox.handIn = async function (address) {
    let number = 0;
    const written = outbox.items.filter((item) => item.text && !outbox.items.some((other) => other.uuid === item.note));
    for (const item of written) {
      const { uuid, breakout, text, terms } = outbox.latest(item);
      const fields = [["uuid", uuid], ["breakout", breakout], ["text", text], ...terms.map((term) => ["terms", term])];
      const answer = await patiently(address, fields);
      if (answer.status !== 202 && answer.status !== 204) return { number, sentence: answer.text || "" };
      for (const other of outbox.items) if (other === item || other.note === uuid) await (await ready).remove(other.n);
      number += 1;
      await refresh();
    }
    return { number, sentence: null };
  };

  async function patiently(address, fields) {
    const answer = await academy.post(address, fields).catch(() => ({ status: 0 }));
    if (answer.status !== 429) return answer;
    await new Promise((resolve) => setTimeout(resolve, slowDown(answer)));
    return patiently(address, fields);
  }

  // How many notes wait: for the word that says how it stands, and for the desk, which lists phones that still hold some.

  const seen = new Map();
  const reportedAs = `academy-reported-${slug}`;
  let reported = 0;
  try { reported = Number(localStorage.getItem(reportedAs)) || 0; } catch { /* then the desk hears of it again */ }

  const isWritten = (item) => item.kind !== "mark";

  // What is refused does not wait for a connection, but its writer still holds it.
  academy.waiting = () => outbox.items.filter((item) => isWritten(item) && !item.parked).length;

  academy.holds = function () {
    const long = performance.now() - 5000;
    const drafts = academy.idleDrafts ? academy.idleDrafts() : 0;
    return outbox.items.filter((item) => isWritten(item) && seen.get(item.uuid) < long).length + drafts;
  };

  academy.owesReport = () => academy.holds() !== reported;

  academy.reported = function (number) {
    reported = number;
    try { localStorage.setItem(reportedAs, number); } catch { /* as above */ }
  };

  // "waiting", 3 → data-waiting-other with its {n} filled in; a language with more forms has data-waiting-few and so on.
  academy.plural = function (element, name, number) {
    if (!number) return "";
    const form = new Intl.PluralRules(document.documentElement.lang || "en").select(number);
    const key = (each) => element.dataset[name + each[0].toUpperCase() + each.slice(1)];
    return (key(form) || key("other") || "").replace("{n}", number);
  };

  // Other tabs have the same store. The one that was written in sends; the others lend a hand when that takes long.

  const tabs = "BroadcastChannel" in window ? new BroadcastChannel(`academy-${slug}`) : null;
  function tell() {
    tabs?.postMessage("changed");
  }
  if (tabs) {
    tabs.onmessage = async () => {
      await refresh();
      if (!sending && outbox.items.length) {
        clearTimeout(timer);
        timer = setTimeout(send, 3000 + Math.random() * 3000);
      }
    };
  }

  function sendNow() {
    fails = 0;
    send();
  }

  document.addEventListener("academy:connected", () => { if (outbox.items.length) sendNow(); });
  document.addEventListener("academy:out", out);
  window.addEventListener("online", sendNow);
  window.addEventListener("beforeunload", (event) => { if (outbox.isLoose()) event.preventDefault(); });
  send();
})();
