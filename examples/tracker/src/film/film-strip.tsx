/** A film of all that happened, at the bottom of the window: to be dragged, stepped and played. */
import type { History, Moment, TimelineEntry } from 'ibex-state'
import { type Film as Playing, usePlayback, useRepositoryHistory } from 'ibex-state/react'
import {
  type CSSProperties,
  type KeyboardEvent,
  type ReactNode,
  Suspense,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react'
import { nameOf } from '../history/undo.js'
import { momentName } from '../issue/dates.js'
import { Avatar } from '../look/avatar.js'
import { Icon } from '../look/icons.js'
import { useCell } from '../shell/cell.js'
import { focusList } from '../shell/overlay.js'
import { useNow } from '../shell/now.js'
import { authorOf } from '../shell/session.js'
import { backToLive, closeFilm, film, showMoment, useIsPast } from './film.js'
import { rhythmOf } from './rhythm.js'

/** Actions a second, by the name of the speed. */
const SPEEDS = [
  ['1×', 4],
  ['2×', 8],
  ['4×', 16],
  ['8×', 32],
  ['16×', 64],
] as const

export function Film(): ReactNode {
  const isOpen = useCell(film, (shown) => shown.isOpen)
  if (!isOpen) return null
  return (
    <section className="film" aria-label="Time travel">
      <Suspense fallback={<p className="film-wait">Reading the history…</p>}>
        <Strip />
      </Suspense>
    </section>
  )
}

function Strip(): ReactNode {
  const history = useRepositoryHistory()
  const end = useEnd(history)
  const [speed, setSpeed] = useState(0)
  const playing = usePlayback({ by: 'actions', speed: SPEEDS[speed]![1], to: end })
  const { moment, position, length, play, pause, step, seek } = playing
  const isPast = useIsPast()
  const arrived = useArrived(length, isPast)
  /** Whether somebody moved the film, so that what it is at is shown. */
  const isMoved = useRef(false)
  const scrub = useScrub((to) => {
    isMoved.current = true
    seek(to)
  })
  useLayoutEffect(() => {
    if (isMoved.current || playing.playing) showMoment(position < length || playing.playing ? moment : null)
  }, [moment, position, length, playing.playing])
  // While the present is shown the film stands at its end, also as that moves on.
  useEffect(() => {
    // It may have been left since this was rendered.
    if (isPast || film.get().at !== null) return
    isMoved.current = false
    pause()
    if (position !== length) seek(length)
  }, [isPast, position, length, pause, seek])

  // When the film is closed, what had the focus is gone with it.
  useEffect(() => () => void requestAnimationFrame(focusList), [])

  const togglePlay = (): void => {
    if (playing.playing) return pause()
    if (position >= length) seek(0)
    play()
  }
  const stepBy = (actions: number): void => {
    isMoved.current = true
    pause()
    step(actions)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      event.preventDefault()
      if (isPast) backToLive()
      else closeFilm()
    } else if (event.key === ' ' && !(event.target as Element).matches('button')) {
      event.preventDefault()
      togglePlay()
    }
  }
  return (
    <div className="film-row" onKeyDown={onKeyDown}>
      <div className="film-controls">
        <button
          type="button"
          className="quiet-button"
          aria-label={playing.playing ? 'Pause' : 'Play'}
          title={playing.playing ? 'Pause (space)' : 'Play (space)'}
          onClick={togglePlay}
        >
          <Icon name={playing.playing ? 'pause' : 'play'} />
        </button>
        <button
          type="button"
          className="quiet-button is-back"
          aria-label="One action back"
          title="One action back"
          disabled={position === 0}
          onClick={() => stepBy(-1)}
        >
          <Icon name="chevron" />
        </button>
        <button
          type="button"
          className="quiet-button"
          aria-label="One action on"
          title="One action on"
          disabled={position >= length}
          onClick={() => stepBy(1)}
        >
          <Icon name="chevron" />
        </button>
        <button
          type="button"
          className="film-speed"
          aria-label={`Speed ${SPEEDS[speed]![0]}`}
          title="Speed"
          onClick={() => setSpeed((speed + 1) % SPEEDS.length)}
        >
          {SPEEDS[speed]![0]}
        </button>
      </div>
      <Track history={history} playing={playing} scrub={scrub} isPast={isPast} />
      <div className="film-end">
        {isPast ? (
          <button type="button" className="live-button" onClick={backToLive}>
            Back to live
            {arrived > 0 && <span className="live-count">{arrived.toLocaleString('en')} new</span>}
          </button>
        ) : (
          <span className="live-now">
            <span className="connection-dot" />
            Live
          </span>
        )}
        <button
          type="button"
          className="quiet-button"
          aria-label="Close time travel"
          title="Close (Esc)"
          onClick={closeFilm}
        >
          <Icon name="close" />
        </button>
      </div>
    </div>
  )
}

interface TrackProps {
  readonly history: History
  readonly playing: Playing
  readonly scrub: (position: number) => void
  readonly isPast: boolean
}

/** The slider, over a picture of what happened. */
function Track({ history, playing, scrub, isPast }: TrackProps): ReactNode {
  const { moment, position, length } = playing
  const now = useNow()
  // `length`: the picture is another when something happened.
  const timeline = useMemo(() => history.timeline(), [history])
  const bars = useMemo(() => (length > 0 ? rhythmOf(timeline) : []), [timeline, length])
  const entry = useMemo(() => lastBefore(history, moment), [history, moment])
  const at = length === 0 ? 1 : position / length
  const when = entry ? momentName(entry.at, now) : 'Before everything'
  const what = entry ? `${authorOf(entry.by).name}: ${nameOf(entry)}` : ''
  return (
    <div className="film-track" style={{ '--at': at } as CSSProperties}>
      <div className="film-bars" aria-hidden="true">
        {bars.map(({ from, height, by, isNewDay }) => (
          <i
            key={from}
            style={{ '--height': height, '--hue': authorOf(by).hue } as CSSProperties}
            data-day={isNewDay || undefined}
          />
        ))}
      </div>
      <input
        type="range"
        aria-label="Moment"
        aria-valuetext={`${when}. ${what}`}
        min={0}
        max={length}
        value={position}
        onChange={(event) => scrub(Number(event.target.value))}
        autoFocus
      />
      <output className="film-label" data-side={at > 0.5 ? 'left' : 'right'} data-past={isPast || undefined}>
        {entry && <Avatar id={authorOf(entry.by).id} />}
        <span className="clip">{what}</span>
        <time>{when}</time>
      </output>
    </div>
  )
}

/** What happened last before a moment. */
function lastBefore(history: History, moment: Moment): TimelineEntry | undefined {
  const { action } = history.place(moment)
  return action && history.entry(action)
}

/** Seeks at most once a frame, and leaves out what was overtaken. */
function useScrub(seek: (position: number) => void): (position: number) => void {
  const wanted = useRef<number | null>(null)
  return (position) => {
    if (wanted.current === null) {
      requestAnimationFrame(() => {
        seek(wanted.current!)
        wanted.current = null
      })
    }
    wanted.current = position
  }
}

/** The newest moment, live. */
function useEnd(history: History): Moment {
  return useSyncExternalStore(
    (listener) => history.subscribe(listener),
    () => history.now(),
  )
}

/** How many actions have come since the past is shown. */
function useArrived(count: number, isPast: boolean): number {
  const [left, setLeft] = useState(count)
  if (!isPast && left !== count) setLeft(count)
  return count - left
}
