/** Two panes, and between them a bar that moves by pointer and by arrow keys. */
import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from 'react'

export interface SplitProps {
  readonly direction: 'row' | 'column'
  /** What is resized, for screen readers. */
  readonly label: string
  /** The size of the second pane at first: a part of the whole. */
  readonly part: number
  /** Pixels that each pane keeps. */
  readonly least: number
  readonly children: readonly [ReactNode, ReactNode]
}

export function Split({ direction, label, part, least, children }: SplitProps): ReactNode {
  const box = useRef<HTMLDivElement>(null)
  const [size, setSize] = useState(part)
  const isRow = direction === 'row'

  const resize = (wanted: number): void => {
    const whole = (isRow ? box.current?.clientWidth : box.current?.clientHeight) ?? 1
    const edge = Math.min(0.5, least / Math.max(1, whole))
    setSize(Math.max(edge, Math.min(1 - edge, wanted)))
  }
  const onPointerMove = (event: PointerEvent): void => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId) || !box.current) return
    const { right, bottom, width, height } = box.current.getBoundingClientRect()
    resize(isRow ? (right - event.clientX) / width : (bottom - event.clientY) / height)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = { ArrowLeft: 0.02, ArrowUp: 0.02, ArrowRight: -0.02, ArrowDown: -0.02 }[event.key]
    const to = { Home: 0, End: 1, Enter: part }[event.key] ?? (by === undefined ? undefined : size + by)
    if (to === undefined) return
    event.preventDefault()
    event.stopPropagation()
    resize(to)
  }

  return (
    <div ref={box} className="split" data-direction={direction}>
      <div className="split-pane" style={{ flex: 1 - size }}>
        {children[0]}
      </div>
      <div
        className="split-bar"
        role="separator"
        tabIndex={0}
        aria-label={label}
        aria-orientation={isRow ? 'vertical' : 'horizontal'}
        aria-valuenow={Math.round(size * 100)}
        aria-valuemin={0}
        aria-valuemax={100}
        onPointerDown={(event) => {
          event.preventDefault()
          event.currentTarget.setPointerCapture(event.pointerId)
        }}
        onPointerMove={onPointerMove}
        onDoubleClick={() => setSize(part)}
        onKeyDown={onKeyDown}
      />
      <div className="split-pane" style={{ flex: size }}>
        {children[1]}
      </div>
    </div>
  )
}
