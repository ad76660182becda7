// The list of city teams: the button says what will happen, a search narrows a long list.

(function () {
  const button = document.getElementById("enter");
  const nothing = button.textContent;
  const name = document.querySelector("[name=name]");

  function label() {
    const chosen = document.querySelector("[name=team]:checked");
    if (name.value.trim()) button.textContent = name.dataset.label;
    else button.textContent = chosen ? chosen.dataset.label : nothing;
  }

  document.addEventListener("change", (event) => {
    if (event.target.type === "radio") name.value = "";
    label();
  });
  name.addEventListener("input", () => {
    for (const chosen of document.querySelectorAll("[name=team]:checked")) chosen.checked = false;
    label();
  });

  const search = document.getElementById("city-search");
  if (search) {
    search.closest("[hidden]").hidden = false;
    search.addEventListener("input", () => {
      const words = search.value.trim().toLowerCase();
      for (const choice of document.querySelectorAll(".city-choice[data-name]")) {
        choice.hidden = !choice.dataset.name.includes(words);
      }
    });
  }
  label();
})();
