// Server time, and every .clock on the page counted down in it, with the cues beside it.
// The server decides when a discussion ends; this only shows it. The phone's own clock is never asked: it may be wrong
// by hours and may jump. All times here are milliseconds; "offset" is server time minus performance.now().

window.academy = window.academy || {};

(function () {
  // A moment the server named, heard at `heard`, was named before that: a floor under the offset, one for every
  // message. An answer was also named after it was asked for: a ceiling. The truth is between the best two.
  const MEMORY = 120000;
  let floors = [];
  let ceilings = [];
  let half = 0;
  let offset = Number(document.body.dataset.now || 0) - performance.now();

  academy.heardTime = function (now, heard, asked) {
    const since = performance.now() - MEMORY;
    floors = keep(floors, { at: heard, offset: now - heard }, since, (a, b) => a >= b);
    if (asked !== undefined) ceilings = keep(ceilings, { at: heard, offset: now - asked }, since, (a, b) => a <= b);
    const floor = floors[0].offset;
    // Without a fresh answer the way there and back is taken to be as long as it was.
    ceilings = ceilings.filter((sample) => sample.at > since);
    if (ceilings.length) half = (ceilings[0].offset - floor) / 2;
    offset = floor + half;
  };

  // The best first, and of the later ones those that will be best when the earlier ones are forgotten.
  function keep(samples, fresh, since, better) {
    return [...samples.filter((sample) => sample.at > since && !better(fresh.offset, sample.offset)), fresh];
  }

  // performance.now() may have stood still in a pocket: nothing heard before says anything now.
  academy.forgetTime = function () {
    floors = [];
    ceilings = [];
  };

  // Whether the way there and back was measured of late.
  academy.knowsTime = () => ceilings.some((sample) => sample.at > performance.now() - MEMORY);

  window.serverNow = () => performance.now() + offset;

  // The page itself was an answer, unless it was kept on this phone: then its time is long gone.
  const [page] = performance.getEntriesByType("navigation");
  if (page && page.responseStart && !page.workerStart && page.type !== "back_forward") {
    academy.heardTime(Number(document.body.dataset.now), page.responseStart, page.requestStart);
  }

  // Remaining seconds never rise by an error being mended: the second that is shown waits until time has come to it.
  // What rises by more was extended or reopened.
  const shownLeft = new Map();

  function secondsLeft(clock) {
    const { left, endsAt, clock: name } = clock.dataset;
    const seconds = left ? Number(left) : Math.max(0, Math.ceil((Number(endsAt) - serverNow()) / 1000)) || 0;
    const before = shownLeft.get(name);
    const drawn = left || endsAt;
    const holds = before && seconds > before.seconds && (before.drawn === drawn || seconds - before.seconds <= 5);
    shownLeft.set(name, { seconds: holds ? before.seconds : seconds, drawn });
    return shownLeft.get(name).seconds;
  }

  function cue(left) {
    if (left <= 0) return "over";
    if (left <= 30) return "thirtySeconds";
    return left <= 120 ? "twoMinutes" : "";
  }

  function tick() {
    for (const clock of document.querySelectorAll(".clock")) {
      const left = secondsLeft(clock);
      const shown = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
      if (clock.textContent.trim() !== shown) clock.textContent = shown;
      if (!clock.dataset.endsAt) continue;
      clock.classList.toggle("clock--over", left === 0);
      clock.classList.toggle("clock--soon", left > 0 && left <= 120);
      for (const sign of clock.parentElement.querySelectorAll("[data-cue]")) {
        const words = cue(left) ? sign.dataset[cue(left)] : "";
        if (sign.textContent.trim() !== words) sign.textContent = words;
      }
    }
  }

  setInterval(tick, 250);
  document.addEventListener("academy:changed", tick);
  tick();
})();
