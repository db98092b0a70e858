/**
 * Between a frame and the service worker. Single messages find out whether anybody wants to talk; then there is a port for
 * each panel, and the frame makes it. A worker that was killed loses its ports: the frame asks again.
 */
import type { Piece } from '../../src/inspect/text-line.js'

/** A single message of a frame: it has stores. Answered by {@link Panels}. */
export interface FrameHasStores {
  readonly type: 'frame-has-stores'
}

/** Which panels look at the frame's tab. */
export interface Panels {
  readonly panels: readonly string[]
}

/** A single message to all frames of a tab: a panel looks at it. */
export interface PanelLooks {
  readonly type: 'panel-looks'
  readonly panel: string
}

/** Over a port, both ways. Its end is the end of the line. */
export interface FrameBytes extends Piece {
  readonly type: 'bytes'
}

export type ContentScriptServiceWorker = FrameHasStores | Panels | PanelLooks | FrameBytes

const PREFIX = 'frame for '

/** What a frame calls its port to a panel. */
export function portNameOf(panel: string): string {
  return `${PREFIX}${panel}`
}

/** The panel that a port of a frame is for; undefined for ports of others. */
export function panelOfPort(name: string): string | undefined {
  return name.startsWith(PREFIX) ? name.slice(PREFIX.length) : undefined
}
