// A phone's page opens again without a network (where the site has TLS), and says not to close it where it would not.
// When the phone leaves the session, nothing of it stays here.

(function () {
  const main = document.getElementById("main");
  const form = document.getElementById("leave");
  const canReopen = window.isSecureContext && "serviceWorker" in navigator;

  // Opens again. The page itself is fetched once more for that, not while the whole room is coming in.

  const pages = "academy-pages";
  let fetchTimer = 0;
  let boxes = "";

  async function keepPage() {
    const files = [...document.querySelectorAll("script[src], link[rel~=stylesheet], link[rel~=icon]")].map((each) => each.src || each.href);
    const cache = await caches.open(pages);
    const answer = await fetch(location.pathname, { redirect: "error" });
    if (answer.ok) await cache.put(location.pathname, answer);
    await (await caches.open("academy-static")).addAll(files);
    document.body.dataset.reopens = "yes";
  }

  // A page that was kept before a discussion began lacks its box.
  function keepPageSoon() {
    const now = [...document.querySelectorAll(".composer")].map((box) => box.id).join();
    if (fetchTimer || (now === boxes && document.body.dataset.reopens)) return;
    boxes = now;
    fetchTimer = setTimeout(() => { fetchTimer = 0; keepPage().catch(() => {}); }, 1000 + Math.random() * 9000);
  }

  if (canReopen) {
    navigator.serviceWorker.register(document.body.dataset.worker).then(keepPageSoon, () => {});
    document.addEventListener("academy:changed", keepPageSoon);
  }

  // Stay: while notes wait where the page could not be opened again, or where they are kept nowhere else.

  const stay = document.getElementById("stay");
  setInterval(() => {
    const { isLoose, isOut } = academy.outbox;
    const lost = document.getElementById("connection").dataset.state === "lost";
    const sentence = isOut ? "" : isLoose() ? stay.dataset.loose : lost && !canReopen && academy.plural(stay, "waiting", academy.waiting());
    stay.hidden = !sentence;
    if (sentence && stay.textContent !== sentence) stay.textContent = sentence;
  }, 1000);

  // Leaving.

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const warning = academy.plural(form, "waiting", academy.outbox.items.filter((item) => item.text).length);
    if (warning && !confirm(warning)) return;
    const answer = await academy.post(form.action, {}).catch(() => null);
    // 404: this phone was out already.
    if (!answer || ![204, 404].includes(answer.status)) {
      main.querySelector("#alert").textContent = form.dataset.failed;
      main.querySelector("#alert").hidden = false;
      return;
    }
    await academy.outbox.clear();
    academy.drafts.clear();
    if (canReopen) await (await caches.open(pages)).delete(location.pathname);
    location.replace("/");
  });
})();
