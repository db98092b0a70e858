/** The dock's place in the page: at the bottom or at the right, of a height or width that one drags. */
import type { ReactNode } from 'react'
import { Icon } from '../panel/look/icons.js'

export interface DockFrame {
  /** Where the panel is mounted. */
  readonly root: ShadowRoot
  /** Buttons of the panel that belong to the frame. */
  readonly tools: ReactNode
  show(): void
  hide(): void
}

export interface DockFrameOptions {
  onDetach(): void
  onClose(): void
}

/** How it was left: kept on this device. */
interface Place {
  readonly side: 'bottom' | 'right'
  /** Parts of the window. */
  readonly bottom: number
  readonly right: number
}

const KEY = 'ibex-devtools-dock'
const FIRST: Place = { side: 'bottom', bottom: 0.4, right: 0.42 }

/** Parts of the window. */
const LEAST = 0.15
const MOST = 0.95

const STYLE = `
:host { all: initial; position: fixed; z-index: 2147483647; display: block; background: Canvas; color-scheme: light dark;
  box-shadow: 0 0 0 1px light-dark(#1f21242e, #ffffff2e), 0 0 24px #00000040; }
:host([hidden]) { display: none; }
.resizer { position: absolute; z-index: 10; touch-action: none; }
:host([data-side='bottom']) .resizer { inset: -4px 0 auto; height: 8px; cursor: ns-resize; }
:host([data-side='right']) .resizer { inset: 0 auto 0 -4px; width: 8px; cursor: ew-resize; }
.resizer:focus-visible { outline: 2px solid light-dark(#0b57d0, #a3c6ff); outline-offset: -3px; }
`

export function createDockFrame({ onDetach, onClose }: DockFrameOptions): DockFrame {
  const host = document.createElement('ibex-devtools')
  const root = host.attachShadow({ mode: 'open' })
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(STYLE)
  root.adoptedStyleSheets = [sheet]
  const resizer = document.createElement('div')
  resizer.className = 'resizer'
  resizer.tabIndex = 0
  resizer.setAttribute('role', 'separator')
  resizer.setAttribute('aria-label', 'Size of the devtools')
  resizer.setAttribute('aria-valuemin', String(LEAST * 100))
  resizer.setAttribute('aria-valuemax', String(MOST * 100))
  root.append(resizer)

  let place = readPlace()

  function lay(next: Place): void {
    place = next
    const { side } = next
    host.dataset['side'] = side
    host.style.cssText =
      side === 'bottom'
        ? `inset:auto 0 0;height:${next.bottom * 100}vh`
        : `inset:0 0 0 auto;width:${next.right * 100}vw`
    resizer.setAttribute('aria-orientation', side === 'bottom' ? 'horizontal' : 'vertical')
    resizer.setAttribute('aria-valuenow', String(Math.round(next[side] * 100)))
  }

  function resize(part: number): void {
    lay({ ...place, [place.side]: Math.max(LEAST, Math.min(MOST, part)) })
    keepPlace(place)
  }

  resizer.addEventListener('pointerdown', (event) => {
    event.preventDefault()
    resizer.setPointerCapture(event.pointerId)
  })
  resizer.addEventListener('pointermove', (event) => {
    if (!resizer.hasPointerCapture(event.pointerId)) return
    resize(place.side === 'bottom' ? 1 - event.clientY / innerHeight : 1 - event.clientX / innerWidth)
  })
  resizer.addEventListener('keydown', (event) => {
    const by = { ArrowUp: 0.02, ArrowLeft: 0.02, ArrowDown: -0.02, ArrowRight: -0.02 }[event.key]
    const to =
      { Home: LEAST, End: MOST, Enter: FIRST[place.side] }[event.key] ??
      (by === undefined ? undefined : place[place.side] + by)
    if (to === undefined) return
    event.preventDefault()
    event.stopPropagation()
    resize(to)
  })
  // What is pressed in the panel is not meant for the app, which may listen on its window.
  for (const type of ['keydown', 'keyup', 'keypress'] as const) {
    host.addEventListener(type, (event) => event.stopPropagation())
  }

  const turn = (): void => {
    lay({ ...place, side: place.side === 'bottom' ? 'right' : 'bottom' })
    keepPlace(place)
  }
  return {
    root,
    tools: (
      <>
        <button
          type="button"
          className="tool"
          title="Move it to the other side"
          aria-label="Move it to the other side"
          onClick={turn}
        >
          <Icon name="side" />
        </button>
        <button
          type="button"
          className="tool"
          title="In a window of its own"
          aria-label="In a window of its own"
          onClick={onDetach}
        >
          <Icon name="window" />
        </button>
        <button type="button" className="tool" title="Close" aria-label="Close the devtools" onClick={onClose}>
          <Icon name="close" />
        </button>
      </>
    ),
    show() {
      lay(place)
      document.body.append(host)
    },
    hide: () => host.remove(),
  }
}

function readPlace(): Place {
  try {
    return { ...FIRST, ...(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Place>) }
  } catch {
    return FIRST
  }
}

function keepPlace(place: Place): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(place))
  } catch {
    // Where nothing can be kept it begins as it did.
  }
}
