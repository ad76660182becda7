// A screen that waits to be connected asks every few seconds whether it is.

(function () {
  const seconds = Number(document.querySelector("[data-reload-every]").dataset.reloadEvery);
  setInterval(async () => {
    try {
      const answer = await fetch(location.href, { redirect: "follow" });
      if (answer.redirected) location.href = answer.url;
    } catch { /* asked again soon */ }
  }, seconds * 1000);
})();
