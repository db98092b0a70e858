/** Long work in slices, between which the page goes on. */
import type { Surroundings } from '../ports.js'

/** Half a frame, in milliseconds. */
const SLICE_MS = 8
/** So many looks at the work are as good as one at the clock. */
const LOOKS = 16

/**
 * What long work calls after every small step: undefined, or, when half a frame has passed since others ran, something to
 * await.
 */
export function createSlices({
  clock,
  scheduler,
}: Pick<Surroundings, 'clock' | 'scheduler'>): () => Promise<void> | undefined {
  let began = clock.now()
  let looks = 0
  return () => {
    if (++looks % LOOKS !== 0 || Math.abs(clock.now() - began) < SLICE_MS) return undefined
    return new Promise((resolve) => {
      scheduler.after(0, () => {
        began = clock.now()
        resolve()
      })
    })
  }
}
