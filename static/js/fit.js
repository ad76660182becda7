// Makes every [data-fits] of the wall smaller, a step at a time, until all of it is on the screen: nothing is ever cut off.
// The steps are in wall.css; most content stands at step 0, and this is the net under what organizers and cities write.

(function () {
  const LAST = 8;

  function wide(element) {
    return element.clientWidth && element.scrollWidth > element.clientWidth + 1;
  }

  function spills(box) {
    return box.scrollHeight > box.clientHeight + 1 || wide(box) || [...box.querySelectorAll("h1, h2, p, li, div, section")].some(wide);
  }

  function fit() {
    for (const box of document.querySelectorAll("[data-fits]")) {
      for (let step = 0; step <= LAST; step += 1) {
        box.dataset.fits = step;
        if (!spills(box)) break;
      }
    }
  }

  document.addEventListener("academy:changed", fit);
  window.addEventListener("resize", fit);
  window.addEventListener("load", fit);
  fit();
})();
