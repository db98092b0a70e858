/** The panel over a recording, in a frame of a given size. */
import { type ReactNode, useContext, useState } from 'react'
import { Panel } from '../../devtools-extension/panel/panel.js'
import { createWindowHost, type PanelHost } from '../../devtools-extension/panel/state/host.js'
import type { ViewName } from '../../devtools-extension/panel/state/panel-state.js'
import { Scene } from './scene.js'
import type { Recording } from './stage.js'
import { StageTheme, type Theme } from './stage-theme.js'

export interface ShownPanelProps {
  readonly recording: Recording
  readonly view?: ViewName
  /** Else as the toolbar says. */
  readonly theme?: Theme
  /** Pixels; else all there is. */
  readonly width?: number
  readonly height?: number
  /** Else there is nothing to open code in. */
  readonly openSource?: PanelHost['openSource']
  /** What is said where the panel may not look into the page. */
  readonly barred?: ReactNode
  /** What whoever shows the panel adds to its head. */
  readonly children?: ReactNode
}

export function ShownPanel({
  recording,
  view,
  theme,
  width,
  height,
  openSource,
  barred,
  children,
}: ShownPanelProps): ReactNode {
  const around = useContext(StageTheme)
  const [host] = useState(() => createWindowHost(() => window, openSource))
  return (
    <div style={{ width: width ?? '100%', height: height ?? '100%' }}>
      <Scene recording={recording}>
        {({ inspection }) => (
          <Panel key={view} inspection={inspection} host={host} view={view} theme={theme ?? around} barred={barred}>
            {children}
          </Panel>
        )}
      </Scene>
    </div>
  )
}
