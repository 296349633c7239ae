// Chunks in, the whole video as one bar out: a button for each chunk, as wide as it is long.
// Where one row would leave too little to point at, the bar goes on in further rows, as text does.

const NAMES = {
  approved: "Approved",
  to_review: "To review",
  at_work: "At work",
  waiting: "Waiting",
  rejected: "Rejected",
  failed: "Failed",
  not_made: "Not made",
}
const ROOM = matchMedia("(pointer: coarse)").matches ? 13 : 7 // pixels for the average chunk

class Strip {
  constructor(pick) {
    this.pick = pick
    this.chunks = []
    this.buttons = []
    this.rowsNow = 0
    this.bar = el("div", { class: "bar", role: "group", "aria-label": "Chunks of the video" })
    this.head = el("div", { class: "head", "aria-hidden": "true" })
    this.tip = el("div", { class: "tip", "aria-hidden": "true", hidden: true })
    this.legend = el("ul", { class: "legend", "aria-label": "States of the chunks" })
    this.element = el("div", { class: "strip" }, this.bar, this.head, this.tip)
    this.on("click", (at) => this.pick(at))
    this.on("keydown", (at, event) => this.go(event, at))
    this.on("pointerover", (at) => this.explain(at))
    this.on("focusin", (at) => this.explain(at))
    for (const name of ["pointerleave", "focusout"])
      this.bar.addEventListener(name, () => (this.tip.hidden = true))
    this.width = new ResizeObserver(() => this.lay())
    this.width.observe(this.element)
  }

  on(name, deed) {
    this.bar.addEventListener(name, (event) => {
      const at = this.buttons.indexOf(event.target)
      if (at >= 0) deed(at, event)
    })
  }

  // Chunks that lie as before keep their buttons, and so the focus.
  update(chunks, whole) {
    const duration = Math.max(whole, chunks.at(-1)?.end ?? 0)
    const moved =
      duration !== this.duration ||
      chunks.length !== this.chunks.length ||
      chunks.some((chunk, at) => differs(chunk, this.chunks[at]))
    Object.assign(this, { chunks, duration })
    this.element.hidden = !chunks.length
    if (moved) {
      this.buttons = chunks.map((_, at) => el("button", { tabindex: at ? -1 : 0 }))
      this.rowsNow = 0
      this.lay()
    }
    this.buttons.forEach((button, at) => {
      button.dataset.state = chunks[at].state
      button.setAttribute("aria-label", this.words(at))
    })
    this.explainStates()
  }

  words(at) {
    const { label, start, end, state } = this.chunks[at]
    return `${label}, ${clock(start)} to ${clock(end)}, ${NAMES[state].toLowerCase()}`
  }

  explainStates() {
    const count = (state) => this.chunks.filter((chunk) => chunk.state === state).length
    const seen = Object.keys(NAMES).filter(count)
    const entry = (state) => {
      const key = el("span", { class: "key", "data-state": state })
      return el("li", {}, key, `${NAMES[state]} ${count(state)}`)
    }
    this.legend.replaceChildren(...seen.map(entry))
  }

  lay() {
    const width = this.element.clientWidth
    if (!width || !this.chunks.length) return
    const rows = Math.max(1, Math.ceil((this.chunks.length * ROOM) / width))
    if (rows !== this.rowsNow) this.fill(rows)
    this.places = this.buttons.map((button) => ({
      top: button.parentElement.offsetTop,
      left: button.offsetLeft,
      width: button.offsetWidth,
    }))
    this.moveTo(this.time ?? 0)
  }

  // All rows have one scale: the last one ends where the video does.
  fill(rows) {
    this.rowsNow = rows
    const { chunks, duration } = this
    const rowOf = ({ start, end }) => Math.floor((((start + end) / 2) * rows) / duration)
    const parts = Array.from({ length: rows }, () => [])
    chunks.forEach((chunk, at) => parts[Math.min(rows - 1, rowOf(chunk))].push(at))
    const lengths = parts.map((part) => part.reduce((sum, at) => sum + long(chunks[at]), 0))
    const longest = Math.max(...lengths)
    const made = parts.map((part, row) => {
      part.forEach((at) => (this.buttons[at].style.flexGrow = long(chunks[at])))
      const rest = el("span", { class: "rest" })
      rest.style.flexGrow = longest - lengths[row]
      return el("div", { class: "row" }, ...part.map((at) => this.buttons[at]), rest)
    })
    const focused = this.buttons.find((button) => button.matches(":focus"))
    this.bar.replaceChildren(...made)
    focused?.focus()
  }

  moveTo(time) {
    this.time = time
    if (!this.places?.length) return
    const now = lastAt(this.chunks, time)
    const { start } = this.chunks[now]
    const share = Math.min(1, Math.max(0, (time - start) / long(this.chunks[now])))
    const { top, left, width } = this.places[now]
    this.head.style.transform = `translate(${left + share * width}px, ${top}px)`
    if (now === this.now && this.buttons[now].hasAttribute("aria-current")) return
    this.buttons[this.now]?.removeAttribute("aria-current")
    this.buttons[now].setAttribute("aria-current", "true")
    this.now = now
  }

  // The bar is one stop of the Tab key; within it the arrow keys lead.
  go(event, at) {
    const last = this.buttons.length - 1
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last }[event.key]
    const next = to ?? this.beside(event.key, at)
    if (next === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    this.buttons.forEach((button) => (button.tabIndex = -1))
    const button = this.buttons[Math.min(last, Math.max(0, next))]
    button.tabIndex = 0
    button.focus()
  }

  beside(key, at) {
    const side = { ArrowUp: -1, ArrowDown: 1 }[key]
    if (!side || this.rowsNow < 2) return undefined
    const { places } = this
    const tops = [...new Set(places.map(({ top }) => top))]
    const goal = tops[tops.indexOf(places[at].top) + side]
    const row = [...places.keys()].filter((index) => places[index].top === goal)
    return row.findLast((index) => places[index].left <= places[at].left) ?? at
  }

  explain(at) {
    const { top, left, width } = this.places[at]
    say(this.tip, this.words(at))
    this.tip.hidden = false
    const room = this.element.clientWidth - this.tip.offsetWidth
    const middle = left + width / 2 - this.tip.offsetWidth / 2
    this.tip.style.transform = `translate(${Math.max(0, Math.min(room, middle))}px, ${top}px)`
  }

  close() {
    this.width.disconnect()
  }
}

const long = ({ start, end }) => end - start

const differs = (one, other) => one.start !== other.start || one.end !== other.end

// Index of the last of `parts`, ordered by start, that starts at `time` or before; 0 at least.
function lastAt(parts, time) {
  let [low, high] = [0, parts.length]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (parts[middle].start <= time) low = middle
    else high = middle
  }
  return low
}
