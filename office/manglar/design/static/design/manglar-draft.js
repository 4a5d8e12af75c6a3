// <manglar-draft owner text-found text-drop>: what is written in the form inside it is kept in this browser until the
// server says that it was saved, so that a lost connection loses nothing. Passwords, files and hidden fields are not kept.
const PREFIX = "manglar-draft:";
const DAYS = 7;

function storage() {
  try {
    return window.localStorage;
  } catch {
    return null; // the browser does not let pages keep anything: the form works without
  }
}

/** The page that follows a saved form names the form's address: its draft is no longer needed. */
function forgetSaved() {
  const kept = storage();
  for (const note of document.querySelectorAll("[data-saved-form]")) {
    const ending = `:${note.dataset.savedForm}`;
    for (const key of Object.keys(kept ?? {})) if (key.startsWith(PREFIX) && key.endsWith(ending)) kept.removeItem(key);
  }
}

class ManglarDraft extends HTMLElement {
  #stop = null;

  connectedCallback() {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.form = this.querySelector("form");
    this.kept = storage();
    this.key = `${PREFIX}${this.getAttribute("owner")}:${location.pathname}`;
    if (!this.form || !this.kept) return;
    this.#bringBack();
    this.form.addEventListener("input", () => this.#keep(), { signal });
    this.form.addEventListener("submit", () => this.#keep(), { signal });
    this.form.addEventListener("submit", () => this.#wait(), { signal });
  }

  disconnectedCallback() {
    this.#stop?.abort();
  }

  #fields() {
    return [...this.form.elements].filter(
      (field) => field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type),
    );
  }

  #values() {
    return this.#fields().map((field) => {
      if (field.type === "checkbox" || field.type === "radio") return [field.name, field.value, field.checked];
      return [field.name, field.value, true];
    });
  }

  #keep() {
    this.kept.setItem(this.key, JSON.stringify({ at: Date.now(), values: this.#values() }));
  }

  /** A second click while the first is on its way does nothing. */
  #wait() {
    for (const button of this.form.querySelectorAll("button[type=submit]")) {
      setTimeout(() => (button.disabled = true));
      setTimeout(() => (button.disabled = false), 8000);
    }
  }

  #bringBack() {
    const told = JSON.parse(this.kept.getItem(this.key) ?? "null");
    if (!told) return;
    const old = Date.now() - told.at > DAYS * 24 * 3600 * 1000;
    const answered = this.querySelector(".m-errors") || document.querySelector("main .m-alert[role=alert]");
    if (old || JSON.stringify(told.values) === JSON.stringify(this.#values())) return this.kept.removeItem(this.key);
    if (answered) return; // the server gave the form back with what was written in it
    for (const field of this.#fields()) {
      const isChosen = field.type === "checkbox" || field.type === "radio";
      const kept = told.values.find(([name, value]) => name === field.name && (!isChosen || value === field.value));
      if (!kept) continue;
      if (isChosen) field.checked = kept[2];
      else field.value = kept[1];
    }
    document.dispatchEvent(new CustomEvent("manglar-draft")); // what shows the values of a field shows them anew
    this.#say();
  }

  #say() {
    const note = document.createElement("div");
    note.className = "m-alert m-alert--info";
    note.setAttribute("role", "status");
    const text = document.createElement("p");
    text.textContent = `${this.getAttribute("text-found")} `;
    const drop = document.createElement("button");
    drop.type = "button";
    drop.className = "usa-button usa-button--unstyled";
    drop.textContent = this.getAttribute("text-drop");
    drop.addEventListener("click", () => {
      this.kept.removeItem(this.key);
      this.form.reset();
      note.remove();
    });
    text.append(drop);
    note.append(document.createElement("span"), text);
    this.prepend(note);
  }
}

forgetSaved();
customElements.define("manglar-draft", ManglarDraft);
