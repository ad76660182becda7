// The desk's commands: each gets an id of its own, and a refusal is shown in the server's words.

(function () {
  function uuid() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  const alert = document.getElementById("alert");
  function say(sentence) {
    alert.textContent = sentence;
    alert.hidden = !sentence;
  }

  document.addEventListener("htmx:configRequest", (event) => {
    const parameters = event.detail.parameters;
    if (event.detail.verb === "post" && !parameters.has?.("uuid") && !parameters.uuid) {
      if (parameters.set) parameters.set("uuid", uuid());
      else parameters.uuid = uuid();
    }
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) {
      say("");
      document.dispatchEvent(new CustomEvent("academy:pull"));
    }
  });
  document.addEventListener("htmx:responseError", (event) => {
    say(event.detail.xhr.responseText.slice(0, 400));
    document.dispatchEvent(new CustomEvent("academy:pull"));
  });
  document.addEventListener("htmx:sendError", () => say(document.getElementById("connection")?.dataset.lost || ""));
})();
