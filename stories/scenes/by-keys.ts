/** Using the panel without a pointer. */
import { expect, waitFor } from 'storybook/test'

interface Keyboard {
  tab(options?: { shift?: boolean }): Promise<void>
  keyboard(keys: string): Promise<void>
}

/** Things that one comes to before Tab is back where it began, at most. */
const MOST = 300

/** Presses Tab until something has the focus. */
export async function tabTo(user: Keyboard, find: () => HTMLElement): Promise<void> {
  for (let i = 0; i < MOST; i++) {
    if (document.activeElement === find()) return
    await user.tab()
  }
  throw new Error(`Tab never comes to ${describe(find())}.`)
}

/** Goes to something by Tab, and presses Enter on it. */
export async function enter(user: Keyboard, find: () => HTMLElement): Promise<void> {
  await tabTo(user, find)
  await type(user, '{Enter}')
}

/** Presses keys where the focus is, and waits until what they asked for is shown. */
export async function type(user: Keyboard, keys: string): Promise<void> {
  await user.keyboard(keys)
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
}

export const expectFocus = (find: () => HTMLElement): Promise<void> =>
  waitFor(() => expect(document.activeElement).toBe(find()), { timeout: 10_000 })

/** What can be used by a pointer. */
const OPERABLE =
  'a[href], button, input, select, textarea, summary, [role=button], [role=link], [role=tab], [role=switch], [role=slider], [role=separator][aria-valuenow]'
/** One stop of Tab, within which other keys lead to the rest. */
const COMPOSITE = '[role=tablist], [role=grid], [role=treegrid]'
const POINTER_HANDLERS = ['onClick', 'onDoubleClick', 'onPointerDown', 'onMouseDown']

/** What a pointer can use and the keyboard does not come to. */
export function outOfReach(canvas: Element): string[] {
  const root = canvas.querySelector('dialog:modal') ?? canvas
  return Array.from(root.querySelectorAll<HTMLElement>('*'))
    .filter((element) => element.matches(OPERABLE) || isListening(element))
    .filter((element) => element.checkVisibility({ visibilityProperty: true }) && !element.matches(':disabled'))
    .filter((element) => !isReached(element))
    .map(describe)
}

function isReached(element: HTMLElement): boolean {
  // A label hands on to its field; Escape closes a dialog, as a click beside it does.
  if (element.tabIndex >= 0 || element.matches('label, dialog')) return true
  const composite = element.parentElement?.closest(COMPOSITE)
  return (
    !!composite && [composite, ...composite.querySelectorAll('*')].some((each) => (each as HTMLElement).tabIndex >= 0)
  )
}

/** React keeps what it was given with the element. */
function isListening(element: Element): boolean {
  const key = Object.keys(element).find((each) => each.startsWith('__reactProps$'))
  const props = key && (element as unknown as Record<string, Record<string, unknown> | undefined>)[key]
  return !!props && POINTER_HANDLERS.some((name) => typeof props[name] === 'function')
}

const describe = (element: Element): string =>
  `<${element.tagName.toLowerCase()} class="${element.getAttribute('class') ?? ''}"> ${element.getAttribute('aria-label') ?? element.textContent}`
