// Counts every .clock on the page down to its data-ends-at, in server time, and says the cues beside it.
// The server decides when a discussion ends; this only shows it.

function secondsLeft(clock) {
  if (clock.dataset.left) return Number(clock.dataset.left);
  return Math.max(0, Math.ceil((Number(clock.dataset.endsAt) - serverNow()) / 1000)) || 0;
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
