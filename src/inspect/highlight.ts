/** Frames in the page around the components that read a query; they flash when it tells its listeners. */
import type { LiveView } from '../query/view.js'
import { reactRoots, readersOf } from './components.js'

/** How often the frames follow what has moved, while there are any. Milliseconds. */
const FOLLOW_MS = 250
const FLASH_MS = 400
const COLOUR = '37, 99, 235'

export interface Highlight {
  /** The query has told its listeners, who have perhaps rendered anew. */
  flash(): void
  remove(): void
}

/** Draws over the page, beside the app's elements: none of them is touched. */
export function highlight(view: LiveView): Highlight {
  const layer = document.createElement('div')
  layer.dataset['ibexDevtools'] = 'highlight'
  layer.style.cssText = 'position:fixed;inset:0;pointer-events:none;z-index:2147483647;contain:strict'
  document.documentElement.append(layer)
  // Looked for once: it takes a look at the whole page.
  const roots = reactRoots()
  let bright = 0

  function draw(): void {
    const boxes: Node[] = []
    for (const { name, elements } of readersOf(view, roots)) {
      for (const element of elements) boxes.push(boxAround(element.getBoundingClientRect(), name, bright > Date.now()))
    }
    layer.replaceChildren(...boxes)
  }

  draw()
  const timer = setInterval(draw, FOLLOW_MS)
  return {
    flash() {
      bright = Date.now() + FLASH_MS
      requestAnimationFrame(draw)
      setTimeout(draw, FLASH_MS + 1)
    },
    remove() {
      clearInterval(timer)
      layer.remove()
    },
  }
}

function boxAround({ left, top, width, height }: DOMRect, name: string, bright: boolean): Node {
  const box = document.createElement('div')
  box.style.cssText = `position:absolute;left:${left}px;top:${top}px;width:${width}px;height:${height}px;box-sizing:border-box;border:2px solid rgb(${COLOUR});border-radius:2px;background:rgba(${COLOUR},${bright ? 0.3 : 0.08})`
  const label = document.createElement('span')
  label.textContent = name
  label.style.cssText = `position:absolute;left:-2px;top:${top < 16 ? 0 : -16}px;font:11px/16px system-ui,sans-serif;color:#fff;background:rgb(${COLOUR});padding:0 4px;white-space:nowrap`
  box.append(label)
  return box
}
