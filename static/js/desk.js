// The desk's commands: each gets an id of its own, and a refusal is shown in the server's words.

(function () {
  const alert = document.getElementById("alert");
  function say(sentence) {
    alert.textContent = sentence;
    alert.hidden = !sentence;
  }

  document.addEventListener("htmx:configRequest", (event) => {
    const parameters = event.detail.parameters;
    if (event.detail.verb === "post" && !parameters.has?.("uuid") && !parameters.uuid) {
      if (parameters.set) parameters.set("uuid", academy.uuid());
      else parameters.uuid = academy.uuid();
    }
  });
  // The page's newest version: a panel may have been drawn before the clock was changed.
  document.addEventListener("htmx:configRequest", (event) => {
    const parameters = event.detail.parameters;
    const version = document.getElementById("version");
    if (!version || !("version" in parameters || parameters.has?.("version"))) return;
    if (parameters.set) parameters.set("version", version.dataset.version);
    else parameters.version = version.dataset.version;
  });
  // Heard on the request itself: a frame may have replaced the button by the time the answer comes, and what
  // happens on an element that is gone reaches nobody.
  document.addEventListener("htmx:beforeSend", (event) => {
    const xhr = event.detail.xhr;
    xhr.addEventListener("loadend", () => {
      if (xhr.status === 0) say(document.getElementById("connection")?.dataset.lost || "");
      else say(xhr.status < 400 ? "" : xhr.responseText.slice(0, 400));
      document.dispatchEvent(new CustomEvent("academy:pull"));
    });
  });

  // A double click is one press: the button that the first click brought is not pressed by the second.
  document.addEventListener("click", (event) => {
    if (event.detail > 1 && event.target.closest("#run form")) event.preventDefault();
  }, true);
})();
