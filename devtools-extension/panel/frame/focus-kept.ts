/** Keys go on where they were: what had the focus and is gone, or cannot have it any more, leaves it to what is nearest. */
import { type RefObject, useEffect, useRef } from 'react'
import type { ViewName } from '../state/panel-state.js'

/** Where an element stood: its parents from the innermost on, and the place of each one's child among its children. */
type Path = readonly (readonly [parent: Element, place: number])[]

/** After another view is shown, its list has the focus, where that was in the one before. */
export function useViewFocus(main: RefObject<HTMLElement | null>, view: ViewName): void {
  const before = useRef(view)
  useEffect(() => {
    if (before.current === view) return
    before.current = view
    if (main.current && !activeIn(main.current)) listIn(main.current).focus({ preventScroll: true })
  }, [main, view])
}

/** What had the focus in the panel and is taken away, as a rule by what it did itself, leaves it to its neighbour. */
export function useFocusKept(box: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = box.current
    const view = element?.ownerDocument.defaultView
    if (!element || !view) return undefined
    let last: HTMLElement | undefined
    let path: Path = []

    const onFocusIn = (event: FocusEvent): void => {
      last = event.target as HTMLElement
      path = pathOf(last, element)
    }
    const onFocusOut = (): void => {
      // It is left, and not taken away, if it is still there when all that is under way is done.
      queueMicrotask(() => {
        if (last && canHaveFocus(last) && activeIn(element) !== last) last = undefined
      })
    }
    const onChange = (): void => {
      if (!last || canHaveFocus(last)) return
      last = undefined
      if (!activeIn(element)) (neighbourOf(path) ?? listIn(element)).focus({ preventScroll: true })
    }
    const observer = new view.MutationObserver(onChange)
    observer.observe(element, { childList: true, subtree: true, attributes: true, attributeFilter: ['disabled'] })
    element.addEventListener('focusin', onFocusIn)
    element.addEventListener('focusout', onFocusOut)
    return () => {
      observer.disconnect()
      element.removeEventListener('focusin', onFocusIn)
      element.removeEventListener('focusout', onFocusOut)
    }
  }, [box])
}

/** The list of the view that is shown, or the view, or what it is asked of. */
export function listIn(box: HTMLElement): HTMLElement {
  return box.querySelector<HTMLElement>('[data-list]') ?? box.querySelector<HTMLElement>('[role=tabpanel]') ?? box
}

/** From where one types what a list shows, to the list. */
export function leaveFilter(field: HTMLElement): void {
  const main = field.closest<HTMLElement>('[role=tabpanel]')
  if (main) listIn(main).focus({ preventScroll: true })
}

/** What has the focus in the same document or shadow root; undefined: nothing there has. */
function activeIn(element: Element): Element | undefined {
  const { activeElement } = element.getRootNode() as Document | ShadowRoot
  return activeElement && activeElement !== element.ownerDocument.body ? activeElement : undefined
}

const canHaveFocus = (element: HTMLElement): boolean => element.isConnected && !element.matches(':disabled')

/** Up to what is always there. */
function pathOf(element: Element, box: Element): Path {
  const path: [Element, number][] = []
  for (let at = element; at.parentElement; at = at.parentElement) {
    if (at.parentElement === box || at.parentElement.matches('[role=tabpanel]')) break
    path.push([at.parentElement, Array.prototype.indexOf.call(at.parentElement.children, at)])
  }
  return path
}

/** What Tab reaches, as far as it moves nothing. */
const TABBABLE =
  'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), summary, [tabindex="0"]:not([role=separator])'

/** The next thing that can have the focus, or else the one before, in the innermost parent that is still there and has one. */
function neighbourOf(path: Path): HTMLElement | undefined {
  for (const [parent, place] of path) {
    if (!parent.isConnected) continue
    const found = Array.from(parent.querySelectorAll<HTMLElement>(TABBABLE)).filter(
      (each) => each.tabIndex >= 0 && each.checkVisibility(),
    )
    const placeOf = (each: Element): number => Array.from(parent.children).findIndex((child) => child.contains(each))
    const nearest = found.find((each) => placeOf(each) >= place) ?? found.at(-1)
    if (nearest) return nearest
    if (parent.matches(TABBABLE)) return parent as HTMLElement
  }
  return undefined
}
