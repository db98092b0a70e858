import type { ReactNode } from 'react'

/** The empty window, while the data is being opened: what comes appears where it belongs. */
export function Opening(): ReactNode {
  return (
    <div className="app" role="status" aria-label="Opening">
      <div className="sidebar" />
      <main>
        <div className="header" />
      </main>
      <div className="status-line" />
    </div>
  )
}
