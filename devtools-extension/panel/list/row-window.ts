/** Which of many rows of one height are in sight. */
import { type RefObject, useLayoutEffect, useReducer, useRef, useState } from 'react'
import { type Cell, createCell } from '../../../src/inspect/live.js'
import { useLive } from '../state/use-live.js'

/** Pixels. */
export const ROW = 20
/** Rows that are drawn above and below what is in sight, so that there is something there while one scrolls. */
const BEYOND = 4
/** The same after a jump to what is chosen, which can come once a frame: only those that are half in sight. */
const BEYOND_JUMP = 1
/** While it jumps faster than one reads, a place is drawn at every fifth jump. */
const TURNS = 5

export interface RowWindow {
  readonly scroller: RefObject<HTMLDivElement | null>
  /** The first row that is drawn, and how many there are. */
  readonly first: number
  readonly length: number
  /** Rows that are in sight at once. */
  readonly page: number
  /** The row from whose top on rows are placed: another one only after a jump, so that what was drawn stays where it is. */
  readonly base: number
  /** Which of the places that are drawn a row has, counted from 0: it keeps it as long as it is drawn. */
  readonly placeOf: (index: number) => number
  /** Whether a place can go on showing what it does, because it will be overtaken before one has read it. */
  readonly canWait: (place: number) => boolean
}

/** What the scroller shows, in rows. */
interface Seen {
  readonly top: number
  readonly page: number
}

interface At {
  /** The first row in sight. */
  readonly top: number
  /** Rows that are drawn above and below. */
  readonly beyond: number
  /** The row that has the place 0, or would. */
  readonly base: number
  /** Counts jumps. */
  readonly jumps: number
  /** After a jump to what is selected, the place of what was so before; undefined: the last move was another one. */
  readonly left: number | undefined
}

/** At most so many rows are ever drawn at once. */
const mostOf = (page: number): number => page + 2 * BEYOND
const firstOf = ({ top, beyond }: Pick<At, 'top' | 'beyond'>): number => Math.max(0, top - beyond)

const placeIn = ({ base }: Pick<At, 'base'>, index: number, most: number): number =>
  (((index - base) % most) + most) % most

/** Rows keep their places while one scrolls; after a jump, all are others, and what changes least is that each place stays. */
function moved(from: At, to: Pick<At, 'top' | 'beyond'>, most: number, selected?: number): At {
  if (Math.abs(to.top - from.top) < most) return { ...from, ...to, left: undefined }
  const base = from.base + firstOf(to) - firstOf(from)
  const left = selected === undefined ? undefined : placeIn(from, selected, most)
  return { ...to, base, jumps: from.jumps + 1, left }
}

/**
 * `head`: the height of what sticks to the top. `selected` is kept in sight, when it changes; -1: nothing is. `passing`: it
 * changes faster than one reads.
 */
export function useRowWindow(count: number, head: number, selected: number, passing: boolean): RowWindow {
  const scroller = useRef<HTMLDivElement>(null)
  const [at, setAt] = useState<At>({ top: 0, beyond: BEYOND, base: 0, jumps: 0, left: undefined })
  const [kept, setKept] = useState(-1)
  const { top, beyond, base, jumps, left } = at
  const seen = useSeen(scroller, head, top)
  const { page } = seen
  const [followed, setFollowed] = useState(seen)
  const most = mostOf(page)

  // Both at once, and not after a render of rows that nobody will see. What is chosen goes before where one has scrolled to.
  let now = at
  if (seen !== followed) {
    setFollowed(seen)
    if (seen.top !== top) now = moved(now, { top: seen.top, beyond: BEYOND }, most)
  }
  // At the beginning once it is known how many are in sight.
  if (selected !== kept && page > 0) {
    setKept(selected)
    if (selected >= 0 && (selected < now.top || selected > now.top + page - 1)) {
      const to = { top: Math.max(0, Math.min(count - page, selected - (page >> 1))), beyond: BEYOND_JUMP }
      now = moved(now, to, most, kept)
    } else if (now.left !== undefined) now = { ...now, left: undefined }
  }
  if (now !== at) setAt(now)

  useLayoutEffect(() => {
    const element = scroller.current
    // Only where somebody else than the reader has moved it: to read where it is makes the browser lay out.
    if (element && kept >= 0 && Math.round(element.scrollTop / ROW) !== top) element.scrollTop = top * ROW
    // oxlint-disable-next-line react/exhaustive-deps
  }, [kept])

  const first = firstOf(at)
  return {
    scroller,
    first,
    length: Math.max(0, Math.min(count, top + page + beyond) - first),
    page,
    base,
    placeOf: (index) => placeIn(at, index, most),
    canWait: (place) => passing && left !== undefined && place !== left && (place + jumps) % TURNS !== 0,
  }
}

/**
 * Told to React as what a store says is: before the next frame, and in order with what is chosen. An update that waited, as
 * one by a state's setter in a scroll event does, would take the place of a jump that came after it. `drawn`: the first row
 * that is in sight by what is drawn; that it was scrolled there is no news.
 */
function useSeen(scroller: RefObject<HTMLDivElement | null>, head: number, drawn: number): Seen {
  const known = useRef(drawn)
  useLayoutEffect(() => {
    known.current = drawn
  }, [drawn])
  const [cell] = useState((): Cell<Seen> => createCell<Seen>({ top: 0, page: 0 }))
  const [, drawAgain] = useReducer((times: number) => times + 1, 0)

  useLayoutEffect(() => {
    const element = scroller.current
    if (!element) return undefined
    const measure = (): void => {
      const { clientHeight, scrollHeight, scrollTop } = element
      const page = Math.max(1, Math.floor((clientHeight - head) / ROW))
      // At the end the first row that is wholly in sight counts, and not the one that is half above it.
      const isAtEnd = scrollTop + clientHeight >= scrollHeight - 1
      const top = isAtEnd ? Math.ceil(scrollTop / ROW) : Math.round(scrollTop / ROW)
      if (top !== known.current || page !== cell.get().page) cell.set({ top, page })
    }
    measure()
    // Nobody listens to the cell yet.
    drawAgain()
    const { ResizeObserver } = element.ownerDocument.defaultView ?? window
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    element.addEventListener('scroll', measure, { passive: true })
    return () => {
      observer.disconnect()
      element.removeEventListener('scroll', measure)
    }
  }, [cell, scroller, head])

  return useLive(cell)
}
