/** Plays history in the panel: moves the moment that all views show, within the chosen range or to the present. */
import type { History, Moment, Playback, PlaybackOptions } from '../../../src/index.js'
import { type Cell, createCell, type Live } from '../../../src/inspect/live.js'
import { messageOf } from './message-of.js'
import { momentAt } from './moment-at.js'

/** How fast: times real time, or actions a second. */
export interface Pace {
  readonly by: 'time' | 'actions'
  readonly speed: number
}

export const PACES: readonly Pace[] = [
  ...[0.5, 1, 2, 4, 8, 16, 32].map((speed) => ({ by: 'time', speed }) as const),
  ...[1, 5, 20, 100].map((speed) => ({ by: 'actions', speed }) as const),
]

/** A stretch of time; milliseconds since 1970. */
export interface TimeRange {
  readonly from: number
  readonly to: number
}

/** What is played, and who shows it. */
export interface Screen {
  readonly history: History | undefined
  readonly shown: Live<Moment | null>
  readonly range: Live<TimeRange | null>
  show(moment: Moment): void
}

export interface Player {
  readonly playing: Live<boolean>
  /** Why it does not play, after it was asked to. */
  readonly error: Live<string | null>
  readonly pace: Cell<Pace>
  readonly loop: Cell<boolean>
  /** Throws nothing: without a history it does nothing. */
  play(): void
  pause(): void
  toggle(): void
  /** Ends it for good, or until it is played again. */
  stop(): void
}

export function createPlayer(screen: Screen): Player {
  const playing = createCell(false)
  const error = createCell<string | null>(null)
  const pace = createCell<Pace>({ by: 'time', speed: 1 })
  const loop = createCell(false)
  let playback: Playback | undefined

  const options = (): PlaybackOptions => ({ ...pace.get(), loop: loop.get() })

  function stop(): void {
    playback?.close()
    playback = undefined
    playing.set(false)
  }

  function begin(): Playback | undefined {
    const { history } = screen
    if (!history) return undefined
    const range = screen.range.get()
    const shown = screen.shown.get()
    // From where one looks, unless that is the end: then from the beginning.
    const made = history.playback({
      ...options(),
      from: range ? momentAt(history, range.from) : history.begin,
      to: range ? momentAt(history, range.to) : history.now(),
    })
    if (shown !== null) {
      const at =
        history.place(shown).position - history.place(range ? momentAt(history, range.from) : history.begin).position
      if (at >= 0 && at < made.length) made.seek(at)
    }
    made.subscribe(() => {
      if (playback !== made) return
      screen.show(made.moment)
      if (!made.playing) stop()
    })
    return made
  }

  function play(): void {
    stop()
    error.set(null)
    try {
      playback = begin()
    } catch (problem) {
      // A range without an action, say.
      error.set(messageOf(problem))
    }
    if (!playback) return
    playing.set(true)
    playback.play()
    if (!playback.playing) stop()
  }

  pace.subscribe(() => playback?.set(options()))
  loop.subscribe(() => playback?.set(options()))
  return {
    playing,
    error,
    pace,
    loop,
    play,
    pause: stop,
    toggle: () => (playing.get() ? stop() : play()),
    stop,
  }
}
