// Offers what a phone that is out of the session still holds, also on the page that says there is nothing here for it.

(function () {
  const card = document.getElementById("hand-in");
  const form = card.querySelector("form");
  const result = card.querySelector("[data-result]");
  const list = card.querySelector("[data-list]");

  function offer() {
    const { items, isOut } = academy.outbox;
    const written = items.filter((item) => item.text);
    if (isOut && written.length) card.hidden = false;
    form.hidden = !written.length;
    if (!document.getElementById("our-notes")) list.replaceChildren(...written.map(line));
  }

  function line({ text }) {
    const element = document.createElement("li");
    element.className = "note note__text";
    element.dir = "auto";
    element.textContent = text;
    return element;
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    const { number, sentence } = await academy.outbox.handIn(form.action);
    button.disabled = false;
    const done = academy.plural(result, "done", number);
    result.textContent = [done, sentence === null ? "" : sentence || result.dataset.failed].join(" ").trim();
    result.hidden = false;
    offer();
  });

  document.addEventListener("academy:outbox", offer);
})();
