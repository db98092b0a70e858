/** The platform's clock, chance and timers, for stores that are not given others. */
import { IbexError } from '../errors.js'
import type { Surroundings, TimerHandle } from '../ports.js'

/** Reads the globals when called, not before; throws `bad-option` where the platform has no source of random bytes. */
export function platformSurroundings(): Surroundings {
  const { crypto } = globalThis
  if (typeof crypto?.getRandomValues !== 'function') {
    throw new IbexError(
      'bad-option',
      'This platform has no crypto.getRandomValues. Pass a source of random bytes: createStore({ ports: { random } }).',
    )
  }
  return {
    clock: { now: () => Date.now() },
    random: { bytes: (length) => randomBytes(crypto, length) },
    scheduler: {
      after: (ms, fn) => ({ timer: setTimeout(fn, ms) }),
      cancel: cancelTimer,
      frame: (fn) => {
        // A hidden page paints nothing, and would never call back.
        if (typeof requestAnimationFrame === 'function' && document.visibilityState === 'visible') {
          const frame = requestAnimationFrame(() => fn())
          return { timer: { frame } }
        }
        return { timer: setTimeout(fn, 0) }
      },
    },
  }
}

/** The platform gives at most 64 kB at once. */
function randomBytes(crypto: Crypto, length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  for (let from = 0; from < length; from += 65536) crypto.getRandomValues(bytes.subarray(from, from + 65536))
  return bytes
}

function cancelTimer({ timer }: TimerHandle): void {
  if (typeof timer === 'object' && timer !== null && 'frame' in timer) cancelAnimationFrame(timer.frame as number)
  else clearTimeout(timer as number)
}
