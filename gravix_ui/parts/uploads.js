// Files in, videos in the library out.  Lives as long as the browser tab, whatever page of
// the dashboard is open; the uploader on the page only draws it.

const TRANSCRIPT = /\.(srt|vtt|json3)$/i
const VIDEO =
  /\.(mp4|m4v|mov|qt|mkv|webm|avi|m?ts|m2ts|mpe?g|m2v|vob|wmv|asf|f[l4]v|og[vm]|3g[p2]|mxf|dv)$/i
const TONGUE = /^\.[\p{L}\p{N}_-]{1,24}$/u // ".en" in talk.en.vtt
const AT_ONCE = 2
const SPEED_OVER = 5000 // milliseconds
const LOST = "The connection was lost. Try again."
const BUSY = new Set(["waiting", "sending", "checking"])

// A reason to stop that the operator is told; `again` when the same may work later.
class Trouble extends Error {
  constructor(message, again) {
    super(message)
    this.again = again
  }
}

class Upload {
  static last = 0

  constructor(file, choice = {}) {
    this.id = Upload.last += 1
    this.name = file.name
    this.files = [file]
    this.choice = choice
    this.state = "waiting"
    this.told = false
    this.rewind()
  }

  rewind() {
    this.batch = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
      byte.toString(16).padStart(2, "0"),
    ).join("")
    this.sentFiles = new Set()
    this.sent = 0
    this.marks = []
    this.message = ""
  }

  get size() {
    return this.files.reduce((sum, file) => sum + file.size, 0)
  }

  get transcripts() {
    return this.files.filter((file) => TRANSCRIPT.test(file.name))
  }

  // Transcripts go first: they are small, and the video then finds them there.
  next() {
    const left = this.files.filter((file) => !this.sentFiles.has(file))
    return left.find((file) => TRANSCRIPT.test(file.name)) ?? left[0]
  }

  mark(sent) {
    const now = performance.now()
    this.sent = Math.min(sent, this.size)
    this.marks.push([now, sent])
    while (this.marks.length > 2 && now - this.marks[0][0] > SPEED_OVER) this.marks.shift()
  }

  // Bytes per second over the last seconds; 0 while it is too early to tell.
  get speed() {
    if (this.marks.length < 2) return 0
    const [from, start] = this.marks[0]
    const [to, end] = this.marks[this.marks.length - 1]
    return to - from < 300 ? 0 : ((end - start) / (to - from)) * 1000
  }
}

class Uploads {
  constructor() {
    this.list = []
    this.watchers = new Set()
    this.warn = (event) => {
      event.preventDefault()
      event.returnValue = true // what browsers of before 2024 ask for
    }
  }

  // Takes what was dropped or chosen; `choice` holds for these files, whatever comes later.
  add(files, choice, limit) {
    const [transcripts, others] = [[], []]
    for (const file of files) (TRANSCRIPT.test(file.name) ? transcripts : others).push(file)
    others.forEach((file) => this.addVideo(file, choice, limit))
    transcripts.forEach((file) => this.addTranscript(file))
    this.start()
    this.changed()
  }

  addVideo(file, choice, limit) {
    if (this.list.some((item) => BUSY.has(item.state) && same(item.files[0], file))) return
    const item = new Upload(file, choice)
    const why = refusal(file, limit)
    if (why) Object.assign(item, { state: "refused", ...why })
    else {
      const early = this.list.filter((x) => x.state === "early" && belongs(x.name, file.name))
      item.files.push(...early.flatMap((x) => x.files))
      this.list = this.list.filter((x) => !early.includes(x))
    }
    this.list.push(item)
  }

  addTranscript(file) {
    if (this.list.some((item) => item.files.some((known) => same(known, file)))) return
    const open = (item) => item.state === "waiting" || item.state === "sending"
    const video = this.list.findLast((item) => open(item) && belongs(file.name, item.name))
    if (video) video.files.push(file)
    else this.list.push(Object.assign(new Upload(file), { state: "early" }))
  }

  start() {
    const running = this.list.filter(({ state }) => state === "sending" || state === "checking")
    const free = Math.max(0, AT_ONCE - running.length)
    const waiting = this.list.filter(({ state }) => state === "waiting").slice(0, free)
    waiting.forEach((item) => this.run(item))
  }

  async run(item) {
    item.state = "sending"
    try {
      for (let file = item.next(); file; file = item.next()) await this.put(item, file)
      item.state = "checking"
      this.changed()
      item.result = await ask(item, "POST", address(item.batch), JSON.stringify(item.choice))
      item.state = "added"
    } catch (trouble) {
      if (item.state !== "gone") this.fail(item, trouble)
    }
    this.start()
    this.changed()
  }

  async put(item, file) {
    const before = [...item.sentFiles].reduce((sum, done) => sum + done.size, 0)
    await ask(item, "PUT", address(item.batch, file.name), file, (loaded) => {
      item.mark(before + loaded)
      this.changed()
    })
    item.sentFiles.add(file)
  }

  fail(item, trouble) {
    const known = trouble instanceof Trouble
    item.state = "failed"
    item.message = known ? trouble.message : LOST
    item.again = known ? trouble.again : true
    discard(item.batch)
  }

  again(item) {
    item.rewind()
    item.state = "waiting"
    this.start()
    this.changed()
  }

  // Takes it off the list, and stops it first when it is on its way.
  remove(item) {
    const sending = item.state === "sending"
    item.state = "gone"
    item.request?.abort()
    if (sending) discard(item.batch)
    this.list = this.list.filter((other) => other !== item)
    this.start()
    this.changed()
  }

  changed() {
    const busy = this.list.some((item) => BUSY.has(item.state))
    if (busy) window.addEventListener("beforeunload", this.warn)
    else window.removeEventListener("beforeunload", this.warn)
    this.watchers.forEach((watcher) => watcher())
  }
}

const same = (one, other) =>
  one.name === other.name && one.size === other.size && one.lastModified === other.lastModified

const stem = (name) => name.replace(/\.[^.]*$/, "").toLowerCase()

// talk.srt and talk.en.srt belong to talk.mp4.
function belongs(transcript, video) {
  const [mine, theirs] = [stem(transcript), stem(video)]
  return mine === theirs || (mine.startsWith(theirs) && TONGUE.test(mine.slice(theirs.length)))
}

function refusal(file, limit) {
  if (!file.type.startsWith("video/") && !VIDEO.test(file.name))
    return { message: "This is neither a video nor a transcript (.srt, .vtt or .json3)." }
  if (file.size === 0) return { message: "This file is empty." }
  if (file.size <= limit) return null
  return {
    message: `The page takes up to ${bytes(limit)}. The command line takes more:`,
    command: "python -m gravix_core process FILE",
  }
}

const address = (batch, ...names) =>
  ["/api/uploads", batch, ...names.map(encodeURIComponent)].join("/")

function discard(batch) {
  fetch(address(batch), { method: "DELETE", keepalive: true }).catch(() => {})
}

// One request; its answer, or a Trouble.
async function ask(item, method, url, body, progress) {
  const request = (item.request = new XMLHttpRequest())
  const status = await new Promise((done) => {
    request.open(method, url)
    if (method === "POST") request.setRequestHeader("Content-Type", "application/json")
    if (progress) request.upload.onprogress = (event) => progress(event.loaded)
    request.onloadend = () => done(request.status)
    request.send(body)
  })
  if (status === 0) throw new Trouble(await whyLost(body), true)
  const answer = read(request.responseText)
  if (status >= 200 && status < 300) return answer
  const why = sentences(answer) || "Gravix could not take this file. Try again."
  throw new Trouble(why, status >= 500)
}

// A file that was moved since it was chosen ends the request like a lost connection.
async function whyLost(body) {
  if (!(body instanceof File)) return LOST
  return body.slice(0, 1).arrayBuffer().then(
    () => LOST,
    () => "This file was moved or changed since you chose it. Clear it here and choose it again.",
  )
}

function read(text) {
  try {
    return JSON.parse(text) ?? {}
  } catch {
    return {}
  }
}

function sentences({ message, hint }) {
  const closed = (text) => (/[.!?…]$/.test(text) ? text : `${text}.`)
  return [message, hint].filter(Boolean).map((text) => closed(String(text))).join(" ")
}

// "48.3 MB", in steps of 1024 as the file limits are.
function bytes(count) {
  const units = ["bytes", "KB", "MB", "GB", "TB"]
  const power = count < 1 ? 0 : Math.min(4, Math.floor(Math.log2(count) / 10))
  const number = count / 1024 ** power
  const places = power < 2 || number >= 100 ? 0 : 1
  return `${Number(number.toFixed(places))} ${units[power]}`
}
