/** A bare page that says what is there: pages, their stores and repositories, and how many commits each has. */
import type { InspectedStore } from '../../src/inspect/face.js'
import { connectToTab, inspectedOrigin, inspectedTab } from './pages.js'

const tab = inspectedTab()
const { inspection, access, request } = connectToTab(tab)
const stops = new Map<InspectedStore, (() => void)[]>()

/** Stores that are here are listened to, and what they tell is drawn. */
function follow(): void {
  const stores = inspection.stores.get()
  for (const store of stores) {
    if (stops.has(store)) continue
    const lives = [store.standing, store.about, store.repositories, store.data]
    stops.set(
      store,
      lives.map((live) => live.subscribe(draw)),
    )
  }
  for (const [store, undo] of stops) {
    if (stores.includes(store)) continue
    undo.forEach((stop) => stop())
    stops.delete(store)
  }
  draw()
}

function draw(): void {
  const pages = inspection.pages.get()
  const lines: HTMLElement[] = []
  if (access.get() === false) lines.push(offer())
  else if (pages.length === 0) lines.push(line('p', 'No Ibex store in this page.'))
  for (const store of inspection.stores.get()) {
    const { state, message } = store.standing.get()
    const { url } = store.page.get()
    lines.push(line('h2', `${store.name} — ${state}${message && `: ${message}`} — ${url}`))
    for (const { path, commits, heads, pending } of store.repositories.get()) {
      const copied = store.data.get()?.progress(path).get()
      const here = copied && copied.commits > 0 ? `, ${copied.commits} copied` : ''
      const row = line('p', `${path}: ${commits} commits, ${heads.length} heads, ${pending} pending${here} `)
      row.append(button('Copy', () => void copy(store, path)))
      lines.push(row)
    }
  }
  document.body.replaceChildren(...lines)
}

async function copy(store: InspectedStore, path: string): Promise<void> {
  const data = store.data.get()
  if (!data) return
  data.progress(path).subscribe(draw)
  await data.ready(path)
  draw()
}

/** A button with which the user gives the extension access to the page that is shown. */
function offer(): HTMLElement {
  const row = line('p', 'Ibex may not look into this page. ')
  row.append(
    button('Allow it on this site', () => {
      inspectedOrigin((origin) => void request(origin))
    }),
  )
  return row
}

function line(tag: string, text: string): HTMLElement {
  return Object.assign(document.createElement(tag), { textContent: text })
}

function button(text: string, onclick: () => void): HTMLElement {
  return Object.assign(document.createElement('button'), { textContent: text, onclick })
}

inspection.stores.subscribe(follow)
inspection.pages.subscribe(draw)
access.subscribe(draw)
draw()
