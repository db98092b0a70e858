/** Which of many rows of one height are in sight. */
import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react'

/** Pixels. */
export const ROW = 20
/** Rows that are drawn above and below what is in sight, so that there is something while one scrolls. */
const BEYOND = 4

export interface RowWindow {
  readonly scroller: RefObject<HTMLDivElement | null>
  /** The first row that is drawn, and how many there are. */
  readonly first: number
  readonly length: number
  /** At most so many are ever drawn at once. */
  readonly most: number
  /** Rows that are in sight at once. */
  readonly page: number
}

/** `head`: the height of what sticks to the top. `selected` is kept in sight, when it changes; -1: nothing is. */
export function useRowWindow(count: number, head: number, selected: number): RowWindow {
  const scroller = useRef<HTMLDivElement>(null)
  const [page, setPage] = useState(0)
  /** The first row in sight. */
  const [top, setTop] = useState(0)
  const [kept, setKept] = useState(-1)

  // At once, and not after a render of rows that nobody will see.
  if (selected !== kept) {
    setKept(selected)
    if (selected >= 0 && page > 0 && (selected < top || selected > top + page - 1)) {
      setTop(Math.max(0, Math.min(count - page, selected - (page >> 1))))
    }
  }

  const measure = useCallback(() => {
    const element = scroller.current
    if (!element) return
    setPage(Math.max(1, Math.floor((element.clientHeight - head) / ROW)))
    setTop(Math.round(element.scrollTop / ROW))
  }, [head])

  useLayoutEffect(() => {
    const element = scroller.current
    if (!element) return undefined
    measure()
    const { ResizeObserver } = element.ownerDocument.defaultView ?? window
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    element.addEventListener('scroll', measure, { passive: true })
    return () => {
      observer.disconnect()
      element.removeEventListener('scroll', measure)
    }
  }, [measure])

  useLayoutEffect(() => {
    const element = scroller.current
    // Only where somebody else than the reader has moved it: to read where it is makes the browser lay out.
    if (element && kept >= 0 && Math.round(element.scrollTop / ROW) !== top) element.scrollTop = top * ROW
    // oxlint-disable-next-line react/exhaustive-deps
  }, [kept])

  const first = Math.max(0, top - BEYOND)
  const most = page + 2 * BEYOND + 1
  return { scroller, first, length: Math.max(0, Math.min(count - first, most)), most, page }
}
