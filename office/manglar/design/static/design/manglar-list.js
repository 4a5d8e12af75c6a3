// <manglar-list>: the keyboard of a list, and what is chosen in it. The list stands without it.
// "/" goes to the search; j and k go down and up the rows; x chooses a row. Filters apply as they change.
class ManglarList extends HTMLElement {
  #stop = null;

  connectedCallback() {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    document.addEventListener("keydown", (event) => this.#key(event), { signal });
    this.addEventListener("change", (event) => this.#changed(event), { signal });
    this.#count();
    this.#fold();
    this.#land();
  }

  /** After a filter the page is at the results: the focus too, so that how many there are is read out. */
  #land() {
    if (location.hash === "#resultados") document.getElementById("resultados")?.focus();
  }

  /** On a phone the filters wait behind their word: what is chosen stands below it, each with its way out. */
  #fold() {
    const filters = this.querySelector(".m-filters");
    if (filters && matchMedia("(max-width: 39.99rem)").matches) filters.open = false;
  }

  disconnectedCallback() {
    this.#stop?.abort();
  }

  #links() {
    return [...this.querySelectorAll("tbody th a, .m-lane__title a")];
  }

  #key(event) {
    const typing = event.target.closest?.("input, textarea, select, dialog, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/") {
      event.preventDefault();
      this.querySelector("input[type=search]")?.focus();
    } else if (event.key === "j" || event.key === "k") {
      const links = this.#links();
      const here = links.indexOf(document.activeElement);
      const next = event.key === "j" ? here + 1 : here - 1;
      links[Math.max(0, Math.min(links.length - 1, next))]?.focus();
    } else if (event.key === "x") {
      const box = document.activeElement?.closest("tr")?.querySelector("input[type=checkbox]");
      if (box) {
        box.checked = !box.checked;
        this.#count();
      }
    }
  }

  #changed(event) {
    if (event.target.matches(".m-filter select")) event.target.form.requestSubmit();
    if (event.target.matches("thead input[type=checkbox]")) {
      for (const box of this.querySelectorAll("tbody input[type=checkbox]")) box.checked = event.target.checked;
    }
    this.#count();
  }

  /** The buttons for several rows wait until a row is chosen. */
  #count() {
    const chosen = this.querySelectorAll("tbody input[type=checkbox]:checked").length;
    for (const button of this.querySelectorAll(".m-bulk button")) button.disabled = chosen === 0;
  }
}

customElements.define("manglar-list", ManglarList);
