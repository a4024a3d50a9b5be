/* Names for controls that scripts make and leave without one. */
"use strict";

(() => {
  /* What the <select> behind a select2 is called: by its label, or by itself where it stands in a row of a table. */
  function findName(select) {
    return select.labels[0]?.innerText.trim() || select.getAttribute("aria-label") || select.name;
  }

  /* The box is read as its name and what is chosen in it; without a choice it had no name at all. */
  function nameBox(select) {
    const box = select.nextElementSibling?.querySelector(".select2-selection");
    const chosen = box?.querySelector(".select2-selection__rendered");
    if (!chosen || box.dataset.named) return;
    const name = document.createElement("span");
    name.id = `${select.id}-name`;
    name.hidden = true;
    name.textContent = findName(select);
    select.parentNode.append(name);
    box.setAttribute("aria-labelledby", `${name.id} ${chosen.id}`);
    chosen.setAttribute("aria-labelledby", name.id);
    box.dataset.named = "true";
  }

  function nameAll() {
    document.querySelectorAll("select.select2-hidden-accessible").forEach(nameBox);
    /* A tooltip's words are a name, which only something with a role may have. */
    document.querySelectorAll(".help-tooltip[aria-label]:not([role])").forEach((tip) => tip.setAttribute("role", "img"));
    /* "Searching…" and "No results found" stand in a list of options, which may hold nothing else; aria-live tells them. */
    document.querySelectorAll(".select2-results__message[role=alert]").forEach((word) => word.setAttribute("role", "option"));
  }

  function nameOpened({ target }) {
    const field = document.querySelector(".select2-container--open .select2-search__field");
    field?.setAttribute("aria-label", findName(target));
    const box = target.nextElementSibling?.querySelector(".select2-selection");
    box?.setAttribute("aria-controls", box.getAttribute("aria-owns")); // an open combobox has to say what it controls
  }

  document.addEventListener("DOMContentLoaded", () => {
    nameAll();
    /* Boxes are made late, by several scripts, and again with each row that is added. */
    new MutationObserver(nameAll).observe(document.body, { childList: true, subtree: true });
    window.django?.jQuery?.(document).on("select2:open", nameOpened);
  });
})();
