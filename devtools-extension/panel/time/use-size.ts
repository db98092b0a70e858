import { type RefObject, useLayoutEffect, useRef, useState } from 'react'

export interface Size {
  readonly width: number
  readonly height: number
}

/** The size of an element's content, in pixels; 0 before it is known. */
export function useSize<E extends HTMLElement>(): readonly [RefObject<E | null>, Size] {
  const element = useRef<E>(null)
  const [size, setSize] = useState<Size>({ width: 0, height: 0 })
  useLayoutEffect(() => {
    const { current } = element
    if (!current) return undefined
    const measure = (): void => setSize({ width: current.clientWidth, height: current.clientHeight })
    measure()
    // That of its own window: another's looks only as often as that window is drawn.
    const { ResizeObserver } = current.ownerDocument.defaultView ?? window
    const observer = new ResizeObserver(measure)
    observer.observe(current)
    return () => observer.disconnect()
  }, [])
  return [element, size]
}
