// <manglar-mention url words>: after «@» it offers the people who may be named. Wraps a <textarea>.
// Without script the box is as it was: the full name or the address is typed.
class ManglarMention extends HTMLElement {
  #people = null;
  #stop = null;

  connectedCallback() {
    this.box = this.querySelector("textarea");
    if (!this.box) return;
    this.list = document.createElement("ul");
    this.list.id = `${this.box.id}-personas`;
    this.list.className = "m-mention__list";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", this.getAttribute("words") ?? "");
    this.list.hidden = true;
    this.append(this.list);
    this.box.setAttribute("aria-autocomplete", "list");
    this.box.setAttribute("aria-controls", this.list.id);
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.box.addEventListener("input", () => this.#offer(), { signal });
    this.box.addEventListener("keydown", (event) => this.#key(event), { signal });
    this.box.addEventListener("blur", () => this.#hide(), { signal });
    this.list.addEventListener("mousedown", (event) => event.preventDefault(), { signal });
    this.list.addEventListener("click", (event) => this.#take(event.target.closest("li")), { signal });
  }

  disconnectedCallback() {
    this.#stop?.abort();
    this.list?.remove();
  }

  #typed() {
    const before = this.box.value.slice(0, this.box.selectionStart);
    return before.match(/(?:^|[^\w@.+-])@([^@\n]{0,60})$/)?.[1];
  }

  async #offer() {
    const typed = this.#typed();
    if (typed === undefined) return this.#hide();
    try {
      this.#people ??= fetch(this.getAttribute("url"), { credentials: "same-origin" }).then((answer) => (answer.ok ? answer.json() : { people: [] }));
      const { people } = await this.#people;
      const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
      const found = people.filter((name) => plain(name).includes(plain(typed)) && plain(name) !== plain(typed)).slice(0, 8);
      if (this.#typed() !== typed) return;
      this.list.replaceChildren(...found.map((name, place) => this.#item(name, place)));
      this.list.hidden = !found.length;
      this.#point(found.length ? 0 : -1);
    } catch {
      this.#people = null;
      this.#hide();
    }
  }

  #item(name, place) {
    const item = document.createElement("li");
    item.id = `${this.list.id}-${place}`;
    item.setAttribute("role", "option");
    item.textContent = name;
    return item;
  }

  #point(place) {
    const items = [...this.list.children];
    items.forEach((item, at) => item.setAttribute("aria-selected", String(at === place)));
    if (items[place]) this.box.setAttribute("aria-activedescendant", items[place].id);
    else this.box.removeAttribute("aria-activedescendant");
    items[place]?.scrollIntoView({ block: "nearest" });
  }

  #key(event) {
    if (this.list.hidden) return;
    const items = [...this.list.children];
    const now = items.findIndex((item) => item.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") this.#point((now + (event.key === "ArrowDown" ? 1 : items.length - 1)) % items.length);
    else if (event.key === "Enter" || event.key === "Tab") this.#take(items[now]);
    else if (event.key === "Escape") this.#hide();
    else return;
    event.preventDefault();
  }

  #take(item) {
    if (!item) return;
    const end = this.box.selectionStart;
    const start = end - (this.#typed()?.length ?? 0);
    this.box.setRangeText(`${item.textContent} `, start, end, "end");
    this.#hide();
    this.box.focus();
  }

  #hide() {
    if (!this.list) return;
    this.list.hidden = true;
    this.box.removeAttribute("aria-activedescendant");
  }
}

customElements.define("manglar-mention", ManglarMention);
