// What is typed into Streamlit's own text fields, handed to the server soon after the typing
// rests.  Streamlit does so only when the field is left or at Ctrl+Enter (Enter in a field of
// one line); this presses these keys, and moves neither focus nor caret.
//
// A text that Streamlit has sent is not yet one that Python has: going to another page ends what
// the server does for this one.  So who leaves waits until Python has it, or is asked.

const MS_TO_WAIT = 3000

class Autosave {
  constructor(root) {
    this.timers = new Map()
    this.typed = new Set()
    this.hooks = {
      input: (event) => this.wait(event),
      compositionend: (event) => this.wait(event),
      keydown: (event) => this.leave(event),
      click: (event) => this.hold(event),
      visibilitychange: () => document.visibilityState === "hidden" && this.keepAll(),
      pagehide: () => this.keepAll(),
      beforeunload: (event) => this.ask(event),
    }
    this.eachHook((name, hook) => window.addEventListener(name, hook, true))
    this.end = (event) => endHere(event)
    document.body.addEventListener("keydown", this.end)
    takeNoRoom(root.host)
  }

  eachHook(deed) {
    Object.entries(this.hooks).forEach(([name, hook]) => deed(name, hook))
  }

  update({ data }) {
    const isFirst = !this.data
    this.data = data
    if (isFirst) this.catchUp()
    if (this.link && !this.unknown().length) this.go()
  }

  // The fields are there before this is: nobody has heard what was typed in between.  Streamlit
  // has what stood in a field that was left.
  catchUp() {
    if (document.activeElement) this.wait({ target: document.activeElement })
  }

  // Listening at the window outlives every field: Streamlit draws them anew at will.
  field({ target }) {
    const ours = target.closest?.(`.st-key-${CSS.escape(this.data.container_key)}`)
    const native = target.matches?.(".stTextArea textarea, .stTextInput input")
    return ours && native && !target.closest("form, .stForm") ? target : null
  }

  // Else there would be no way without a mouse from a field to the keys of the page.
  leave(event) {
    if (event.key === "Escape" && !event.isComposing) this.field(event)?.blur()
  }

  wait(event) {
    const field = this.field(event)
    if (!field) return
    this.typed.add(field)
    this.forget(field)
    if (event.isComposing) return
    this.timers.set(field, setTimeout(() => this.keep(field), this.data.after_ms))
  }

  forget(field) {
    clearTimeout(this.timers.get(field))
    this.timers.delete(field)
  }

  // Streamlit hands on only a text that is another one than it had.
  keep(field) {
    this.forget(field)
    const ctrlKey = field.matches("textarea")
    const press = { key: "Enter", code: "Enter", ctrlKey, bubbles: true, cancelable: true }
    field.dispatchEvent(Object.assign(new KeyboardEvent("keydown", press), { ofAutosave: true }))
  }

  keepAll() {
    for (const field of [...this.timers.keys()]) this.keep(field)
  }

  // What Python does not have yet, as far as this is told what it has.
  unknown() {
    for (const field of this.typed) {
      if (!field.isConnected || this.isKnown(field)) this.typed.delete(field)
    }
    return [...this.typed]
  }

  isKnown(field) {
    const said = Object.entries(this.data.known).find(([key]) => field.closest(`.${drawnAs(key)}`))
    return !said || said[1] === field.value
  }

  // A click on a link to another page of this app counts a moment later.
  hold(event) {
    const link = event.composedPath().find((node) => node.matches?.("a[href]"))
    const isPlain = !(event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)
    if (!link || !isPlain || link.target === "_blank" || this.isGoing || !this.unknown().length) return
    event.preventDefault()
    event.stopImmediatePropagation()
    this.keepAll()
    this.link = link
    clearTimeout(this.patience)
    this.patience = setTimeout(() => this.go(), MS_TO_WAIT)
  }

  go() {
    const { link } = this
    this.stay()
    this.isGoing = true
    const drawnAnew = () => [...document.links].find(({ href }) => href === link.href)
    ;(link.isConnected ? link : (drawnAnew() ?? link)).click()
    this.isGoing = false
  }

  stay() {
    clearTimeout(this.patience)
    this.link = undefined
  }

  ask(event) {
    this.keepAll()
    if (this.unknown().length) event.preventDefault()
  }

  close() {
    this.stay()
    this.eachHook((name, hook) => window.removeEventListener(name, hook, true))
    this.keepAll()
    document.body.removeEventListener("keydown", this.end)
  }
}

// The class that Streamlit gives to what has this key.
function drawnAs(key) {
  return `st-key-${key.trim().replace(/[^a-zA-Z0-9_-]/g, "-")}`
}

// The fields hear keys at Streamlit's root, below the body.  The shortcuts hear them above it:
// they would take this key, which is never let go, for one that is held down all the time.
function endHere(event) {
  if (event.ofAutosave) event.stopPropagation()
}

function takeNoRoom(host) {
  const around = host.closest("[data-testid=stElementContainer]")
  if (around) around.style.position = "absolute"
}

export default (component) => drawn(Autosave, component)
