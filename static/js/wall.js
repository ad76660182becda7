// Keeps the projector awake where the browser allows it (TLS only), and full screen by a double click.

(function () {
  async function stayAwake() {
    if (!("wakeLock" in navigator) || document.hidden) return;
    try { await navigator.wakeLock.request("screen"); } catch { /* the desk says to set the computer not to sleep */ }
  }
  document.addEventListener("visibilitychange", stayAwake);
  document.addEventListener("dblclick", () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen?.();
  });
  stayAwake();
})();
