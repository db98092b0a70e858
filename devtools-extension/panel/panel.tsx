/** The panel: the same in the browser's devtools, in the page's dock, in a window of its own and in Storybook. */
import { type ReactNode, type RefObject, useEffect, useState } from 'react'
import type { InspectedStore, Inspection } from '../../src/inspect/face.js'
import { Body } from './frame/body.js'
import { useFocusKept } from './frame/focus-kept.js'
import { Header } from './frame/header.js'
import { NoStore } from './frame/no-store.js'
import { Notices } from './frame/notices.js'
import { ShapeContext, shapeOf } from './frame/shape.js'
import { KeyHelp } from './keys/key-help.js'
import { useKeys } from './keys/use-keys.js'
import type { PanelHost } from './state/host.js'
import { PanelContext, SessionContext, useChoice, useOpenedSession } from './state/panel-context.js'
import { PanelState, type ViewName } from './state/panel-state.js'
import { useSize } from './time/use-size.js'

export interface PanelProps {
  readonly inspection: Inspection
  readonly host: PanelHost
  /** Else the operating system's. */
  readonly theme?: 'light' | 'dark' | undefined
  /** What is shown first. */
  readonly view?: ViewName | undefined
  /** Whether it takes the focus when it comes. */
  readonly hasFocus?: boolean | undefined
  /** What is said in place of "no store" where the panel may not look into the page; undefined: it may. */
  readonly barred?: ReactNode
  /** Buttons that belong to whoever shows the panel. */
  readonly children?: ReactNode
}

export function Panel({ inspection, host, view, ...frame }: PanelProps): ReactNode {
  const [state] = useState(() => new PanelState(inspection, host, view))
  useEffect(() => () => state.close(), [state])
  return (
    <PanelContext.Provider value={state}>
      <Frame {...frame} />
    </PanelContext.Provider>
  )
}

function Frame({ theme, hasFocus, barred, children }: Omit<PanelProps, 'inspection' | 'host' | 'view'>): ReactNode {
  const [box, { width, height }] = useSize<HTMLDivElement>()
  useFocusKept(box)
  useEffect(() => {
    if (hasFocus) box.current?.focus({ preventScroll: true })
  }, [box, hasFocus])
  const choice = useChoice()
  const { store, path } = choice
  const shape = shapeOf(width)
  return (
    <ShapeContext.Provider value={shape}>
      <div ref={box} className="ibex" tabIndex={-1} data-theme={theme} data-shape={shape} data-low={height < 420}>
        <Header choice={choice}>{children}</Header>
        {store && path !== undefined ? (
          <Repository key={`${store.id} ${path}`} store={store} path={path} box={box} />
        ) : (
          <Nothing box={box}>{barred ?? <NoStore store={store} />}</Nothing>
        )}
        <Notices />
        <KeyHelp />
      </div>
    </ShapeContext.Provider>
  )
}

function Nothing({ box, children }: { box: RefObject<HTMLElement | null>; children: ReactNode }): ReactNode {
  useKeys(box, undefined)
  return children
}

interface RepositoryProps {
  readonly store: InspectedStore
  readonly path: string
  readonly box: RefObject<HTMLElement | null>
}

function Repository({ store, path, box }: RepositoryProps): ReactNode {
  const session = useOpenedSession(store, path)
  useKeys(box, session)
  return (
    <SessionContext.Provider value={session}>
      <Body />
    </SessionContext.Provider>
  )
}
