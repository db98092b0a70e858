/** Playback: a past that moves by itself, as fast as it went, or faster, or by so many actions a second. */
import { IbexError } from '../../errors.js'
import { effective, type Sight } from '../../history/deed.js'
import type { Ledger } from '../../history/ledger.js'
import { positionOf, sightAt } from '../../history/sight.js'
import type { TimerHandle } from '../../ports.js'
import type { HistoryKeeper } from '../../repository/history-keeper.js'
import { Signal } from '../../signal.js'
import { timeOf } from './entries.js'
import type { Playback, PlaybackOptions } from './face.js'
import { createPast } from './checkout.js'

const IDLE_MS = 1000
const SPEEDS = { time: [0.5, 32], actions: [0.1, 1000] } as const

/** Throws `bad-option`, `unknown-moment`. */
export function createPlayback(keeper: HistoryKeeper, options: PlaybackOptions): Playback {
  const { ledger } = keeper
  const { clock, scheduler } = keeper.journal.repository.surroundings
  const onChange = new Signal()
  const set: PlaybackOptions & { by: 'time' | 'actions'; speed: number; idle: number; loop: boolean } = {
    by: 'time',
    speed: 1,
    idle: IDLE_MS,
    loop: false,
  }
  /** What the range begins and ends with; undefined: the beginning, and what there was when it was set. */
  let from: Sight | undefined
  let to: Sight | undefined
  /** When in the film each action of the range is; undefined until it is needed, or after the ledger changed. */
  let times: Float64Array | undefined
  /** How far into the film, in milliseconds or actions. */
  let progress = 0
  let timer: TimerHandle | undefined
  let last = 0

  const first = (): number => positionOf(from ?? sightAt(ledger, 0))
  const end = (): number => (to ? positionOf(to) : ledger.length)
  const length = (): number => Math.max(0, end() - first())
  const here = (): number => Math.min(length(), Math.max(0, past.position - first()))

  const apply = (given: PlaybackOptions): void => {
    check(given, set.by)
    const begins = given.from === undefined ? from : keeper.sightOf(given.from)
    const ends = given.to === undefined ? (to ?? keeper.sightOf(keeper.now())) : keeper.sightOf(given.to)
    if (ledger.length > 0 && positionOf(ends) <= positionOf(begins ?? sightAt(ledger, 0))) {
      throw new IbexError('bad-option', 'The range that is to be played ends before it begins, or holds no action.')
    }
    from = begins
    to = ends
    if (given.by !== undefined && given.by !== set.by && given.speed === undefined) set.speed = 1
    for (const key of ['by', 'speed', 'idle', 'loop'] as const) {
      if (given[key] !== undefined) Object.assign(set, { [key]: given[key] })
    }
    times = undefined
  }

  const film = (): Float64Array => (times ??= filmOf(ledger, first(), end(), set.idle))

  /** How far into the film so many actions are. */
  const progressAt = (actions: number): number =>
    set.by === 'actions' ? actions : actions === 0 ? 0 : film()[actions - 1]!

  const move = (actions: number): void => {
    const position = first() + Math.max(0, Math.min(length(), actions))
    if (position !== past.position) past.seekPosition(position)
  }

  const seek = (actions: number): void => {
    move(actions)
    progress = progressAt(here())
    onChange.emit()
  }

  const pause = (): void => {
    if (!timer) return
    scheduler.cancel(timer)
    timer = undefined
    onChange.emit()
  }

  const tick = (): void => {
    if (keeper.hasEnded) {
      pause()
      return
    }
    const now = clock.now()
    const passed = Math.max(0, now - last)
    last = now
    progress += set.by === 'actions' ? (passed / 1000) * set.speed : passed * set.speed
    const total = progressAt(length())
    const isOver = progress >= total && here() >= length()
    if (isOver && set.loop && length() > 0) {
      move(0)
      progress = 0
    } else move(set.by === 'actions' ? Math.floor(progress) : countUpTo(film(), progress))
    if (here() >= length() && !set.loop) timer = undefined
    else timer = scheduler.frame(tick)
    onChange.emit()
  }

  apply(options)
  const past = keeper.checkout(keeper.first)
  past.seekPosition(first())
  const shown = createPast(keeper, past)
  const stops = [
    // Late commits are seen from now on by whoever moves on; what is shown stays.
    ledger.onChange.subscribe(({ late, gone, isDeeper }) => {
      if (late.length === 0 && gone.length === 0 && !isDeeper) return
      times = undefined
      progress = progressAt(here())
    }),
  ]

  return {
    past: shown,
    get moment() {
      return past.moment
    },
    get position() {
      return here()
    },
    get length() {
      return length()
    },
    get playing() {
      return timer !== undefined
    },
    get by() {
      return set.by
    },
    get speed() {
      return set.speed
    },
    get loop() {
      return set.loop
    },
    subscribe: (listener) => onChange.subscribe(listener),
    play() {
      keeper.require()
      if (timer || length() === 0) return
      if (here() >= length()) move(0)
      progress = progressAt(here())
      last = clock.now()
      timer = scheduler.frame(tick)
      onChange.emit()
    },
    pause,
    step(actions = 1) {
      keeper.require()
      pause()
      seek(here() + actions)
    },
    seek(place) {
      keeper.require()
      if (typeof place === 'number') {
        if (!Number.isFinite(place)) throw new IbexError('bad-option', 'A position is a number of actions.')
        seek(Math.floor(place))
      } else {
        past.seek(place)
        progress = progressAt(here())
        onChange.emit()
      }
    },
    set(given) {
      keeper.require()
      apply(given)
      // Inside the range that is played now.
      move(here())
      progress = progressAt(here())
      onChange.emit()
    },
    close() {
      pause()
      for (const stop of stops) stop()
      shown.close()
    },
  }
}

/** When in the film each action of a range is. Pauses are shortened; nothing goes backwards, whatever clocks said. */
function filmOf(ledger: Ledger, first: number, end: number, idle: number): Float64Array {
  const times = new Float64Array(Math.max(0, end - first))
  if (times.length === 0) return times
  let at = 0
  let before = Number.POSITIVE_INFINITY
  let index = ledger.actionAt(first + 1).commit.index
  for (let position = first; position < end; index++) {
    const commit = ledger.commits[index]!
    for (let action = position - commit.start; action < effective(commit) && position < end; action++) {
      const now = timeOf({ commit, action })
      at += Math.min(idle, Math.max(0, now - before))
      before = position === first ? now : Math.max(now, before)
      times[position++ - first] = at
    }
  }
  return times
}

/** How many of these times, which do not fall, are not after one. */
function countUpTo(times: Float64Array, time: number): number {
  let low = 0
  let high = times.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (times[middle]! <= time) low = middle + 1
    else high = middle
  }
  return low
}

function check({ by, speed, idle }: PlaybackOptions, before: 'time' | 'actions'): void {
  if (by !== undefined && by !== 'time' && by !== 'actions') {
    throw new IbexError('bad-option', "A playback goes by 'time' or by 'actions'.")
  }
  const [least, most] = SPEEDS[by ?? before]
  if (speed !== undefined && !(speed >= least && speed <= most)) {
    throw new IbexError('bad-option', `The speed by ${by ?? before} is from ${least} to ${most}.`)
  }
  if (idle !== undefined && !(idle >= 0)) throw new IbexError('bad-option', 'idle is in milliseconds, from 0.')
}
