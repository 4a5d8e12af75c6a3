// <manglar-palette src action text-…>: Ctrl-K opens a dialog that goes to a page of the desk or to a record.
// The pages are the links of the side navigation; the records come from src as JSON: {"total": n, "items": [{title, kind, government, url}]}.
// Without script its link leads to the search page (action), which does the same.
const PAUSE = 150;
const SHORTEST = 2;

function fold(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

class ManglarPalette extends HTMLElement {
  #stop = null;
  #asking = null;
  #timer = 0;
  #active = -1;
  #found = null;

  connectedCallback() {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    document.addEventListener("keydown", (event) => this.#shortcut(event), { signal });
    this.addEventListener("click", (event) => this.#click(event), { signal });
  }

  disconnectedCallback() {
    this.#stop?.abort();
    this.#forget();
    this.dialog?.remove();
    this.dialog = null;
  }

  #text(name) {
    return this.getAttribute(`text-${name}`) ?? "";
  }

  #shortcut(event) {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      this.open();
    }
  }

  #click(event) {
    const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (plain && event.target.closest("a")) {
      event.preventDefault();
      this.open();
    }
  }

  open() {
    if (this.dialog?.open) return;
    this.dialog ??= this.#furnish();
    this.input.value = "";
    this.#found = null;
    this.dialog.showModal();
    this.#draw();
  }

  #furnish() {
    const dialog = make("dialog", "m-dialog m-palette");
    dialog.setAttribute("aria-label", this.#text("title"));
    const form = make("form", "m-palette__form");
    form.action = this.getAttribute("action");
    form.setAttribute("role", "search");
    form.setAttribute("aria-label", this.#text("title"));
    this.input = make("input", "m-palette__input");
    for (const [name, value] of Object.entries({
      type: "text", name: "q", maxlength: "200", autocomplete: "off", spellcheck: "false", role: "combobox",
      placeholder: this.#text("placeholder"), "aria-label": this.#text("title"), "aria-expanded": "true",
      "aria-controls": "paleta-lista", "aria-autocomplete": "list",
    })) this.input.setAttribute(name, value);
    const close = make("button", "m-palette__close", "Esc");
    close.type = "button";
    close.setAttribute("aria-label", this.#text("close"));
    close.addEventListener("click", () => dialog.close());
    form.append(this.input, close);
    this.list = make("div", "m-palette__list");
    this.list.id = "paleta-lista";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", this.#text("title"));
    this.status = make("p", "m-palette__status");
    this.status.setAttribute("role", "status");
    dialog.append(form, this.list, this.status);
    this.input.addEventListener("input", () => this.#typed());
    this.input.addEventListener("keydown", (event) => this.#key(event));
    form.addEventListener("submit", (event) => this.#submit(event));
    this.list.addEventListener("click", (event) => this.#go(event.target.closest("[role=option]")));
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
    dialog.addEventListener("close", () => this.#forget());
    document.body.append(dialog);
    return dialog;
  }

  #forget() {
    clearTimeout(this.#timer);
    this.#asking?.abort();
  }

  #typed() {
    this.#forget();
    this.#found = null;
    this.#draw();
    const query = this.input.value.trim();
    if (query.length >= SHORTEST) this.#timer = setTimeout(() => this.#ask(query), PAUSE);
  }

  async #ask(query) {
    const asking = this.#asking = new AbortController();
    const address = new URL(this.getAttribute("src"), document.baseURI);
    address.searchParams.set("q", query);
    try {
      const answer = await fetch(address, { headers: { Accept: "application/json" }, credentials: "same-origin", signal: asking.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      this.#found = await answer.json();
      this.#draw();
    } catch {
      if (!asking.signal.aborted) this.status.textContent = this.#text("failed");
    }
  }

  #pages(query) {
    const wanted = fold(query).split(/\s+/).filter(Boolean);
    return [...document.querySelectorAll("nav.m-side a[href]")]
      .map((link) => ({ title: link.firstChild.textContent.trim(), url: link.href, kind: "" }))
      .filter(({ title }) => wanted.every((word) => fold(title).includes(word)));
  }

  #draw() {
    const query = this.input.value.trim();
    const pages = this.#pages(query);
    const records = query.length >= SHORTEST ? this.#found?.items ?? [] : [];
    this.list.replaceChildren();
    this.#group(this.#text("pages"), pages);
    this.#group(this.#text("records"), records);
    if (this.#found && this.#found.total > records.length) {
      const all = `${this.getAttribute("action")}?${new URLSearchParams({ q: query })}`;
      this.#group(`${this.#found.total} ${this.#text("some")}`, [{ title: this.#text("all"), url: all, kind: "" }]);
    }
    const options = this.#options();
    const waiting = query.length >= SHORTEST && !this.#found;
    const count = pages.length + (this.#found?.total ?? 0);
    this.status.textContent = waiting ? "" : options.length ? `${count} ${this.#text("some")}` : this.#text("none");
    this.list.hidden = !options.length;
    this.input.setAttribute("aria-expanded", String(Boolean(options.length)));
    this.#choose(options.length && query ? 0 : -1);
  }

  #group(label, entries) {
    if (!entries.length) return;
    const group = make("div", "m-palette__group");
    group.setAttribute("role", "group");
    const heading = make("p", "m-palette__label", label);
    heading.id = `paleta-grupo-${this.list.children.length}`;
    group.setAttribute("aria-labelledby", heading.id);
    heading.setAttribute("role", "presentation");
    group.append(heading);
    for (const { title, kind, government, url } of entries) {
      const option = make("div", "m-palette__option");
      option.setAttribute("role", "option");
      option.id = `paleta-${this.#options().length + group.querySelectorAll("[role=option]").length}`;
      option.dataset.url = url;
      option.append(make("span", "m-palette__name", title));
      const about = [kind, government].filter(Boolean).join(" · ");
      if (about) option.append(make("span", "m-palette__kind", about));
      group.append(option);
    }
    this.list.append(group);
  }

  #options() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  #choose(place) {
    const options = this.#options();
    this.#active = options.length ? place : -1;
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === this.#active)));
    const chosen = options[this.#active];
    if (chosen) {
      this.input.setAttribute("aria-activedescendant", chosen.id);
      chosen.scrollIntoView({ block: "nearest" });
    } else this.input.removeAttribute("aria-activedescendant");
  }

  #key(event) {
    const count = this.#options().length;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !count) return;
    event.preventDefault();
    const from = this.#active < 0 && step < 0 ? 0 : this.#active;
    this.#choose((from + step + count) % count);
  }

  #submit(event) {
    const chosen = this.#options()[this.#active];
    if (chosen || !this.input.value.trim()) {
      event.preventDefault();
      this.#go(chosen);
    }
  }

  #go(option) {
    if (!option) return;
    this.dialog.close();
    location.assign(option.dataset.url);
  }
}

customElements.define("manglar-palette", ManglarPalette);
