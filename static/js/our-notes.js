// "Our notes" with what still waits on this phone, each note with its state in words: on this phone, sent, on the board.
// A note is changed in a box of its own above the list: frames replace the list, never a box somebody types in.

(function () {
  const body = document.body;
  const template = document.getElementById("pending-note");
  const words = template.dataset;
  const place = document.getElementById("editing");
  const drawn = new WeakMap(); // a note of the server's list → what the server said of it

  // The list.

  function show() {
    const list = document.querySelector("#our-notes .notes__list");
    if (!list) return;
    const { items, acked } = academy.outbox;
    const listed = new Map([...list.querySelectorAll("[data-uuid]")].map((note) => [note.dataset.uuid, note]));
    academy.outbox.acked = acked.filter((item) => !isDrawn(item, listed) && !isOld(item));
    const told = [...academy.outbox.acked.map((item) => ({ ...item, sent: true })), ...items];
    for (const [uuid, note] of listed) showListed(note, told.filter((item) => item.note === uuid && !item.parked).pop());
    const waits = told.filter((item) => (item.kind === "note" && !listed.has(item.uuid)) || (item.parked && item.kind !== "mark"));
    putFirst(list, waits.reverse().map(pending));
    write(document.querySelector("#our-notes .notes__count"), String(listed.size + waits.filter((item) => item.kind === "note").length));
  }

  // What has not changed stays: a thumb may be on its way to a button of it.
  function putFirst(list, fresh) {
    const old = [...list.querySelectorAll(".note--pending")];
    const areFirst = old.every((note, i) => note === list.children[i]);
    if (areFirst && old.length === fresh.length && fresh.every((note, i) => note.isEqualNode(old[i]))) return;
    for (const note of old) note.remove();
    list.prepend(...fresh);
  }

  // Whether the server's list already says what was acknowledged.
  function isDrawn(item, listed) {
    const note = listed.get(item.kind === "note" ? item.uuid : item.note);
    if (item.kind === "edit") return note && original(note).text === item.text;
    return item.kind === "delete" ? !note : Boolean(note);
  }

  // What never came into the list was deleted meanwhile by somebody else. Without a connection nobody knows.
  function isOld(item) {
    if (document.getElementById("connection").dataset.state !== "connected") item.at = performance.now();
    return performance.now() - item.at > 10000;
  }

  function original(note) {
    if (!drawn.has(note)) {
      const text = note.querySelector(".note__text").textContent;
      drawn.set(note, { text, terms: note.dataset.terms.split(" ").filter(Boolean), state: note.querySelector(".note__state").textContent });
    }
    return drawn.get(note);
  }

  function showListed(note, change) {
    const { text, state } = original(note);
    const out = (document.getElementById("now")?.dataset.out || "").split(" ");
    const sign = note.querySelector(".note__state");
    write(note.querySelector(".note__text"), change?.text ?? text);
    note.classList.toggle("note--leaving", change?.kind === "delete");
    if (!change) write(sign, out.includes(note.dataset.breakout) ? sign.dataset.out : state);
    else if (change.kind === "delete") write(sign, change.sent ? words.deletionSent : words.deletion);
    else write(sign, change.sent ? words.sent : words.change);
    sign.dataset.state = change && !change.sent ? "here" : "there";
  }

  // A screen reader and a selection notice a text that is written anew.
  function write(element, text) {
    if (element.textContent !== text) element.textContent = text;
  }

  function pending(item) {
    const note = template.content.firstElementChild.cloneNode(true);
    const { text, labels } = item.parked ? item : academy.outbox.latest(item);
    const sign = note.querySelector(".note__state");
    const listed = listedNote(item.note);
    note.querySelector(".note__text").textContent = text ?? (listed ? original(listed).text : "");
    for (const label of labels || []) note.querySelector(".note__terms").append(tag(label));
    const isChanged = academy.outbox.items.some((other) => other.note === item.uuid);
    sign.textContent = !item.sent ? words.here : isChanged ? words.change : words.sent;
    sign.dataset.state = item.sent && !isChanged ? "there" : "here";
    note.querySelector(".note__problem").textContent = item.sentence || "";
    note.querySelector(".note__problem").hidden = !item.parked;
    note.querySelector("[data-discard]").hidden = !item.parked;
    note.querySelector("[data-change]").hidden = item.kind === "delete";
    note.querySelector("[data-discard]").onclick = () => academy.outbox.discard(item);
    note.querySelector("[data-change]").onclick = () => open(item.parked ? again(item) : changing(item.uuid, academy.outbox.latest(item)));
    return note;
  }

  function tag(label) {
    const element = document.createElement("span");
    element.className = "tag";
    element.dir = "auto";
    element.textContent = label;
    return element;
  }

  function listedNote(uuid) {
    return document.querySelector(`#our-notes [data-uuid="${uuid}"]`);
  }

  // The box. One is open at a time; what is typed in it is kept like any draft.

  function changing(uuid, { breakout, text, terms }) {
    return { kind: "edit", note: uuid, breakout, text, terms };
  }

  // What was refused is sent as something new; a change to a note that is gone becomes a note.
  function again({ uuid, kind, note, breakout, text, terms }) {
    return { kind: listedNote(note) ? kind : "note", note, breakout, text, terms, instead: uuid };
  }

  function open(wanted) {
    if (!place.firstElementChild) build(wanted);
    place.scrollIntoView({ block: "center" });
    place.querySelector("textarea").focus({ preventScroll: true });
    keep();
  }

  function build({ kind, note, breakout, text, terms, instead }) {
    const box = document.getElementById("edit-box").content.firstElementChild.cloneNode(true);
    const chips = document.querySelector(`#composer-${breakout} .terms`)?.cloneNode(true);
    if (chips) box.querySelector("[data-terms]").replaceWith(chips);
    for (const chip of box.querySelectorAll("[name=terms]")) chip.checked = terms.includes(chip.value);
    // The chips of an earlier discussion are not on the page: its note keeps those it has.
    if (!chips) box.querySelector("[data-terms]").append(...terms.map(hiddenTerm));
    Object.assign(box.dataset, { kind, note: note || "", breakout, instead: instead || "" });
    box.elements.text.value = text;
    box.querySelector("[data-delete]").hidden = kind !== "edit";
    place.replaceChildren(box);
    body.classList.add("phone--editing");
  }

  function hiddenTerm(code) {
    return Object.assign(document.createElement("input"), { type: "hidden", name: "terms", value: code });
  }

  function close() {
    place.replaceChildren();
    body.classList.remove("phone--editing");
    academy.drafts.write("editing", null);
  }

  function keep() {
    const box = place.firstElementChild;
    if (!box) return;
    const terms = academy.termsOf(box).map((chip) => chip.value);
    academy.drafts.write("editing", { ...box.dataset, text: box.elements.text.value, terms });
  }

  async function save(box) {
    const { kind, note, breakout, instead } = box.dataset;
    const text = box.elements.text.value;
    const chosen = academy.termsOf(box);
    const terms = chosen.map((chip) => chip.value);
    const labels = chosen.map((chip) => chip.closest(".chip")?.querySelector(".chip__text").textContent).filter(Boolean);
    const fields = [["text", text], ...terms.map((term) => ["terms", term])];
    const told = { note, breakout, text, terms, labels };
    if (kind === "edit") await academy.outbox.put("edit", `${body.dataset.notes}/${note}`, fields, told);
    else await academy.outbox.put("note", body.dataset.notes, [["breakout", breakout], ...fields], { ...told, note: "" });
    await forget(instead);
    close();
  }

  async function forget(uuid) {
    const parked = academy.outbox.items.find((item) => uuid && item.uuid === uuid);
    if (parked) await academy.outbox.discard(parked);
  }

  async function remove({ note, instead }) {
    await academy.outbox.put("delete", `${body.dataset.notes}/${note}/delete`, [], { note });
    await forget(instead);
    close();
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest(".note__edit");
    const button = event.target.closest("#editing [data-delete], #editing [data-cancel]");
    if (link) {
      const note = link.closest("[data-uuid]");
      const waiting = academy.outbox.items.filter((item) => item.kind === "edit" && item.note === note.dataset.uuid && !item.parked).pop();
      open(changing(note.dataset.uuid, { breakout: note.dataset.breakout, ...(waiting || original(note)) }));
    } else if (button) {
      if ("delete" in button.dataset) remove(place.firstElementChild.dataset);
      else close();
    }
    if (link || button) event.preventDefault();
  });

  document.addEventListener("submit", (event) => {
    if (event.target.parentElement !== place) return;
    event.preventDefault();
    if (event.target.elements.text.value.trim()) save(event.target);
  });

  document.addEventListener("input", (event) => { if (place.contains(event.target)) keep(); });
  document.addEventListener("academy:changed", show);
  document.addEventListener("academy:outbox", show);
  const kept = academy.drafts.read("editing");
  if (kept) build(kept);
  show();
})();
