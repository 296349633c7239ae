// The way to Facebook's dialog, and the way back for a browser that could not come back by itself.
// Both go to /api/social, where the cookie of this browser is known; no page can read it.

class Connect {
  constructor(root) {
    this.link = el("a", { class: "main", target: "_self" })
    this.field = el("input", {
      type: "url",
      autocomplete: "off",
      "aria-label": "Address from the browser's bar",
      placeholder: "http://localhost:8501/api/social/facebook/callback?code=…",
    })
    this.button = el("button", { type: "submit" }, "Connect with this address")
    this.trouble = el("p", { class: "trouble", role: "alert", hidden: true })
    this.form = el("form", { onsubmit: (event) => this.paste(event) }, this.field, this.button)
    this.around = el("div", {}, el("div", { class: "ways" }, this.link), this.details())
    root.append(this.around)
  }

  details() {
    const told =
      "If Facebook led to a page that does not open, copy the whole address from the browser's " +
      "bar, of that page, and paste it here within ten minutes."
    return el(
      "details",
      {},
      el("summary", {}, "Facebook led to a page that does not open"),
      el("p", { class: "quiet" }, told),
      this.form,
      this.trouble,
    )
  }

  update({ data, setTriggerValue }) {
    this.tell = setTriggerValue
    this.link.href = data.again ? "/api/social/connect?go=1&again=1" : "/api/social/connect?go=1"
    say(this.link, data.label)
  }

  async paste(event) {
    event.preventDefault()
    const address = this.field.value.trim()
    if (!address || this.button.disabled) return
    this.button.disabled = true
    this.trouble.hidden = true
    try {
      const answer = await fetch("/api/social/paste", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ address }),
      })
      const said = await answer.json()
      if (!answer.ok) throw new Error(`${said.message ?? said.title ?? ""} ${said.hint ?? said.detail ?? ""}`)
      this.field.value = ""
      this.tell("came", said.reference)
    } catch (error) {
      this.trouble.hidden = false
      say(this.trouble, error.message.trim() || "The connection was lost. Try again.")
    } finally {
      this.button.disabled = false
    }
  }

  close() {
    this.around.remove()
  }
}

export default (component) => drawn(Connect, component)
