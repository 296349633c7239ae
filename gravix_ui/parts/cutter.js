// A stretch of a video in; it plays from edge to edge, and each edge can be set where it stands.

const EARLY = 0.02 // seconds: a picture is shown before the next look at the clock
const SHOWN = 0.05 // seconds before the end: the last picture that is played
const TROUBLE = "Your browser could not load this video. Reload the page."

class Cutter {
  constructor(root) {
    this.screen = el("div", { class: "screen" })
    this.frame = el("div", { class: "frame" }, this.screen)
    this.crop = el("div", { class: "crop", "aria-hidden": "true" })
    this.trouble = el("p", { class: "quiet", role: "status", hidden: true })
    this.band = el("div", { class: "band", "aria-hidden": "true" })
    this.line = el("input", { type: "range", step: "0.05", "aria-label": "Place in the video" })
    this.line.addEventListener("input", () => this.seek(Number(this.line.value)))
    this.time = el("span", { class: "time" })
    this.play = el("button", { onclick: () => this.toggle() }, "Play the reel")
    this.start = el("button", { onclick: () => this.mark("start") }, "Start here")
    this.end = el("button", { onclick: () => this.mark("end") }, "End here")
    const deeds = el("div", { class: "deeds" }, this.play, this.start, this.end, this.time)
    this.under = el("div", { class: "under" }, el("div", { class: "bar" }, this.band, this.line), deeds)
    this.element = el("div", { class: "cutter" }, this.frame, this.trouble, this.under)
    this.leaving = (event) => this.data.unsaved && event.preventDefault()
    window.addEventListener("beforeunload", this.leaving)
    root.append(this.element)
  }

  update({ data, setTriggerValue }) {
    const before = this.data
    Object.assign(this, { data, tell: setTriggerValue })
    const { start, end, earliest, latest } = data.stretch
    this.frame.style.setProperty("--aspect", data.aspect)
    this.show(before)
    this.under.hidden = !data.src
    Object.assign(this.line, { min: earliest, max: latest })
    const share = (at) => `${((at - earliest) / (latest - earliest)) * 100}%`
    this.band.style.left = share(start)
    this.band.style.right = `calc(100% - ${share(end)})`
    this.drawCrop(data.crop)
    if (before && this.video?.paused) this.follow(before.stretch, data.stretch)
    this.tick()
  }

  // What plays plays on: only another video takes its place.
  show(before) {
    const { src, poster, empty } = this.data
    if (!src) {
      this.video?.pause()
      this.video = undefined
      const picture = poster ? [el("img", { src: poster, alt: "" })] : []
      this.screen.replaceChildren(...picture, el("p", {}, empty))
    } else if (!this.video || path(before?.src ?? "") !== path(src)) this.load(src)
    else if (this.video.error && before.src !== src) this.load(src)
  }

  load(src) {
    const { start } = this.data.stretch
    const video = el("video", { playsinline: true, preload: "metadata", src: `${src}#t=${start}` })
    for (const name of ["timeupdate", "seeked", "loadedmetadata", "pause"])
      video.addEventListener(name, () => this.tick())
    video.addEventListener("playing", () => this.run())
    video.addEventListener("click", () => this.toggle())
    video.addEventListener("error", () => this.fail())
    this.video = video
    this.trouble.hidden = true
    this.screen.replaceChildren(video, this.crop)
  }

  fail() {
    say(this.trouble, TROUBLE)
    this.trouble.hidden = false
  }

  drawCrop(crop) {
    this.crop.hidden = !crop
    if (!crop) return
    const sides = { left: crop.x, top: crop.y, width: crop.width, height: crop.height }
    for (const [side, share] of Object.entries(sides)) this.crop.style[side] = `${share * 100}%`
  }

  // An edge that was moved is shown.
  follow(before, now) {
    if (before.start !== now.start) this.seek(now.start)
    else if (before.end !== now.end) this.seek(now.end - SHOWN)
  }

  seek(at) {
    if (this.video) this.video.currentTime = at
  }

  toggle() {
    const { video } = this
    const { start, end } = this.data.stretch
    if (!video.paused) {
      video.pause()
      return
    }
    const inside = video.currentTime >= start && video.currentTime < end - 2 * SHOWN
    if (!inside) video.currentTime = start
    video.play().catch(() => {})
  }

  mark(edge) {
    const at = Math.round(this.video.currentTime * 100) / 100
    this.tell("mark", { edge, at })
  }

  run() {
    if (!this.video || this.video.paused || !this.element.isConnected) return
    this.tick()
    cancelAnimationFrame(this.wait)
    this.wait = requestAnimationFrame(() => this.run())
  }

  tick() {
    if (!this.video) return
    const { currentTime: time, paused } = this.video
    if (!paused && time >= this.data.stretch.end - EARLY) this.video.pause()
    if (!this.line.matches(":active")) this.line.value = time
    this.line.setAttribute("aria-valuetext", tenths(time))
    say(this.time, tenths(time))
    say(this.play, paused ? "Play the reel" : "Pause")
  }

  close() {
    cancelAnimationFrame(this.wait)
    window.removeEventListener("beforeunload", this.leaving)
    this.video?.pause()
    this.element.remove()
  }
}

// "01:10.4": the place in the video to a tenth.
function tenths(seconds) {
  const whole = Math.floor(Math.round(seconds * 10) / 10)
  return `${clock(whole)}.${Math.round(seconds * 10) % 10}`
}

const path = (address) => address.split("?")[0]

export default (component) => drawn(Cutter, component)
