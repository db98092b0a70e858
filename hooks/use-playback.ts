'use client'
import { useEffect, useMemo, useSyncExternalStore } from 'react'
import type { Moment, Playback, PlaybackOptions } from '../src/index.js'
import { useKept } from './kept.js'
import { type InRepository, useScope } from './scope.js'

/** A film as it stands; another object after each change. The functions keep identity. */
export interface Film extends Pick<Playback, 'moment' | 'position' | 'length' | 'playing' | 'by' | 'speed' | 'loop'> {
  readonly play: () => void
  readonly pause: () => void
  readonly step: (actions?: number) => void
  /** To a moment, or to a position. */
  readonly seek: (to: Moment | number) => void
}

/**
 * A film of what happened, to be shown by `<TimeTravel at={film.moment}>`. It begins paused, before the first action of its
 * range; it lasts as long as the component is mounted. Suspends until the history is open.
 */
export function usePlayback(options: PlaybackOptions & InRepository = {}): Film {
  const { in: _, ...how } = options
  const playback = useKept(useScope(options), true, (history) => history.playback(how))!
  const key = JSON.stringify(how)
  useEffect(() => {
    playback.set(JSON.parse(key) as PlaybackOptions)
  }, [playback, key])
  const { subscribe, read } = useMemo(() => filmOf(playback), [playback])
  return useSyncExternalStore(subscribe, read, read)
}

function filmOf(playback: Playback): { subscribe: (listener: () => void) => () => void; read: () => Film } {
  const controls = {
    play: () => playback.play(),
    pause: () => playback.pause(),
    step: (actions?: number) => playback.step(actions),
    seek: (to: Moment | number) => playback.seek(to),
  }
  let last: Film | undefined
  const read = (): Film => {
    const { moment, position, length, playing, by, speed, loop } = playback
    const now = { moment, position, length, playing, by, speed, loop }
    const names = Object.keys(now) as (keyof typeof now)[]
    if (!last || names.some((name) => last![name] !== now[name])) last = Object.freeze({ ...now, ...controls })
    return last
  }
  return { subscribe: (listener) => playback.subscribe(listener), read }
}
