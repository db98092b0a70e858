/** What the panel needs of where it is shown: a window of the browser's devtools, a page, or a window of its own. */
import type { Live } from '../../../src/inspect/live.js'
import type { SourcePosition } from '../../../src/inspect/topics.js'
import { copyText } from './copy-text.js'

export interface PanelHost {
  /** The window that it is drawn in at the moment. */
  view(): Window
  /** Rejects with words for whoever looks. */
  copyText(text: string): Promise<void>
  saveFile(name: string, bytes: Uint8Array, type: string): void
  /**
   * Opens a position of the app's code in an editor, or in the browser's. Rejects with words for whoever looks. Missing where
   * there is none.
   */
  readonly openSource?: ((position: SourcePosition) => Promise<void>) | undefined
  /** Whether nobody can see the panel, as far as the host knows: then no view works on. */
  readonly hidden?: Live<boolean> | undefined
}

/** A host that is an ordinary window. */
export function createWindowHost(view: () => Window, openSource?: PanelHost['openSource']): PanelHost {
  return {
    view,
    copyText: (text) => copyText(view(), text),
    saveFile(name, bytes, type) {
      const { document } = view()
      const url = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type }))
      const link = document.createElement('a')
      link.href = url
      link.download = name
      link.click()
      setTimeout(() => URL.revokeObjectURL(url), 60_000)
    },
    openSource,
  }
}
