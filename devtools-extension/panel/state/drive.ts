/** Driving the app: the page shows what the panel shows. */
import { type History, IbexError, type Moment } from '../../../src/index.js'
import type { InspectedStore } from '../../../src/inspect/face.js'
import { createCell, type Live } from '../../../src/inspect/live.js'
import { messageOf } from './message-of.js'

/** Which page follows, and what. */
export interface Driver {
  readonly store: Pick<InspectedStore, 'command' | 'driving' | 'standing'>
  readonly path: string
  readonly shown: Live<Moment | null>
  readonly history: Pick<History, 'place'> | undefined
  goLive(): void
}

export interface Drive {
  /** Whether the page follows the panel. */
  readonly on: Live<boolean>
  /** Why it does not, after it was asked to. */
  readonly error: Live<string | null>
  begin(): void
  end(): void
  toggle(): void
}

export function createDrive(driver: Driver): Drive {
  const on = createCell(false)
  const error = createCell<string | null>(null)
  let stops: (() => void)[] = []
  /** One command is under way at a time; what was asked meanwhile and overtaken is never sent. */
  let busy = false
  let sent: string | null | undefined
  /** Whether the page may show the past because of this. */
  let drove = false

  async function follow(): Promise<void> {
    if (busy) return
    busy = true
    try {
      while (on.get() && driver.shown.get() !== sent) {
        const moment = driver.shown.get()
        sent = moment
        drove ||= moment !== null
        const time = moment === null ? undefined : driver.history?.place(moment).time
        await driver.store.command('drive', {
          repository: driver.path,
          moment,
          ...(time === undefined ? undefined : { time }),
        })
      }
    } catch (problem) {
      // A line that broke is made again, and then the page is told.
      const { state } = driver.store.standing.get()
      const comesBack = state === 'lost' || state === 'connecting'
      if (comesBack && problem instanceof IbexError && problem.code === 'unreachable') {
        sent = undefined
        return
      }
      error.set(messageOf(problem))
      stop()
    } finally {
      busy = false
    }
  }

  function stop(): void {
    for (const undo of stops) undo()
    stops = []
    on.set(false)
  }

  function begin(): void {
    if (on.get()) return
    error.set(null)
    on.set(true)
    sent = undefined
    let wasDriven = false
    stops = [
      driver.shown.subscribe(() => void follow()),
      driver.store.standing.subscribe(() => {
        if (driver.store.standing.get().state === 'connected') void follow()
      }),
      driver.store.driving.subscribe(() => {
        // The page went back by itself: somebody clicked "Back to live" there.
        const driven = driver.store.driving.get() !== null
        if (wasDriven && !driven && !busy && driver.shown.get() !== null) {
          stop()
          driver.goLive()
        }
        wasDriven = driven
      }),
    ]
    void follow()
  }

  function end(): void {
    if (!on.get()) return
    stop()
    if (!drove) return
    drove = false
    driver.store.command('drive', { repository: driver.path, moment: null }).catch(() => {
      // A page that is gone shows the present when it comes back.
    })
  }

  return { on, error, begin, end, toggle: () => (on.get() ? end() : begin()) }
}
