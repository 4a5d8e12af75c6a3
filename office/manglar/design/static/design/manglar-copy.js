// <manglar-copy for text-copy text-done text-share title>: a button that copies the text of an element, and on a phone
// another that hands it to its applications. Without script the text is there to select.
class ManglarCopy extends HTMLElement {
  connectedCallback() {
    const shown = document.getElementById(this.getAttribute("for"));
    if (!shown || this.childElementCount) return;
    const text = () => (shown.value ?? shown.textContent).trim();
    const said = document.createElement("span");
    said.setAttribute("role", "status");
    said.className = "m-soft";
    if (navigator.clipboard) {
      this.append(this.#button(this.getAttribute("text-copy"), async () => {
        await navigator.clipboard.writeText(text());
        said.textContent = this.getAttribute("text-done");
      }));
    } else {
      this.append(this.#button(this.getAttribute("text-copy"), () => {
        getSelection().selectAllChildren(shown);
        said.textContent = document.execCommand("copy") ? this.getAttribute("text-done") : "";
      }));
    }
    if (navigator.share && this.hasAttribute("text-share")) {
      this.append(this.#button(this.getAttribute("text-share"), () => {
        const title = this.getAttribute("title") ?? "";
        navigator.share({ title, text: `${title}\n${text()}` }).catch(() => {}); // closing the sheet is no fault
      }));
    }
    this.append(said);
  }

  #button(label, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "usa-button usa-button--outline";
    button.textContent = label;
    button.addEventListener("click", act);
    return button;
  }
}

customElements.define("manglar-copy", ManglarCopy);
