/** What the page says while it shows the past: when that was, that writes are off, and the way back. */

export interface Banner {
  /** Another moment is shown. */
  update(time: number): void
  remove(): void
}

const STYLE = `
:host { all: initial; position: fixed; inset: 8px 0 auto; z-index: 2147483645; pointer-events: none; }
div {
  display: flex; gap: 12px; align-items: center; width: max-content; max-width: calc(100vw - 32px); margin: 0 auto;
  padding: 4px 4px 4px 14px; border-radius: 16px; background: #1f2124; color: #fff; pointer-events: auto;
  box-shadow: 0 0 0 1px #ffffff33, 0 4px 16px #00000066; font: 12px/24px system-ui, sans-serif; font-variant-numeric: tabular-nums;
}
button {
  all: unset; padding: 0 12px; border-radius: 12px; background: #a3c6ff; color: #0a2a57; font: 500 12px/24px system-ui, sans-serif;
  cursor: pointer;
}
button:hover { background: #c4dbff; }
button:focus-visible { outline: 2px solid #fff; outline-offset: 1px; }
`

/** Undefined where there is no document. `back` is called when somebody wants the present again. */
export function showBanner(time: number, back: () => void): Banner | undefined {
  if (typeof document === 'undefined') return undefined
  const host = document.createElement('ibex-showing')
  // Closed: an app's tests and scripts shall find what they find without it.
  const root = host.attachShadow({ mode: 'closed' })
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(STYLE)
  root.adoptedStyleSheets = [sheet]
  const box = document.createElement('div')
  box.setAttribute('role', 'status')
  const text = document.createElement('span')
  const button = document.createElement('button')
  button.type = 'button'
  button.textContent = 'Back to live'
  button.addEventListener('click', back)
  box.append(text, button)
  root.append(box)
  document.documentElement.append(host)

  function update(shown: number): void {
    text.textContent = bannerText(shown, Date.now())
  }
  update(time)
  return { update, remove: () => host.remove() }
}

/** With the time as the panel writes it, and the day where it is another one than now. */
export function bannerText(time: number, now: number): string {
  const date = new Date(time)
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')
  const day = dayOf(date)
  return `Showing ${day === dayOf(new Date(now)) ? '' : `${day} `}${clock} · writes are off`
}

function dayOf(date: Date): string {
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(two).join('-')
}

function two(n: number): string {
  return String(n).padStart(2, '0')
}
