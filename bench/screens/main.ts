/** The page: shows the title, and notes when it first showed each. */
import { openTitle } from './opener.js'
import type { SharedTitle } from './screen.js'

const shared: SharedTitle = openTitle(location.hash === '#first')
const main = document.querySelector('main')!
const waiting = new Map<string, (at: number) => void>()
const now = (): number => performance.timeOrigin + performance.now()

export const screen = {
  ready: shared.ready,
  /** Milliseconds since 1970. */
  set(title: string): number {
    const at = now()
    shared.set(title)
    return at
  },
  /** When the document has this title. */
  shows: (title: string): Promise<number> => new Promise((resolve) => waiting.set(title, resolve)),
}
Object.assign(globalThis, { shared: screen })

shared.listen((title) => {
  main.textContent = title
  waiting.get(title)?.(now())
})
