// Draws the uploads of this tab: a place to drop files, and a row for each of them.

const ACCEPT = "video/*,.mkv,.ts,.mts,.m2ts,.avi,.flv,.wmv,.mxf,.vob,.srt,.vtt,.json3"
const DRAGS = ["dragover", "dragleave", "drop"]
const FOLDER = "A folder cannot be dropped. Drop the files that are in it."

class Row {
  constructor(item, uploads, open) {
    Object.assign(this, { item, uploads })
    this.size = el("span", { class: "quiet size" })
    this.bar = el("progress", { "aria-label": `Upload of ${item.name}` })
    this.note = el("p", { class: "quiet note" })
    this.command = el("code", { hidden: true })
    this.beside = el("p", { class: "quiet" })
    this.open = el("button", { onclick: () => open(item.result.video_id) }, "Open video")
    this.again = el("button", { onclick: () => uploads.again(item) }, "Try again")
    this.drop = el("button", { onclick: () => uploads.remove(item) })
    this.element = el(
      "li",
      {},
      el("div", { class: "head" }, el("span", { class: "name" }, item.name), this.size),
      this.bar,
      el(
        "div",
        { class: "foot" },
        el("div", { class: "said" }, this.note, this.command, this.beside),
        el("div", { class: "deeds" }, this.open, this.again, this.drop),
      ),
    )
  }

  // True when its state is another one than at the last drawing.
  draw() {
    const { item } = this
    const news = this.element.dataset.state !== item.state
    const [sending, waiting] = [item.state === "sending", item.state === "waiting"]
    this.element.dataset.state = item.state
    say(this.size, bytes(item.size))
    this.bar.hidden = !(sending || waiting || item.state === "checking")
    this.bar.max = Math.max(1, item.size)
    this.bar.value = item.state === "checking" ? item.size : item.sent
    say(this.note, STATES[item.state](item))
    say(this.command, item.command ?? "")
    this.command.hidden = !item.command
    say(this.beside, remarks(item))
    this.open.hidden = item.state !== "added"
    this.again.hidden = !(item.state === "failed" && item.again)
    this.drop.hidden = item.state === "checking"
    say(this.drop, sending || waiting ? "Cancel" : "Clear")
    this.drop.setAttribute("aria-label", `${this.drop.textContent} ${item.name}`)
    return news
  }
}

const STATES = {
  early: (item) =>
    `A transcript. Add its video as well, such as ${item.name.replace(/\.[^.]*$/, "")}.mp4, ` +
    "and they go in together.",
  refused: (item) => item.message,
  waiting: () => "Waiting for its turn.",
  sending: (item) => [percent(item), ...pace(item)].join(" · "),
  checking: () => "Checking…",
  added: (item) =>
    item.result.known ? "Already in the library." : "Added: its reels are being made.",
  failed: (item) => item.message,
}

const percent = (item) => `${Math.floor((item.sent / Math.max(1, item.size)) * 100)} %`

function pace(item) {
  const speed = item.speed
  if (speed < 1 || item.sent === item.size) return []
  const left = Math.ceil((item.size - item.sent) / speed)
  return [`${bytes(speed)}/s`, left < 60 ? `${left} s left` : `${Math.ceil(left / 60)} min left`]
}

function remarks(item) {
  const beside = item.state === "early" ? [] : item.transcripts.map((file) => file.name)
  const notes = item.state === "added" ? (item.result.notes ?? []).map(String) : []
  return [beside.length ? `With ${beside.join(", ")}.` : "", ...notes].filter(Boolean).join(" ")
}

class Uploader {
  constructor(root) {
    this.uploads = globalThis.__gravixUploads ??= new Uploads()
    this.rows = new Map()
    this.build()
    root.append(this.element)
    this.soon = () => (this.frame ??= requestAnimationFrame(() => this.draw()))
    this.uploads.watchers.add(this.soon)
    this.listen()
  }

  build() {
    this.input = el("input", { type: "file", multiple: true, accept: ACCEPT, hidden: true })
    this.input.setAttribute("aria-label", "Videos and transcripts")
    this.choose = el("button", { class: "main", onclick: () => this.input.click() }, "Choose files")
    this.limit = el("p", { class: "quiet" })
    this.zone = el(
      "div",
      { class: "zone" },
      el("p", { class: "lead" }, "Drop videos here"),
      this.limit,
      this.choose,
      this.input,
    )
    this.trouble = el("p", { class: "trouble", role: "alert", hidden: true })
    this.list = el("ul", { "aria-label": "Files" })
    this.heard = el("p", { class: "unseen", role: "status" })
    this.element = el("div", { class: "uploader" }, this.zone, this.trouble, this.list, this.heard)
  }

  listen() {
    this.input.addEventListener("change", () => {
      this.take(this.input.files)
      this.input.value = "" // so that the same file may be chosen again
    })
    this.zone.addEventListener("drop", (event) => this.dropped(event))
    // A file that misses the zone would replace the dashboard, and end every upload.
    this.over = (event) => this.dragged(event)
    for (const name of DRAGS) window.addEventListener(name, this.over)
  }

  dragged(event) {
    if (!event.dataTransfer?.types.includes("Files")) return
    event.preventDefault()
    const inside = event.type === "dragover" && event.composedPath().includes(this.zone)
    this.zone.classList.toggle("over", inside)
    event.dataTransfer.dropEffect = inside ? "copy" : "none"
  }

  dropped(event) {
    const folders = [...event.dataTransfer.items].map((x) => x.webkitGetAsEntry?.()?.isDirectory)
    const files = [...event.dataTransfer.files].filter((_, index) => !folders[index])
    this.take(files, folders.some(Boolean) ? FOLDER : "")
  }

  take(files, trouble = "") {
    say(this.trouble, trouble)
    this.trouble.hidden = !trouble
    const { choice, limit_bytes } = this.data
    this.uploads.add([...files], choice, limit_bytes)
  }

  update({ data, setTriggerValue }) {
    Object.assign(this, { data, tell: setTriggerValue })
    say(
      this.limit,
      `Up to ${bytes(data.limit_bytes)} each. ` +
        "A transcript of the same name (.srt, .vtt or .json3) goes in with its video.",
    )
    this.draw()
  }

  draw() {
    this.frame = undefined
    const { list } = this.uploads
    for (const [item, row] of this.rows) if (!list.includes(item)) this.strike(item, row)
    for (const item of list) if (!this.rows.has(item)) this.enter(item)
    const news = list.filter((item) => this.rows.get(item).draw() && !BUSY.has(item.state))
    const told = news.map((item) => `${item.name}: ${STATES[item.state](item)}`)
    if (told.length) say(this.heard, told.join(" "))
    for (const item of list) if (item.state === "added" && !item.told) this.announce(item)
  }

  enter(item) {
    const row = new Row(item, this.uploads, (video_id) => this.tell("open", video_id))
    this.rows.set(item, row)
    this.list.append(row.element)
  }

  strike(item, row) {
    const focused = row.element.matches(":focus-within")
    this.rows.delete(item)
    row.element.remove()
    if (focused) this.choose.focus()
  }

  announce(item) {
    item.told = true
    const { video_id, title, known } = item.result
    this.tell("added", { video_id, title, known })
  }

  close() {
    this.uploads.watchers.delete(this.soon)
    cancelAnimationFrame(this.frame)
    for (const name of DRAGS) window.removeEventListener(name, this.over)
    this.element.remove()
  }
}

export default (component) => drawn(Uploader, component)
