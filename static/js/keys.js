// Keys and clicker at the desk. A key presses a button that is on the page: what is not there cannot be done by mistake.

(function () {
  function press(selector) {
    const button = [...document.querySelectorAll(selector)].find((each) => each.getClientRects().length);
    if (button && !button.closest("form").classList.contains("htmx-request")) button.click();
  }

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const keys = document.getElementById("keys");
    if (keys.open) return;
    if (event.key === "PageDown" || event.key === "ArrowRight") press("[data-forward] button");
    else if (event.key === "PageUp" || event.key === "ArrowLeft") press("[data-back] button");
    else if (event.key === "b" || event.key === "B") press("[data-cover] button");
    else if (event.key === "?") keys.showModal();
    else return;
    event.preventDefault();
  });
})();
