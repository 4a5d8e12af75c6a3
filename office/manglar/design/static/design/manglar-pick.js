// <manglar-pick text-find text-none text-chosen text-nothing>: a long list of boxes is narrowed by words, and says how many
// are chosen. Without script the boxes stand there, all of them. What is chosen stays in sight while words narrow the rest.
const LONG = 8;
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

class ManglarPick extends HTMLElement {
  #stop = null;

  connectedCallback() {
    this.boxes = [...this.querySelectorAll("input[type=checkbox]")];
    if (this.boxes.length <= LONG || this.#stop) return;
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.find = document.createElement("input");
    this.find.type = "search";
    this.find.className = "usa-input";
    this.find.autocomplete = "off";
    this.find.placeholder = this.getAttribute("text-find");
    this.find.setAttribute("aria-label", this.getAttribute("text-find"));
    this.said = document.createElement("p");
    this.said.className = "m-field__hint";
    this.said.setAttribute("role", "status");
    this.prepend(this.find, this.said);
    this.find.addEventListener("input", (event) => this.#narrow(event), { signal });
    // Enter in the words is not "send the form".
    this.find.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault(), { signal });
    this.addEventListener("change", () => this.#tell(), { signal });
    document.addEventListener("manglar-draft", () => this.#tell(), { signal });
    this.closest("form")?.addEventListener("reset", () => setTimeout(() => this.#tell()), { signal });
    this.#tell();
  }

  disconnectedCallback() {
    this.#stop?.abort();
    this.#stop = null;
    this.find?.remove();
    this.said?.remove();
  }

  #row(box) {
    return box.closest("div");
  }

  #narrow(event) {
    event.stopPropagation(); // the words of the search are no change of the form
    const words = plain(this.find.value).split(/\s+/).filter(Boolean);
    for (const box of this.boxes) {
      const text = plain(this.#row(box).textContent);
      this.#row(box).hidden = !box.checked && !words.every((word) => text.includes(word));
    }
    this.#tell();
  }

  #tell() {
    const chosen = this.boxes.filter((box) => box.checked);
    const some = this.getAttribute("text-chosen").replace("{n}", new Intl.NumberFormat("en-US").format(chosen.length));
    const names = chosen.slice(0, 3).map((box) => this.#row(box).textContent.trim());
    const told = chosen.length ? `${some} (${names.join("; ")}${chosen.length > 3 ? "; …" : ""})` : this.getAttribute("text-none");
    const nothing = this.find.value && this.boxes.every((box) => this.#row(box).hidden || box.checked);
    this.said.textContent = nothing ? `${this.getAttribute("text-nothing")} ${told}` : told;
  }
}

customElements.define("manglar-pick", ManglarPick);
