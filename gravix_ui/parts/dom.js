// Names, attributes and texts in, elements out.  Texts only ever go in as text.

function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value)
    else if (value === true) made.setAttribute(name, "")
    else if (value !== false && value != null) made.setAttribute(name, value)
  }
  made.append(...children)
  return made
}

// Writes nothing that is there already, so that a screen reader hears each text once.
function say(element, text) {
  if (element.textContent !== text) element.textContent = text
}

// "01:10", or "1:01:10" from an hour on: as the pages write it.
function clock(seconds) {
  const whole = Math.round(seconds)
  const two = (number) => String(number).padStart(2, "0")
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60]
  const start = hours ? `${hours}:${two(minutes)}` : two(minutes)
  return `${start}:${two(whole % 60)}`
}

// Streamlit calls a part again at each change of its data, and runs the clean-up of a call
// that was overtaken by the next one.  So one view lives on the element, and only the
// clean-up of the last call ends it.
function drawn(View, component) {
  const root = component.parentElement
  root.gravixView ??= new View(root)
  const view = root.gravixView
  const turn = (view.turn = (view.turn ?? 0) + 1)
  view.update(component)
  return () => {
    if (view.turn !== turn || root.gravixView !== view) return
    root.gravixView = undefined
    view.close()
  }
}
