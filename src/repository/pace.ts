/** Long work in short pieces, so that a page stays smooth. */
import type { Surroundings } from '../ports.js'

/** Half of what a picture may take. Milliseconds. */
const PIECE_MS = 8

/**
 * To be called after every small step of something long: answers a promise where it has worked for long enough, which
 * resolves when others had their turn.
 */
export type Pace = () => Promise<void> | undefined

export function createPace({ clock, scheduler }: Pick<Surroundings, 'clock' | 'scheduler'>): Pace {
  let began = clock.now()
  return () => {
    // A clock that was set back must not keep others waiting.
    if (Math.abs(clock.now() - began) < PIECE_MS) return undefined
    return new Promise((resolve) => {
      scheduler.after(0, () => {
        began = clock.now()
        resolve()
      })
    })
  }
}
