/** The button in a corner of the page, in a shadow root of its own, so that the app's styles and its own do not meet. */
import { closeDevtools, dockWatchers, toggleDock } from './page-dock.js'

const STYLE = `
:host { all: initial; position: fixed; z-index: 2147483646; }
:host([hidden]) { display: none; }
button {
  display: grid; place-items: center; width: 32px; height: 32px; margin: 12px; padding: 0; border: 0; border-radius: 50%;
  background: light-dark(#ffffff, #303134); color: light-dark(#0b57d0, #a3c6ff); color-scheme: light dark;
  box-shadow: 0 0 0 1px light-dark(#1f21241f, #ffffff2e), 0 2px 8px #00000033; opacity: 0.85; cursor: pointer;
}
button:hover { opacity: 1; }
button:focus-visible { outline: 2px solid currentColor; outline-offset: 2px; opacity: 1; }
svg { width: 18px; height: 18px; fill: none; stroke: currentColor; stroke-width: 1.5; stroke-linecap: round; stroke-linejoin: round; }
`
/** Commits of two who go apart. */
const SIGN =
  '<svg viewBox="0 0 18 18" aria-hidden="true"><circle cx="5" cy="4.5" r="1.75"/><circle cx="5" cy="13.5" r="1.75"/><circle cx="13" cy="7" r="1.75"/><path d="M5 6.25v5.5M13 8.75c0 2.5-3 2.25-6 3"/></svg>'

export type Corner = 'bottom-right' | 'bottom-left' | 'top-right' | 'top-left'

export interface DevtoolsOptions {
  /** Where its button is; false: there is none. Default: `bottom-right`. */
  readonly button?: Corner | false | undefined
  /** What opens and closes it besides: a key, with `Ctrl+`, `Alt+`, `Shift+`, `Meta+` before. Default: `Alt+Shift+I`. */
  readonly keys?: string | undefined
}

let users = 0

/**
 * What `<IbexDevtools />` does, without React, and in production too: puts the button into the page, and listens to the
 * keys. What is answered ends both, and closes the devtools.
 */
export function addDevtools({
  button: corner = 'bottom-right',
  keys = 'Alt+Shift+I',
}: DevtoolsOptions = {}): () => void {
  const button = corner === false ? undefined : createButton(corner, keys)
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!matches(event, keys)) return
    event.preventDefault()
    toggleDock(true)
  }
  const watcher = (isOpen: boolean): void => {
    if (button) button.hidden = isOpen
  }
  users++
  addEventListener('keydown', onKeyDown, { capture: true })
  dockWatchers.add(watcher)
  if (button) document.body.append(button)
  return () => {
    users--
    removeEventListener('keydown', onKeyDown, { capture: true })
    dockWatchers.delete(watcher)
    button?.remove()
    // React in its strict mode takes everything away, and puts it back at once.
    queueMicrotask(() => users === 0 && closeDevtools())
  }
}

function createButton(corner: string, keys: string): HTMLElement {
  const host = document.createElement('ibex-devtools-button')
  for (const side of corner.split('-')) host.style.setProperty(side, '0')
  const root = host.attachShadow({ mode: 'open' })
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(STYLE)
  root.adoptedStyleSheets = [sheet]
  const button = document.createElement('button')
  button.type = 'button'
  button.title = `Ibex devtools (${keys})`
  button.setAttribute('aria-label', 'Open the Ibex devtools')
  button.innerHTML = SIGN
  // Pressed by a key, it was clicked no time.
  button.addEventListener('click', ({ detail }) => toggleDock(detail === 0))
  root.append(button)
  return host
}

/** Whether a key press is what `keys` says, such as `Alt+Shift+I`. */
export function matches(
  event: Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'altKey' | 'shiftKey' | 'metaKey'>,
  keys: string,
): boolean {
  const parts = keys.toLowerCase().split('+')
  // What a letter gives with Alt depends on the keyboard; which key it is does not.
  const pressed = [event.key.toLowerCase(), event.code.replace(/^(Key|Digit)/, '').toLowerCase()]
  return (
    pressed.includes(parts.at(-1) ?? '') &&
    event.ctrlKey === parts.includes('ctrl') &&
    event.altKey === parts.includes('alt') &&
    event.shiftKey === parts.includes('shift') &&
    event.metaKey === parts.includes('meta')
  )
}
