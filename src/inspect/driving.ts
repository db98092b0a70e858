/**
 * Driving: the page shows a moment of the past because a panel says so. What renders the past is the app's own hooks: they
 * set a {@link Driver} on the store, under a symbol of the whole page, so that they need nothing from here. If the panel is
 * gone or silent for {@link SILENCE_MS}, the page returns to the present.
 */
import { IbexError } from '../errors.js'
import type { Surroundings, TimerHandle } from '../ports.js'
import type { Store } from '../store/face.js'
import { type Banner, showBanner } from './driving-banner.js'
import { SILENCE_MS } from './channel.js'
import type { DrivingAbout } from './topics.js'

/** Under which a store (what `createStore` answered) has its driver. */
export const DRIVER: unique symbol = Symbol.for('ibex-state.driver') as never

export interface Driver {
  /** Shows a moment of a repository, a `Moment` of its history, in place of the present; null: the present again. */
  show(repository: string, moment: string | null): void
}

/** Identity: one for each store that is looked into. */
export class Driving {
  /** What is shown. */
  shown: DrivingAbout | null = null
  private readonly face: Store
  private readonly surroundings: Surroundings
  private readonly changed: () => void
  private banner: Banner | undefined
  private watchdog: TimerHandle | undefined

  constructor(face: Store, surroundings: Surroundings, changed: () => void) {
    this.face = face
    this.surroundings = surroundings
    this.changed = changed
  }

  get driver(): Driver | undefined {
    return (this.face as Store & { readonly [DRIVER]?: Driver })[DRIVER]
  }

  /** `time`: of the moment, for whoever reads it. Throws `bad-option` where nothing of the app shows the past, and what the driver throws. */
  drive(repository: string, moment: string | null, time: number = Date.now()): void {
    if (moment === null) {
      this.stop()
      return
    }
    const { driver } = this
    if (!driver) {
      throw new IbexError(
        'bad-option',
        'This page cannot show the past: nothing in it listens. Put a <StoreProvider> of ibex-state/react around the app.',
      )
    }
    if (this.shown && this.shown.repository !== repository) driver.show(this.shown.repository, null)
    driver.show(repository, moment)
    this.shown = { repository, moment }
    if (this.banner) this.banner.update(time)
    else this.banner = showBanner(time, () => this.stop())
    this.alive()
    this.changed()
  }

  /** The panel is there. */
  alive(): void {
    const { scheduler } = this.surroundings
    if (this.watchdog) scheduler.cancel(this.watchdog)
    this.watchdog = this.shown ? scheduler.after(SILENCE_MS, () => this.stop()) : undefined
  }

  /** Back to the present. */
  stop(): void {
    const { shown } = this
    if (!shown) return
    this.shown = null
    this.banner?.remove()
    this.banner = undefined
    this.alive()
    this.driver?.show(shown.repository, null)
    this.changed()
  }
}
