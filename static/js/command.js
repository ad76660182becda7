// What every command needs: an id made by the page, and a POST that renews a CSRF token that has grown old.

window.academy = window.academy || {};

// Not crypto.randomUUID: it does not exist on the plain HTTP of a room's own network.
academy.uuid = function () {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
};

// Returns {status, headers, text, asked, came}; the two times are performance.now() when it was asked and when the answer
// began. Raises where no answer begins within 8 seconds, or does not end within 20 more. A redirect is no answer of ours:
// a network's own sign-in page would take a note and say that all is well.
academy.request = async function (address, options) {
  const late = new AbortController();
  let timer = setTimeout(() => late.abort(), 8000);
  const asked = performance.now();
  try {
    const answer = await fetch(address, { redirect: "manual", cache: "no-store", signal: late.signal, ...options });
    const came = performance.now();
    clearTimeout(timer);
    timer = setTimeout(() => late.abort(), 20000);
    return { status: answer.status, headers: answer.headers, text: await answer.text(), asked, came };
  } finally {
    clearTimeout(timer);
  }
};

academy.post = async function (address, fields) {
  const { csrf } = document.body.dataset;
  const send = (token) => {
    const headers = { Accept: "text/plain", "X-CSRFToken": token || "" };
    return academy.request(address, { method: "POST", body: new URLSearchParams(fields), headers });
  };
  const answer = await send(csrf);
  const fresh = answer.status === 403 && answer.headers.get("X-CSRFToken");
  if (!fresh || fresh === csrf) return answer;
  document.body.dataset.csrf = fresh;
  return send(fresh);
};
