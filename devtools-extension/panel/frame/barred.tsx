import type { ReactNode } from 'react'
import { Note } from './note.js'

/** Whoever has not let the extension look into a site yet can do it here. */
export function Barred({ onAllow }: { onAllow: () => void }): ReactNode {
  return (
    <Note title="Ibex may not look into this page.">
      It asks for each site once, and for no other.{' '}
      <button type="button" className="button is-main" onClick={onAllow}>
        Allow it on this site
      </button>
    </Note>
  )
}
