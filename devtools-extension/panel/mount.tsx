/** Puts the panel into a page, a window or a shadow root of the app that it looks at. */
import { type ReactNode, StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { addSheet } from './look/add-sheet.js'
import { Panel, type PanelProps } from './panel.js'

export interface MountOptions extends Omit<PanelProps, 'children'> {
  /** Buttons that belong to whoever shows the panel. */
  readonly tools?: ReactNode
}

/** What is answered takes the panel out again. The inspection stays open. */
export function mountPanel(root: HTMLElement | ShadowRoot, { tools, ...props }: MountOptions): () => void {
  const { ownerDocument } = root
  const removeSheet = addSheet('host' in root ? root : ownerDocument)
  const box = ownerDocument.createElement('div')
  box.style.cssText = 'display:block;width:100%;height:100%'
  root.append(box)
  const react = createRoot(box)
  react.render(
    <StrictMode>
      <Panel {...props}>{tools}</Panel>
    </StrictMode>,
  )
  return () => {
    react.unmount()
    box.remove()
    removeSheet()
  }
}
