// Lines of a transcript in, a list out that follows what is played; a click plays a line.

const HANDS_OFF = 5000 // milliseconds after the operator has scrolled

class Lines {
  constructor(pick) {
    this.lines = []
    this.buttons = []
    this.touched = -Infinity
    this.box = el("ol", { class: "lines", "aria-label": "Transcript" })
    this.element = this.box
    this.on("click", (at) => pick(this.lines[at]))
    this.on("keydown", (at, event) => this.go(event, at))
    for (const name of ["wheel", "touchmove", "pointerdown"])
      this.box.addEventListener(name, () => (this.touched = performance.now()), { passive: true })
  }

  on(name, deed) {
    this.box.addEventListener(name, (event) => {
      const at = this.buttons.indexOf(event.target.closest("button"))
      if (at >= 0) deed(at, event)
    })
  }

  update(lines) {
    this.box.hidden = !lines.length
    const known = lines.length === this.lines.length
    if (known && lines.every((line, at) => alike(line, this.lines[at]))) return
    this.lines = lines
    this.now = undefined
    this.buttons = lines.map(({ start, text }, at) =>
      el("button", { tabindex: at ? -1 : 0 }, el("time", {}, clock(start)), el("span", {}, text)),
    )
    this.box.replaceChildren(...this.buttons.map((button) => el("li", {}, button)))
  }

  // Marks the line that is said at `time`; `follow` keeps it in view, inside its own box.
  moveTo(time, follow) {
    if (!this.lines.length) return
    const at = lastAt(this.lines, time)
    const now = this.lines[at].start <= time && time < this.lines[at].end ? at : undefined
    if (now === this.now) return
    this.buttons[this.now]?.removeAttribute("aria-current")
    this.buttons[now]?.setAttribute("aria-current", "true")
    this.now = now
    if (follow && now !== undefined && performance.now() - this.touched > HANDS_OFF) this.show(now)
  }

  show(at, again = false) {
    const { offsetTop, offsetHeight } = this.buttons[at].parentElement
    const { scrollTop, clientHeight } = this.box
    const seen = offsetTop >= scrollTop && offsetTop + offsetHeight <= scrollTop + clientHeight
    if (seen) return
    this.box.scrollTop = offsetTop - clientHeight / 3
    // the heights of lines that were out of view were guessed until now
    if (!again) requestAnimationFrame(() => this.show(at, true))
  }

  go(event, at) {
    const last = this.buttons.length - 1
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: last }[event.key]
    if (to === undefined) return
    event.preventDefault()
    const next = Math.min(last, Math.max(0, to))
    this.touched = performance.now()
    this.buttons[at].tabIndex = -1
    this.buttons[next].tabIndex = 0
    this.buttons[next].focus({ preventScroll: true })
    this.show(next)
  }
}

const alike = (one, other) =>
  one.start === other.start && one.end === other.end && one.text === other.text
