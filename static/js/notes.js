// Sends notes and marks without leaving the page. What is typed stays on the page, and on the phone, until the server has it.

(function () {
  const body = document.body;
  const alert = document.getElementById("alert");
  const drafts = `academy-draft-${body.dataset.slug}-`;

  // Not crypto.randomUUID: it does not exist on the plain HTTP of a room's own network.
  function uuid() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  function keep(form) {
    try {
      const text = form.elements.text.value;
      const terms = [...form.querySelectorAll("[name=terms]:checked")].map((box) => box.value);
      if (text || terms.length) localStorage.setItem(drafts + form.id, JSON.stringify({ text, terms, uuid: form.elements.uuid.value }));
      else localStorage.removeItem(drafts + form.id);
    } catch { /* private mode without storage: the page itself still holds the text */ }
  }

  function restore(form) {
    if (form.dataset.restored) return;
    form.dataset.restored = "yes";
    form.elements.uuid.value = uuid();
    try {
      const kept = JSON.parse(localStorage.getItem(drafts + form.id) || "null");
      if (!kept) return;
      form.elements.text.value = kept.text;
      form.elements.uuid.value = kept.uuid;
      for (const box of form.querySelectorAll("[name=terms]")) box.checked = kept.terms.includes(box.value);
    } catch { /* what cannot be read was not kept */ }
  }

  // A box stays while its discussion is on, and as long as there is something in it.
  function arrange() {
    for (const form of document.querySelectorAll(".composer[data-breakout]")) {
      restore(form);
      form.hidden = form.dataset.breakout !== body.dataset.breakout && !form.elements.text.value.trim();
      count(form);
    }
  }

  function count(form) {
    const area = form.elements.text;
    const sign = form.querySelector(".composer__count");
    if (!sign) return;
    sign.hidden = area.value.length <= Number(area.dataset.hint);
    sign.textContent = `${area.value.length} / ${area.maxLength} – ${sign.dataset.long}`;
  }

  function say(sentence) {
    alert.textContent = sentence;
    alert.hidden = !sentence;
  }

  async function post(form, submitter) {
    const data = new FormData(form);
    if (submitter && submitter.name) data.append(submitter.name, submitter.value);
    return fetch(form.action, {
      method: "POST",
      body: new URLSearchParams(data),
      headers: { Accept: "text/plain", "X-CSRFToken": body.dataset.csrf },
    });
  }

  async function send(form, submitter) {
    const sent = form.elements.text ? form.elements.text.value : "";
    form.setAttribute("aria-busy", "true");
    try {
      const answer = await post(form, submitter);
      if (answer.ok) {
        say("");
        if (form.elements.text) clear(form, sent);
        document.dispatchEvent(new CustomEvent("academy:pull"));
      } else {
        say(await answer.text());
        if (answer.status === 409 && form.elements.uuid) form.elements.uuid.value = uuid();
      }
    } catch {
      say(document.getElementById("connection").dataset.lost);
    } finally {
      form.removeAttribute("aria-busy");
    }
  }

  function clear(form, sent) {
    const typedSince = form.elements.text.value !== sent;
    form.elements.uuid.value = uuid();
    if (!typedSince) {
      form.elements.text.value = "";
      for (const box of form.querySelectorAll("[name=terms]")) box.checked = false;
    }
    keep(form);
    arrange();
  }

  document.addEventListener("submit", (event) => {
    const form = event.target.closest(".composer[data-breakout], form[data-command]");
    if (!form) return;
    event.preventDefault();
    if (form.getAttribute("aria-busy") !== "true") send(form, event.submitter);
  });

  document.addEventListener("input", (event) => {
    const form = event.target.closest(".composer[data-breakout]");
    if (!form) return;
    keep(form);
    count(form);
  });

  document.addEventListener("academy:changed", arrange);
  arrange();
})();
