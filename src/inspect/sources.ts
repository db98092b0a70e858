/**
 * Where in the app's code actions come from. A stack is taken at each action, which engines do cheaply, and read only when
 * somebody asks; nothing of it is committed.
 */
import type { FlushWindow } from '../repository/window.js'
import type { SourcePosition } from './topics.js'

/** Actions whose origin is remembered: at least so many, at most twice as many. */
const REMEMBERED = 1000
/** Frames that are looked at: about ten of this package, and then some of the app. Each takes time. */
const STACK_DEPTH = 20
const MAX_FRAMES = 8

/** Identity: one for each store. */
export interface Sources {
  /** An action has begun, in this very call. */
  note(window: object, action: number): void
  /** Where an action of a window was called. */
  of(window: FlushWindow, action: number): SourcePosition | null
  /** Where an action of a commit of this process was called; `index` is its place in the commit. */
  find(commit: string, index: number): SourcePosition | null
}

export function createSources(): Sources {
  /** By window and number there. Once the younger are so many, the older are forgotten: that takes no time. */
  let young = new Map<FlushWindow, Map<number, Error>>()
  let old: typeof young = new Map()
  let count = 0

  function positionOf(window: FlushWindow, action: number): SourcePosition | null {
    const error = young.get(window)?.get(action) ?? old.get(window)?.get(action)
    return error ? callerOf(error.stack ?? '', import.meta.url) : null
  }

  return {
    note(given, action) {
      const window = given as FlushWindow
      // A part of another action was called from within that.
      if (window.actions[action]?.within !== undefined) return
      if (count === REMEMBERED) {
        old = young
        young = new Map()
        count = 0
      }
      count++
      let actions = young.get(window)
      if (!actions) young.set(window, (actions = new Map()))
      actions.set(action, takeStack())
    },
    of: positionOf,
    find(commit, index) {
      for (const window of [...young.keys(), ...old.keys()]) {
        if (window.id !== commit) continue
        // In a commit, actions that are parts of others have no place of their own.
        const numbers = window.actions.flatMap(({ within }, n) => (within === undefined ? [n] : []))
        const action = numbers[index]
        return action === undefined ? null : positionOf(window, action)
      }
      return null
    },
  }
}

function takeStack(): Error {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = STACK_DEPTH
  // Made to be read, not thrown.
  const error = new Error('called')
  Error.stackTraceLimit = stackTraceLimit
  return error
}

interface Frame {
  readonly text: string
  readonly function: string | null
  readonly file: string
  readonly line: number
  readonly column: number
}

/** V8: `at name (file:1:2)`, `at file:1:2`; others: `name@file:1:2`. */
const FRAME = /^\s*(?:at (?:async )?)?(?:(.*?)(?:@| \())?((?:[a-z][a-z+.-]*:)?\/.*?):(\d+):(\d+)\)?$/i

/**
 * The caller of this package in a stack: the first frame of another file than the package's. `own` is the address of this
 * file as it runs. Null where they are all in one file, as in a bundle.
 */
export function callerOf(stack: string, own: string): SourcePosition | null {
  const frames = stack.split('\n').flatMap((text): Frame[] => {
    const [, name, file = '', line, column] = FRAME.exec(text) ?? []
    if (!file) return []
    return [
      { text: text.trim(), function: name || null, file: plain(file), line: Number(line), column: Number(column) },
    ]
  })
  const isOwn = ownFiles(own)
  const first = frames.findIndex(({ file }) => !isOwn(file))
  if (first < 0) return null
  const { file, line, column, function: name } = frames[first]!
  const rest = frames.slice(first, first + MAX_FRAMES)
  return { file, line, column, function: name, stack: rest.map(({ text }) => text) }
}

/** Node calls one file by its path here and by its address there. */
function plain(file: string): string {
  return file.replace(/^file:\/\//, '')
}

/** Whether a file belongs to the package, or to a bundler's folder of packages. */
function ownFiles(own: string): (file: string) => boolean {
  const bare = plain(own).replace(/[?#].*$/, '')
  const source = /^(.*\/)(?:dist\/)?src\/inspect\/[^/]+$/.exec(bare)
  if (source) {
    const root = source[1]!
    return (file) => /^(?:dist\/)?(?:src|hooks)\//.test(file.startsWith(root) ? file.slice(root.length) : '')
  }
  const folder = bare.slice(0, bare.lastIndexOf('/') + 1)
  return folder.includes('/node_modules/') ? (file) => file.startsWith(folder) : (file) => file.startsWith(bare)
}
