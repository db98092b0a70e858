/** Editing one text that others edit too, kept in a register where the last write wins: pure, without a DOM or a clock. */
import { distance, mergeText } from './merge-text.js'

/** So long, in milliseconds, after the last letter nobody is typing here any more, and what comes is taken as it is. */
export const IDLE_AFTER = 3000
/** So long after a letter the others have seen it; a text without it has had it removed. */
export const SEEN_AFTER = 10_000

/** What arrived, merged: the text to show now, and whether the store has to be told, because it lacks letters typed here. */
export interface Merged {
  readonly text: string
  readonly write: boolean
}

/**
 * The register holds whole texts, so one that comes from elsewhere lacks the letters typed here since its writer last
 * looked. Which those are is not said; but its writer had one of our own last texts before them, and that must be the one
 * nearest to what came. All that was typed after it is done anew on top.
 */
export class TextSession {
  /** Texts that stood here, oldest first; the last is shown. The first is what everybody has seen, as far as we know. */
  private own: { readonly text: string; readonly at: number }[]
  private lastTyped = -Infinity

  constructor(text: string) {
    this.own = [{ text, at: -Infinity }]
  }

  get text(): string {
    return this.own.at(-1)!.text
  }

  /** The text was edited here. */
  type(text: string, now: number): void {
    if (text === this.text) return
    this.own.push({ text, at: now })
    this.lastTyped = now
    this.forget(now)
  }

  /** The store says `stored`. Undefined: nothing changes here. */
  receive(stored: string, now: number): Merged | undefined {
    if (stored === this.text) return undefined
    if (now - this.lastTyped > IDLE_AFTER) return this.reset(stored)
    this.forget(now)
    // An older text of our own: on its way through rendering, or back because the server refused what followed. What was
    // typed stays on the screen; the next letter writes it again, and leaving the field gives it up.
    if (this.own.some(({ text }) => text === stored)) return undefined
    let base = 0
    for (let i = 1; i < this.own.length; i++) {
      if (distance(this.own[i]!.text, stored) < distance(this.own[base]!.text, stored)) base = i
    }
    const { text: before } = this.own[base]!
    const since = this.own.slice(base + 1)
    this.own = [
      { text: stored, at: now },
      ...since.map(({ text, at }) => ({ text: mergeText(before, text, stored), at })),
    ]
    return { text: this.text, write: this.text !== stored }
  }

  /** Begins anew with what the store says. */
  reset(stored: string): Merged | undefined {
    const changed = stored !== this.text
    this.own = [{ text: stored, at: -Infinity }]
    this.lastTyped = -Infinity
    return changed ? { text: stored, write: false } : undefined
  }

  private forget(now: number): void {
    while (this.own.length > 1 && now - this.own[1]!.at > SEEN_AFTER) this.own.shift()
  }
}
