// The boxes of a phone: what is typed is kept as a draft until it is sent, and what is sent goes into the outbox.
// A mark on the checklist is tapped the same way.

(function () {
  const body = document.body;
  const drafts = `academy-draft-${body.dataset.slug}-`;
  const touched = new Map(); // box id → when something was last typed

  // Drafts. Other files keep theirs here too.

  academy.drafts = {
    read(name) {
      try { return JSON.parse(localStorage.getItem(drafts + name) || "null"); } catch { return null; }
    },
    write(name, draft) {
      try {
        if (draft) localStorage.setItem(drafts + name, JSON.stringify(draft));
        else localStorage.removeItem(drafts + name);
      } catch { /* private mode without storage: the page itself still holds the text */ }
    },
    // For good: the page on its way out would keep them once more.
    clear() {
      this.write = () => {};
      try { for (const key of Object.keys(localStorage)) if (key.startsWith(drafts)) localStorage.removeItem(key); } catch { /* none */ }
    },
  };

  academy.termsOf = (form) => [...form.querySelectorAll("[name=terms]")].filter((box) => box.checked || box.type === "hidden");

  function keep(form) {
    const text = form.elements.text.value;
    const terms = academy.termsOf(form).map((box) => box.value);
    academy.drafts.write(form.id, text || terms.length ? { text, terms } : null);
  }

  function restore(form) {
    if (form.dataset.restored) return;
    form.dataset.restored = "yes";
    const kept = academy.drafts.read(form.id);
    if (!kept) return;
    form.elements.text.value = kept.text;
    for (const box of form.querySelectorAll("[name=terms]")) box.checked = kept.terms.includes(box.value);
  }

  const boxes = () => document.querySelectorAll(".composer[data-breakout]");
  let keepTimer = 0;

  function keepAll() {
    clearTimeout(keepTimer);
    boxes().forEach(keep);
  }

  // The desk hears of what was typed and then left lying, in a box that changes a note too.
  academy.idleDrafts = function () {
    const long = performance.now() - 20000;
    const typed = [...boxes(), ...document.querySelectorAll(".editor")].filter((form) => form.elements.text.value.trim());
    return typed.filter((form) => (touched.get(form.id) ?? 0) < long).length;
  };

  // A box stays while its discussion is on, and as long as there is something in it.
  function arrange() {
    for (const form of boxes()) {
      restore(form);
      form.hidden = form.dataset.breakout !== body.dataset.breakout && !form.elements.text.value.trim();
      count(form);
    }
  }

  function count(form) {
    const area = form.elements.text;
    const sign = form.querySelector(".composer__count");
    sign.hidden = area.value.length <= Number(area.dataset.hint);
    sign.textContent = `${area.value.length} / ${area.maxLength} – ${sign.dataset.long}`;
  }

  // Stored first, then the box is empty: at no moment is a note nowhere.
  async function send(form) {
    const text = form.elements.text.value;
    const chosen = academy.termsOf(form);
    const terms = chosen.map((box) => box.value);
    const labels = chosen.map((box) => box.parentElement.querySelector(".chip__text").textContent);
    const { breakout } = form.dataset;
    const fields = [["breakout", breakout], ["text", text], ...terms.map((term) => ["terms", term])];
    form.setAttribute("aria-busy", "true");
    await academy.outbox.put("note", form.action, fields, { breakout, text, terms, labels });
    form.removeAttribute("aria-busy");
    if (form.elements.text.value === text) empty(form);
    keep(form);
    arrange();
  }

  function empty(form) {
    form.elements.text.value = "";
    for (const box of form.querySelectorAll("[name=terms]")) box.checked = false;
  }

  // Not elements.item: every list of elements has a method of that name.
  const itemOf = (form) => form.elements.namedItem("item").value;

  function mark(form, button) {
    const item = itemOf(form);
    academy.outbox.put("mark", form.action, [["item", item], ["value", button.value]], { item, value: button.value });
  }

  document.addEventListener("submit", (event) => {
    const box = event.target.closest(".composer[data-breakout]");
    const command = event.target.closest("form[data-command]");
    if (!box && !command) return;
    event.preventDefault();
    if (command) mark(command, event.submitter);
    else if (box.getAttribute("aria-busy") !== "true" && box.elements.text.value.trim()) send(box);
  });

  document.addEventListener("input", (event) => {
    const form = event.target.closest(".composer[data-breakout], .editor");
    if (form) touched.set(form.id, performance.now());
    if (!form || form.matches(".editor")) return;
    clearTimeout(keepTimer);
    keepTimer = setTimeout(keepAll, 300);
    count(form);
  });

  // Marks that wait show as they were tapped; one that was refused says why, and is gone.
  function showMarks() {
    const { items, acked } = academy.outbox;
    for (const button of document.querySelectorAll(".marks__value")) {
      button.dataset.drawn ??= button.getAttribute("aria-pressed");
      const item = itemOf(button.form);
      const last = [...acked.filter(isFresh), ...items].filter((each) => each.kind === "mark" && each.item === item && !each.parked).pop();
      button.setAttribute("aria-pressed", last ? String(last.value === button.value) : button.dataset.drawn);
      button.classList.toggle("marks__value--waits", Boolean(last) && items.includes(last) && last.value === button.value);
    }
    const refused = items.find((item) => item.kind === "mark" && item.parked);
    if (!refused) return;
    const alert = document.getElementById("alert");
    alert.textContent = refused.sentence;
    alert.hidden = false;
    academy.outbox.discard(refused);
  }

  function isFresh(item) {
    return performance.now() - item.at < 5000;
  }

  document.addEventListener("academy:changed", () => { arrange(); showMarks(); });
  document.addEventListener("academy:outbox", showMarks);
  window.addEventListener("pagehide", keepAll);
  document.addEventListener("visibilitychange", () => { if (document.hidden) keepAll(); });
  arrange();
})();
