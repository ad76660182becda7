// Puts the elements of a frame in their places. What arrives twice lands once: every element has an id.
//
// data-keep data-into: added once, never replaced (a box somebody types in). data-gone: the old one goes, nothing comes.
// data-into alone: added at the top of that element when it is new; one that says how many it holds (data-most) loses its
// oldest. Everything else replaces what has its id.

window.academy = window.academy || {};

(function () {
  const body = document.body;

  academy.place = function (html) {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    for (const element of [...holder.content.children]) place(element);
    document.dispatchEvent(new CustomEvent("academy:changed"));
  };

  function place(element) {
    const old = element.id && document.getElementById(element.id);
    const into = document.getElementById(element.dataset.into || "");
    // A phone that was admitted, moved to another city team or renamed is another page.
    if ("page" in element.dataset && (!old || old.dataset.page !== element.dataset.page)) return location.reload();
    if ("gone" in element.dataset) return old && old.remove();
    if (old && !("keep" in element.dataset)) replace(old, element);
    else if (!old && into) insert(into, element);
    else return;
    if ("mirror" in element.dataset) mirror(element);
    if (window.htmx) window.htmx.process(element);
  }

  function insert(into, element) {
    into.prepend(element);
    const items = [...into.children].filter((child) => child.id);
    for (const old of items.slice(Number(into.dataset.most) || Infinity)) old.remove();
  }

  function replace(old, element) {
    keepOpen(old, element);
    const focused = old.contains(document.activeElement) && document.activeElement;
    old.replaceWith(element);
    if (focused) refocus(element, focused);
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

  document.querySelectorAll("[data-mirror]").forEach(mirror);
})();
