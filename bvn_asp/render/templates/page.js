(() => {
  const all = (what, where = document) => [...where.querySelectorAll(what)];
  const button = (text, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.addEventListener("click", () => act(made));
    return made;
  };
  const reveal = () => {
    const found = location.hash && document.getElementById(location.hash.slice(1));
    for (let each = found; each; each = each.parentElement) if (each.tagName === "DETAILS") each.open = true;
    if (found) found.scrollIntoView();
  };
  const place = document.getElementById("folding");
  if (place) {
    place.append(
      button("unfold all", () => all(".folds details").forEach((each) => (each.open = true))),
      button("fold all", () => all(".folds details").forEach((each) => (each.open = false))),
      button("unmet first", (made) => {
        const sorted = made.getAttribute("aria-pressed") !== "true";
        made.setAttribute("aria-pressed", sorted);
        for (const table of all(".sheet")) {
          const rows = all("tbody tr", table);
          rows.forEach((row, i) => (row.dataset.at ??= i));
          const rank = (row) => (sorted ? (row.matches(".bad") ? 0 : row.matches(".open") ? 1 : 2) : 0);
          rows.sort((a, b) => rank(a) - rank(b) || a.dataset.at - b.dataset.at);
          table.classList.toggle("sorted", sorted);
          table.tBodies[0].append(...rows);
        }
      }),
    );
    place.querySelectorAll("button")[2].setAttribute("aria-pressed", "false");
  }
  addEventListener("hashchange", reveal);
  reveal();
})();
