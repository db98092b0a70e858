/** All of time at a glance: how much happened when, which moment is shown, which range is played. */
import {
  type KeyboardEvent,
  memo,
  type PointerEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { usePanel, useSession } from '../state/panel-context.js'
import type { Open } from '../state/repository-session.js'
import type { TimeRange } from '../state/player.js'
import { step } from '../state/steps.js'
import type { Strip } from '../state/strip.js'
import { momentAt } from '../state/moment-at.js'
import { useLive } from '../state/use-live.js'
import { useShown } from '../state/use-shown.js'
import { countDensity, moveZoom, placesOf, timesOf, type Zoom, zoomAt } from './density.js'
import { BIN, drawDensity, type Palette, paletteOf, RULER } from './draw-density.js'
import { clockOf, countNoun, momentOf, spanOf } from './format-time.js'
import { createTimeScale } from './scale.js'
import { ticksOf } from './ticks.js'
import { useSize } from './use-size.js'

/** Pixels that a pointer moves before it drags. */
const SLOP = 3
/** Pixels around an edge or the playhead that take hold of it. */
const GRIP = 5

type Drag =
  | { readonly what: 'scrub' }
  | { readonly what: 'press' | 'range'; readonly x: number }
  | { readonly what: 'edge'; readonly other: number }

export function Overview({ open }: { open: Open }): ReactNode {
  const session = useSession()
  const { host } = usePanel()
  const strip = useLive(open.strip)
  const shown = useShown(open)
  const range = useLive(session.range)
  const [box, { width, height }] = useSize<HTMLDivElement>()
  // In time: places change while older commits come, and pauses between them are found.
  const [zoomed, setZoomed] = useState<TimeRange | null>(null)
  const [pointer, setPointer] = useState<number | null>(null)
  const drag = useRef<Drag | null>(null)

  const { times, count, begin } = strip
  const scale = useMemo(() => createTimeScale(times, count), [times, count])
  const chosenZoom = zoomed && placesOf(zoomed, scale)
  const zoom = chosenZoom ?? { from: 0, to: scale.length }
  const setZoom = (next: Zoom | null): void => setZoomed(next && timesOf(next, scale))
  const xOf = (time: number): number => ((scale.toPlace(time) - zoom.from) / (zoom.to - zoom.from)) * width
  const timeAt = (x: number): number => scale.toTime(zoom.from + (x / Math.max(1, width)) * (zoom.to - zoom.from))

  const playhead = shown.live ? width : Math.max(0, Math.min(width, xOf(shown.place.time)))
  const isAway = !shown.live && (xOf(shown.place.time) < -1 || xOf(shown.place.time) > width + 1)
  /** Earlier moments cannot be shown yet. */
  const beginning = begin === 0 ? -Infinity : begin < count ? times[begin]! : Infinity
  const rangeX = range && ([xOf(range.from), xOf(range.to)] as const)

  const scrubTo = (x: number): void => {
    session.player.pause()
    // Beyond the last commit, which is the edge unless zoomed in, is the present.
    const time = timeAt(x)
    session.show(
      x >= width - 1 && time >= scale.end - 1e-6 ? null : momentAt(open.history, Math.max(time, scale.start)),
    )
  }

  const xOfEvent = (event: { readonly clientX: number }): number =>
    event.clientX - (box.current?.getBoundingClientRect().left ?? 0)

  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.button !== 0) return
    const x = xOfEvent(event)
    const y = event.clientY - event.currentTarget.getBoundingClientRect().top
    event.currentTarget.setPointerCapture(event.pointerId)
    const edge = rangeX?.findIndex((each) => Math.abs(each - x) <= GRIP) ?? -1
    if (y < RULER || Math.abs(x - playhead) <= GRIP) {
      drag.current = { what: 'scrub' }
      scrubTo(x)
    } else if (range && edge >= 0) drag.current = { what: 'edge', other: edge === 0 ? range.to : range.from }
    else drag.current = { what: 'press', x }
  }

  const onPointerMove = (event: PointerEvent<HTMLDivElement>): void => {
    const x = Math.max(0, Math.min(width, xOfEvent(event)))
    const held = drag.current
    // Whoever drags sees where by what is dragged.
    setPointer(held ? null : x)
    if (!held) return
    if (held.what === 'scrub') scrubTo(x)
    else if (held.what === 'edge') session.range.set(ordered(held.other, timeAt(x)))
    else if (held.what === 'range' || Math.abs(x - held.x) > SLOP) {
      drag.current = { what: 'range', x: held.x }
      session.range.set(ordered(timeAt(held.x), timeAt(x)))
    }
  }

  const onPointerUp = (event: PointerEvent<HTMLDivElement>): void => {
    if (drag.current?.what === 'press') scrubTo(xOfEvent(event))
    drag.current = null
  }

  // A passive listener, as React adds it, could not keep the page from scrolling.
  const onWheel = useCallback(
    (event: WheelEvent) => {
      event.preventDefault()
      const x = event.clientX - (box.current?.getBoundingClientRect().left ?? 0)
      const sideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)
      const by = event.deltaX || event.deltaY
      setZoomed((before) => {
        const now = before ? placesOf(before, scale) : { from: 0, to: scale.length }
        const size = now.to - now.from
        const next = sideways
          ? before && moveZoom(now, (by / width) * size, scale.length)
          : zoomAt(now, Math.exp(event.deltaY / 300), now.from + (x / width) * size, scale.length)
        return next && timesOf(next, scale)
      })
    },
    [box, scale, width],
  )
  useEffect(() => {
    const element = box.current
    element?.addEventListener('wheel', onWheel, { passive: false })
    return () => element?.removeEventListener('wheel', onWheel)
  }, [box, onWheel])

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const { key } = event
    const factor = key === '+' || key === '=' ? 0.5 : key === '-' ? 2 : undefined
    const aside = key === ',' ? -0.25 : key === '.' ? 0.25 : undefined
    const steps = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[key]
    if (key === '0') setZoom(null)
    else if (factor !== undefined)
      setZoom(zoomAt(zoom, factor, shown.live ? zoom.to : scale.toPlace(shown.place.time), scale.length))
    else if (aside !== undefined)
      setZoom(chosenZoom && moveZoom(chosenZoom, aside * (chosenZoom.to - chosenZoom.from), scale.length))
    else if (steps !== undefined) step(session, steps)
    else return
    event.preventDefault()
  }

  return (
    <div
      ref={box}
      className="overview"
      role="slider"
      tabIndex={0}
      aria-label="Moment"
      aria-valuemin={0}
      aria-valuemax={shown.place.of}
      aria-valuenow={shown.place.position}
      aria-valuetext={shown.live ? 'live' : momentOf(shown.place.time)}
      title="Click to look at a moment, drag to choose a range, wheel to zoom"
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerLeave={() => setPointer(null)}
      onDoubleClick={() => (range ? session.range.set(null) : setZoom(null))}
      onKeyDown={onKeyDown}
    >
      <Bars
        strip={strip}
        scale={scale}
        from={zoom.from}
        to={zoom.to}
        width={width}
        height={height}
        left={rangeX?.[0]}
        right={rangeX?.[1]}
        begin={begin === 0 ? 0 : begin < count ? xOf(beginning) : width}
        view={host.view}
      />
      {rangeX && (
        <div
          className="overview-range"
          style={{ transform: `translateX(${rangeX[0]}px)`, width: Math.max(1, rangeX[1] - rangeX[0]) }}
        >
          <span>{spanOf(range.to - range.from)}</span>
        </div>
      )}
      {pointer !== null && (
        <div
          className="overview-pointer"
          data-flip={pointer > width - 96}
          style={{ transform: `translateX(${pointer}px)` }}
        >
          <span>
            {clockOf(timeAt(pointer))}
            {timeAt(pointer) < beginning && ' · not here yet'}
          </span>
        </div>
      )}
      <div
        className="playhead"
        data-live={shown.live}
        data-away={isAway}
        style={{ transform: `translateX(${playhead}px)` }}
      />
      {count === 0 && <p className="overview-empty">Nothing is recorded yet.</p>}
      {chosenZoom && (
        <button
          type="button"
          className="overview-zoom"
          title="Show all of it (0)"
          onPointerDown={(event) => event.stopPropagation()}
          onClick={() => setZoom(null)}
        >
          {spanOf(timeAt(width) - timeAt(0))} of {spanOf(scale.end - scale.start)}
        </button>
      )}
      <span className="unseen">{countNoun(count, 'commit')}</span>
    </div>
  )
}

interface BarsProps {
  readonly strip: Strip
  readonly scale: ReturnType<typeof createTimeScale>
  /** What is in sight, as places of the scale. */
  readonly from: number
  readonly to: number
  readonly width: number
  readonly height: number
  /** The edges of the range, if there is one. */
  readonly left: number | undefined
  readonly right: number | undefined
  /** Where moments begin that can be shown. */
  readonly begin: number
  readonly view: () => Window
}

const Bars = memo(function Bars(props: BarsProps): ReactNode {
  const { strip, scale, from, to, width, height, left, right, begin, view } = props
  const canvas = useRef<HTMLCanvasElement>(null)
  const palette = usePalette(canvas)
  const ratio = view().devicePixelRatio

  const still = useMemo(() => {
    const shown = { from, to }
    const perPixel = width / (to - from)
    return {
      density: countDensity(strip, scale, shown, Math.max(1, Math.ceil(width / BIN))),
      ticks: strip.count === 0 ? [] : ticksOf(scale, shown, width, 88),
      pauses: scale.pauses.map(({ place }) => (place - from) * perPixel).filter((x) => x >= 0 && x <= width),
    }
  }, [strip, scale, from, to, width])

  useLayoutEffect(() => {
    const element = canvas.current
    const context = element?.getContext('2d')
    if (!element || !context || !palette || width === 0) return
    if (element.width !== Math.round(width * ratio)) element.width = Math.round(width * ratio)
    if (element.height !== Math.round(height * ratio)) element.height = Math.round(height * ratio)
    const shown = left === undefined || right === undefined ? null : ([left, right] as const)
    drawDensity(context, width, height, ratio, palette, { ...still, range: shown, begin })
  }, [still, palette, width, height, ratio, left, right, begin])

  return <canvas ref={canvas} style={{ width, height }} aria-hidden="true" />
})

/** The colours of the theme; others once it changes. */
function usePalette(canvas: { readonly current: HTMLCanvasElement | null }): Palette | undefined {
  const [palette, setPalette] = useState<Palette>()
  useLayoutEffect(() => {
    const element = canvas.current?.parentElement
    const view = element?.ownerDocument.defaultView
    if (!element || !view) return undefined
    const read = (): void => setPalette(paletteOf(element))
    read()
    const scheme = view.matchMedia('(prefers-color-scheme: dark)')
    scheme.addEventListener('change', read)
    const root = element.closest('.ibex')
    const observer = new view.MutationObserver(read)
    if (root) observer.observe(root, { attributes: true, attributeFilter: ['data-theme'] })
    return () => {
      scheme.removeEventListener('change', read)
      observer.disconnect()
    }
  }, [canvas])
  return palette
}

const ordered = (a: number, b: number): { from: number; to: number } => ({ from: Math.min(a, b), to: Math.max(a, b) })
