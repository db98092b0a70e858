/** A flush window: what the app did between two flushes, on its way to become one commit. */
import type { Action } from '../graph/body.js'
import { chunkOf, openPending } from '../history/fold.js'
import type { Provisional } from '../history/state.js'
import type { CommitId, SessionId } from '../ids.js'
import type { Change, Chunk } from '../item/change.js'
import { pendingOrigin } from '../item/origin.js'
import type { Value } from '../value/value.js'

/**
 * How far a window has come. `captured`: it is a commit; `local`: durable on this device; `server`: accepted by the
 * authority.
 */
export type Level = 'open' | 'captured' | 'local' | 'server' | 'refused'

/** A window that holds this many bytes is closed before the next action begins. */
export const SPLIT_BYTES: number = 32 * 1024
/** The most that one action may weigh, so that with what precedes it in its window it fits into one commit. */
export const MAX_ACTION_BYTES: number = 216 * 1024

export interface WindowAction {
  readonly label: string | undefined
  /** Wall-clock milliseconds. */
  readonly at: number
  /** The action that it is a part of: one transaction inside another. */
  readonly within?: number | undefined
}

interface Waiter {
  readonly level: 'local' | 'server'
  resolve(): void
  reject(error: unknown): void
}

/** Identity: a window lives from its first change until the authority has spoken. */
export class FlushWindow {
  readonly pending: Provisional
  readonly actions: WindowAction[] = []
  /** Counts the windows of a process. */
  readonly flush: number
  /** What the commit will weigh, estimated from above. */
  bytes = 0
  level: Level = 'open'
  /** Set when the window has become a commit. */
  id: CommitId | undefined
  /** The commit's bytes. Only what is signed can have reached anybody. */
  signed: Uint8Array | undefined
  /** Is called when they are there. */
  onSigned: (() => void) | undefined
  private error: unknown
  private abandoned = false
  private waiters: Waiter[] = []

  constructor(session: SessionId, now: number, flush: number) {
    this.flush = flush
    this.pending = openPending(pendingOrigin(session, now, flush))
  }

  get isEmpty(): boolean {
    return this.pending.parts.length === 0
  }

  /** What is to be written of it, in the order in which the items were first changed. */
  chunks(): Chunk[] {
    return this.pending.parts.map(chunkOf)
  }

  /** Resolves when `level` is reached; rejects when the window was refused. */
  wait(level: 'local' | 'server'): Promise<void> {
    if (this.level === 'refused') return Promise.reject(this.error)
    if (reached(this.level, level)) return Promise.resolve()
    if (this.abandoned) return Promise.reject(this.error)
    return new Promise((resolve, reject) => this.waiters.push({ level, resolve, reject }))
  }

  reach(level: Exclude<Level, 'open' | 'refused'>): void {
    if (reached(this.level, level)) return
    this.level = level
    const waiting = this.waiters
    this.waiters = waiting.filter((waiter) => !reached(level, waiter.level))
    for (const waiter of waiting) if (reached(level, waiter.level)) waiter.resolve()
  }

  refuse(error: unknown): void {
    this.level = 'refused'
    this.fail(error)
  }

  /** What becomes of it is not followed any more here: who waits for more than was reached is told `error`. */
  abandon(error: unknown): void {
    this.abandoned = true
    this.fail(error)
  }

  private fail(error: unknown): void {
    this.error = error
    const waiting = this.waiters
    this.waiters = []
    for (const waiter of waiting) waiter.reject(error)
  }
}

const ORDER: Readonly<Record<Level, number>> = { open: 0, captured: 1, local: 2, server: 3, refused: 4 }

function reached(now: Level, wanted: Level): boolean {
  return ORDER[now] >= ORDER[wanted]
}

/** Actions with their distance from the first; a clock that was set back meanwhile makes none earlier than that before. */
export function timed(actions: readonly WindowAction[]): Action[] {
  const start = actions[0]!.at
  let offset = 0
  return actions.map(({ label, at }) => {
    offset = Math.max(offset, at - start)
    return label ? { label, offset } : { offset }
  })
}

/** Transactions inside others become parts of the outermost, as which they were meant. */
export function flatten(actions: readonly WindowAction[]): {
  actions: WindowAction[]
  renumber: (chunk: Chunk) => Chunk
} {
  if (actions.every(({ within }) => within === undefined)) return { actions: [...actions], renumber: (chunk) => chunk }
  const outermost: WindowAction[] = []
  const numbers: number[] = []
  for (const action of actions) {
    numbers.push(action.within === undefined ? outermost.push(action) - 1 : numbers[action.within]!)
  }
  return {
    actions: outermost,
    renumber: (chunk) => ({
      ...chunk,
      changes: chunk.changes.map((change) => ({ ...change, action: numbers[change.action]! })),
    }),
  }
}

/** How many bytes changes of one item take in a commit, rounded up. */
export function weigh(item: string, schema: string, changes: readonly Change[]): number {
  let bytes = 48 + item.length + schema.length
  for (let i = 0; i < changes.length; i++) {
    const { field, value } = changes[i]!
    bytes += 6 + field.length + weighValue(value)
  }
  return bytes
}

function weighValue(value: Value): number {
  if (typeof value === 'string') return weighText(value)
  if (typeof value !== 'object' || value === null) return 9
  if (value instanceof Uint8Array) return 5 + value.length
  let bytes = 5
  if (Array.isArray(value)) for (const part of value as readonly Value[]) bytes += weighValue(part)
  else for (const [key, part] of Object.entries(value)) bytes += weighText(key) + weighValue(part)
  return bytes
}

/** How many bytes a text takes, rounded up. */
export function weighText(text: string): number {
  return 3 + utf8Length(text)
}

function utf8Length(text: string): number {
  let bytes = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit > 0x7f) bytes += unit > 0x7ff ? 2 : 1
  }
  return bytes
}
