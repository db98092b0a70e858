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

/** A frame of the page is of another site, into which the extension may not look yet. */
export function ForeignFrame({ origin, onAllow }: { origin: string; onAllow: () => void }): ReactNode {
  const { host } = new URL(origin)
  return (
    <button
      type="button"
      className="button"
      title={`A frame of this page is of ${host}: the extension has to be let into that site too`}
      onClick={onAllow}
    >
      Look into {host} too
    </button>
  )
}
