// A video with its chunks and its transcript in; all three play together.

const EARLY = 0.02 // seconds: a picture is shown before the next look at the clock
const TROUBLE = {
  network: "The video could not be loaded. Reload the page.",
  kind: "Your browser cannot play this video.",
}

const played = new Map() // by player: the last order to play, so that none is carried out twice

class Player {
  constructor(root) {
    this.screen = el("div", { class: "screen" })
    this.trouble = el("p", { class: "quiet", role: "status", hidden: true })
    this.strip = new Strip((at) => this.pickChunk(at))
    this.only = el("button", { class: "only", "aria-pressed": "false" }, "Stop after the chunk")
    this.only.addEventListener("click", () => this.toggleOnly())
    this.under = el("div", { class: "under" }, this.strip.legend, this.only)
    this.lines = new Lines((line) => this.play(line.start))
    this.element = el(
      "div",
      { class: "player" },
      this.screen,
      this.trouble,
      this.strip.element,
      this.under,
      this.lines.element,
    )
    root.append(this.element)
  }

  update({ data: [data] }) {
    this.show(data)
    const chunks = data.chunks.map(([start, end, state, label]) => ({ start, end, state, label }))
    this.strip.update(chunks, data.duration)
    this.under.hidden = !chunks.length
    this.only.hidden = !data.src
    this.lines.update(data.lines.map(([start, end, text]) => ({ start, end, text })))
    this.tick()
    if (data.play && data.src && played.get(data.key) !== data.play.nonce) {
      played.set(data.key, data.play.nonce)
      this.play(data.play.start, data.play.end)
      this.screen.scrollIntoView({ block: "nearest" })
    }
  }

  // A video that is there stays untouched, so it plays on; a new address of the same file
  // is kept for when the old one has run out.
  show({ src, poster, empty }) {
    const [before, video] = [this.src, this.video]
    this.src = src
    if (!src) this.showEmpty(poster, empty)
    else if (!video || path(before) !== path(src)) this.showVideo(src)
    else if (video.error && before !== src) this.resume()
    if (src && poster && this.video.getAttribute("poster") !== poster) this.video.poster = poster
  }

  showEmpty(poster, empty) {
    if (this.video || !this.sentence || this.poster !== poster) {
      this.video?.pause()
      this.video = undefined
      this.poster = poster
      this.sentence = el("p")
      const picture = poster ? [el("img", { src: poster, alt: "" })] : []
      this.screen.replaceChildren(...picture, this.sentence)
    }
    say(this.sentence, empty)
  }

  showVideo(src) {
    const video = el("video", { controls: true, playsinline: true, preload: "metadata", src })
    for (const name of ["timeupdate", "seeked", "loadedmetadata"])
      video.addEventListener(name, () => this.tick())
    video.addEventListener("playing", () => this.run())
    video.addEventListener("seeking", () => this.leaveStretch())
    video.addEventListener("error", () => this.fail(src))
    this.video = video
    this.trouble.hidden = true
    this.screen.replaceChildren(video)
  }

  fail(src) {
    if (src !== this.src) {
      this.resume()
      return
    }
    const kind = this.video.error?.code === MediaError.MEDIA_ERR_NETWORK ? "network" : "kind"
    say(this.trouble, TROUBLE[kind])
    this.trouble.hidden = false
  }

  // Goes on where it was, from the new address.
  resume() {
    const { currentTime, paused } = this.video
    this.showVideo(this.src)
    this.video.currentTime = currentTime
    if (!paused) this.start()
  }

  pickChunk(at) {
    const { start, end } = this.strip.chunks[at]
    this.play(start, this.only.ariaPressed === "true" ? end : undefined)
  }

  toggleOnly() {
    this.only.ariaPressed = this.only.ariaPressed === "true" ? "false" : "true"
  }

  // Plays from `start`; with an `end`, exactly to there.
  play(start, end) {
    if (!this.video) return
    this.stretch = end === undefined ? undefined : { start, end }
    this.video.currentTime = start
    this.start()
  }

  // A browser may forbid sound before the first click on a page: then the play button is left.
  start() {
    this.video.play().catch(() => {})
  }

  leaveStretch() {
    const { stretch, video } = this
    if (stretch && (video.currentTime < stretch.start - 0.5 || video.currentTime > stretch.end))
      this.stretch = undefined
  }

  run() {
    if (!this.video || this.video.paused || !this.element.isConnected) return
    this.tick()
    cancelAnimationFrame(this.frame)
    this.frame = requestAnimationFrame(() => this.run())
  }

  tick() {
    if (!this.video) return
    const { currentTime: time, paused } = this.video
    if (this.stretch && time >= this.stretch.end - EARLY) {
      this.stretch = undefined
      this.video.pause()
    }
    this.strip.moveTo(time)
    this.lines.moveTo(time, !paused)
  }

  close() {
    cancelAnimationFrame(this.frame)
    this.video?.pause()
    this.strip.close()
    this.element.remove()
  }
}

const path = (address) => address.split("?")[0]

export default (component) => drawn(Player, component)
