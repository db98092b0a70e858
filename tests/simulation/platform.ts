/** What tabs of one browser share, and what a page is told of its life. */
import type { TextStorage } from '../../src/repository/leaving.js'
import type { PagePort } from '../../src/store/ports.js'
import type { LocksLike } from '../../src/repository/page-lock.js'
import type { ChannelLike } from '../../src/store/tabs.js'
import type { VirtualTime } from '../../src/testing/virtual-time.js'
import type { Unsubscribe } from '../../src/signal.js'
import type { Life } from './mortal.js'

type Chance = () => number

interface Request {
  readonly life: Life
  readonly grant: () => void
}

/** Web Locks: exclusive ones, granted in the order of asking; a dead holder's are free a moment later. */
export class LockManager {
  private readonly queues = new Map<string, Request[]>()
  private readonly time: VirtualTime
  private readonly chance: Chance

  constructor(time: VirtualTime, chance: Chance) {
    this.time = time
    this.chance = chance
  }

  /** As one process sees them. */
  of(life: Life): LocksLike {
    return {
      request: (name, { ifAvailable, signal }, held) =>
        new Promise((resolve, reject) => {
          const queue = this.queues.get(name) ?? []
          this.queues.set(name, queue)
          if (ifAvailable && queue.length > 0) {
            void Promise.resolve(held(null)).then(resolve, reject)
            return
          }
          const leave = (): void => {
            const at = queue.indexOf(request)
            if (at < 0) return
            queue.splice(at, 1)
            if (at === 0) queue[0]?.grant()
          }
          const request: Request = {
            life,
            grant: () =>
              void Promise.resolve().then(() => {
                if (!life.alive || queue[0] !== request) return
                const done = held({ name })
                done.then(resolve, reject).finally(leave)
              }),
          }
          signal?.addEventListener('abort', () => {
            if (queue[0] !== request) leave()
            reject(new Error('AbortError'))
          })
          life.onEnd(() => {
            this.time.after(this.chance() * 30, leave)
          })
          queue.push(request)
          if (queue[0] === request) request.grant()
        }),
    }
  }
}

/** Broadcast channels: what one posts the others get, a moment later, in order, also when the sender is gone by then. */
export class Airwaves {
  private readonly listeners = new Map<string, Set<(data: unknown) => void>>()
  private readonly time: VirtualTime
  private readonly chance: Chance

  constructor(time: VirtualTime, chance: Chance) {
    this.time = time
    this.chance = chance
  }

  of(life: Life): (name: string) => ChannelLike {
    return (name) => {
      const all = this.listeners.get(name) ?? new Set()
      this.listeners.set(name, all)
      const mine = new Set<(data: unknown) => void>()
      const close = (): void => {
        for (const listener of mine) all.delete(listener)
        mine.clear()
      }
      life.onEnd(close)
      // Each listener gets what was posted in that order, however long each takes.
      return {
        postMessage: (message) => {
          if (!life.alive) return
          for (const listener of all) {
            if (mine.has(listener)) continue
            this.deliver(listener, message, all)
          }
        },
        addEventListener: (_, listener) => {
          const hear = (data: unknown): void => listener({ data })
          mine.add(hear)
          if (life.alive) all.add(hear)
        },
        close,
      }
    }
  }

  private readonly underway = new Map<(data: unknown) => void, unknown[]>()

  private deliver(
    listener: (data: unknown) => void,
    message: unknown,
    all: ReadonlySet<(data: unknown) => void>,
  ): void {
    const queue = this.underway.get(listener) ?? []
    this.underway.set(listener, queue)
    queue.push(message)
    this.time.after(this.chance() < 0.9 ? 0 : this.chance() * 40, () => {
      const next = queue.shift()
      if (all.has(listener)) listener(next)
    })
  }
}

/** `localStorage`: outlives processes. */
export class Texts implements TextStorage {
  private readonly texts = new Map<string, string>()

  get length(): number {
    return this.texts.size
  }

  key(index: number): string | null {
    return [...this.texts.keys()][index] ?? null
  }

  getItem(key: string): string | null {
    return this.texts.get(key) ?? null
  }

  setItem(key: string, value: string): void {
    this.texts.set(key, value)
  }

  removeItem(key: string): void {
    this.texts.delete(key)
  }

  /** As one process sees them. */
  of(life: Life): TextStorage {
    const texts = this
    return {
      get length() {
        return texts.length
      },
      key: (index) => texts.key(index),
      getItem: (key) => texts.getItem(key),
      setItem: (key, value) => {
        if (life.alive) texts.setItem(key, value)
      },
      removeItem: (key) => {
        if (life.alive) texts.removeItem(key)
      },
    }
  }
}

/** The life of one page. */
export class Page implements PagePort {
  private hidden: ((gone: boolean) => void)[] = []
  private online: (() => void)[] = []

  onHide(fn: (gone: boolean) => void): Unsubscribe {
    this.hidden.push(fn)
    return () => (this.hidden = this.hidden.filter((other) => other !== fn))
  }

  onRevive(): Unsubscribe {
    return () => {}
  }

  onOnline(fn: () => void): Unsubscribe {
    this.online.push(fn)
    return () => (this.online = this.online.filter((other) => other !== fn))
  }

  hide(gone: boolean): void {
    for (const fn of this.hidden) fn(gone)
  }

  networkIsBack(): void {
    for (const fn of this.online) fn()
  }
}
