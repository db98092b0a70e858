/** Whether a value is in haste: what draws it can then do so in parts, each of which is soon overtaken. */
import { createCell, type Live } from '../../../src/inspect/live.js'

/**
 * True from a change that comes less than `ms` milliseconds after the one before, until none has come for as long. Listens,
 * and has a timer, only while somebody listens.
 */
export function hasteOf(of: Live<unknown>, ms: number): Live<boolean> {
  let changed = -Infinity
  let timer: ReturnType<typeof setTimeout> | undefined
  let stop: (() => void) | undefined

  const change = (): void => {
    const now = performance.now()
    if (now - changed < ms) {
      clearTimeout(timer)
      timer = setTimeout(() => cell.set(false), ms)
      cell.set(true)
    }
    changed = now
  }
  const cell = createCell(false, (listened) => {
    if (listened) stop = of.subscribe(change)
    else {
      stop?.()
      stop = undefined
      clearTimeout(timer)
      cell.set(false)
    }
  })
  return cell
}
