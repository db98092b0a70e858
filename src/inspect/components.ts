/**
 * Which React components read a live query. Nothing is registered for it while nobody asks: React keeps what a component's
 * hooks hold in its own tree, and there a view is found by identity. That tree is React's own affair: where it looks
 * otherwise than here, nothing is found, and nothing goes wrong.
 */

/** A mounted component, and the elements that it has put into the page. */
export interface Reader {
  readonly name: string
  readonly elements: readonly Element[]
}

/** What is looked at of React's fibers. */
interface Fiber {
  readonly type?: unknown
  readonly stateNode?: unknown
  readonly memoizedState?: unknown
  readonly child?: Fiber | null
  readonly sibling?: Fiber | null
}

/** A hook of a function component, in the order of calls. */
interface Hook {
  readonly memoizedState: unknown
  readonly next: Hook | null
}

const CONTAINER = '__reactContainer$'

/** All mounted components of which a hook memoizes `view`. */
export function readersOf(view: object, roots: readonly Element[] = reactRoots()): Reader[] {
  const readers: Reader[] = []
  for (const root of roots) {
    for (const fiber of below(rootFiber(root))) {
      if (isComponent(fiber) && holds(fiber, view)) readers.push({ name: nameOf(fiber), elements: elementsOf(fiber) })
    }
  }
  return readers
}

/** Elements into which React renders. Looks at the whole page. */
export function reactRoots(): Element[] {
  return Array.from(document.querySelectorAll('*')).filter((element) => keyOf(element) !== undefined)
}

function keyOf(element: Element): string | undefined {
  return Object.keys(element).find((name) => name.startsWith(CONTAINER))
}

function rootFiber(element: Element): Fiber | undefined {
  const key = keyOf(element)
  const fiber = key === undefined ? undefined : (element as unknown as Record<string, Fiber | null>)[key]
  // The fiber that stands there may be the one of an earlier render.
  return (fiber?.stateNode as { readonly current?: Fiber } | null | undefined)?.current ?? fiber ?? undefined
}

/** A fiber and all below it. */
function* below(root: Fiber | undefined): Iterable<Fiber> {
  const open: Fiber[] = root ? [root] : []
  for (let fiber = open.pop(); fiber; fiber = open.pop()) {
    yield fiber
    for (let child = fiber.child; child; child = child.sibling) open.push(child)
  }
}

function isComponent({ type }: Fiber): boolean {
  return typeof type === 'function' || (typeof type === 'object' && type !== null)
}

function holds({ memoizedState }: Fiber, view: object): boolean {
  let hook = memoizedState as Hook | null | undefined
  // A class component's state is here too, and is no list.
  while (typeof hook === 'object' && hook !== null && 'next' in hook && 'memoizedState' in hook) {
    const { memoizedState: held } = hook
    if (Array.isArray(held) && held[0] === view) return true
    hook = hook.next
  }
  return false
}

function nameOf({ type }: Fiber): string {
  const named = type as { displayName?: unknown; name?: unknown; render?: unknown; type?: unknown }
  for (const each of [named.displayName, named.name]) if (typeof each === 'string' && each !== '') return each
  // What memo and forwardRef wrap.
  const inner = named.render ?? named.type
  return inner ? nameOf({ type: inner }) : 'Anonymous'
}

/** The outermost elements that a component rendered. */
function elementsOf(fiber: Fiber): Element[] {
  const found: Element[] = []
  const open: Fiber[] = []
  const push = ({ child }: Fiber): void => {
    for (let each = child; each; each = each.sibling) open.push(each)
  }
  push(fiber)
  for (let next = open.pop(); next; next = open.pop()) {
    if (next.stateNode instanceof Element) found.push(next.stateNode)
    else push(next)
  }
  return found
}
