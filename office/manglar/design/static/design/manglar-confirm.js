// <manglar-confirm question text yes no>: asks before the form inside it is sent.
// Without script the form goes to its address, which must ask by itself or be harmless.
class ManglarConfirm extends HTMLElement {
  #stop = null;
  #sure = false;

  connectedCallback() {
    this.#stop = new AbortController();
    this.addEventListener("submit", (event) => this.#ask(event), { signal: this.#stop.signal, capture: true });
  }

  disconnectedCallback() {
    this.#stop?.abort();
    this.dialog?.remove();
  }

  #ask(event) {
    if (this.#sure) {
      this.#sure = false;
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    const { target: form, submitter } = event;
    this.dialog?.remove();
    this.dialog = this.#dialog();
    document.body.append(this.dialog);
    this.dialog.addEventListener("close", () => {
      const agreed = this.dialog.returnValue === "yes";
      this.dialog.remove();
      if (!agreed) {
        submitter?.focus();
        return;
      }
      this.#sure = true;
      form.requestSubmit(submitter);
    });
    this.dialog.showModal();
  }

  #dialog() {
    const dialog = document.createElement("dialog");
    dialog.className = "m-dialog";
    dialog.setAttribute("aria-labelledby", "pregunta");
    const title = document.createElement("h2");
    title.id = "pregunta";
    title.textContent = this.getAttribute("question");
    const form = document.createElement("form");
    form.method = "dialog";
    form.className = "m-buttons";
    form.append(
      this.#button("no", "usa-button usa-button--outline"),
      this.#button("yes", `usa-button${this.hasAttribute("danger") ? " m-button--danger" : ""}`),
    );
    dialog.append(title);
    if (this.hasAttribute("text")) {
      const text = document.createElement("p");
      text.textContent = this.getAttribute("text");
      dialog.append(text);
    }
    dialog.append(form);
    return dialog;
  }

  #button(value, className) {
    const button = document.createElement("button");
    button.value = value;
    button.className = className;
    button.textContent = this.getAttribute(value);
    return button;
  }
}

customElements.define("manglar-confirm", ManglarConfirm);
