import { type Context, createContext, useContext, useEffect, useMemo } from 'react'
import type { InspectedStore } from '../../../src/inspect/face.js'
import type { CommitColumns } from './commit-columns.js'
import type { PanelState } from './panel-state.js'
import type { Open, RepositorySession } from './repository-session.js'
import { useLive } from './use-live.js'

export const PanelContext: Context<PanelState | null> = createContext<PanelState | null>(null)
export const SessionContext: Context<RepositorySession | null> = createContext<RepositorySession | null>(null)

export function usePanel(): PanelState {
  const panel = useContext(PanelContext)
  if (!panel) throw new Error('A part of the panel outside of it.')
  return panel
}

/** The repository that is looked at. */
export function useSession(): RepositorySession {
  const session = useContext(SessionContext)
  if (!session) throw new Error('A view of a repository without one.')
  return session
}

/** The history of the repository that is looked at, for views that are shown only once it is open. */
export function useOpen(): Open {
  const opening = useLive(useSession().opening)
  if (opening.state !== 'open') throw new Error('A view of a history that is not open.')
  return opening
}

/** All commits of the repository that is looked at, as far as they have been read. */
export function useColumns(): CommitColumns {
  return useLive(useOpen().commits.columns)
}

export interface Choice {
  readonly stores: readonly InspectedStore[]
  readonly store: InspectedStore | undefined
  readonly path: string | undefined
  readonly paths: readonly string[]
}

/** The store and the repository that were chosen, or else the first ones. */
export function useChoice(): Choice {
  const panel = usePanel()
  const inPage = useLive(panel.inspection.stores)
  const recordings = useLive(panel.recordings)
  const stores = useMemo(() => [...inPage, ...recordings], [inPage, recordings])
  const chosen = useLive(panel.chosen)
  const { store: wanted } = chosen
  const store =
    stores.find(({ id }) => id === wanted?.id) ?? stores.findLast(({ name }) => name === wanted?.name) ?? stores[0]
  return { stores, store, ...useRepositories(store, chosen.path) }
}

const NEVER = { get: () => undefined, subscribe: () => () => {} }

function useRepositories(
  store: InspectedStore | undefined,
  wanted: string | undefined,
): Pick<Choice, 'path' | 'paths'> {
  const about = useLive(store?.about ?? NEVER)
  const repositories = useLive(store?.repositories ?? NEVER)
  return useMemo(() => {
    const paths = repositories?.map(({ path }) => path) ?? []
    const fallback = about?.repository ?? paths[0]
    if (fallback !== undefined && !paths.includes(fallback)) paths.unshift(fallback)
    return { paths, path: wanted !== undefined && paths.includes(wanted) ? wanted : fallback }
  }, [about, repositories, wanted])
}

/** The session of a repository, opened. */
export function useOpenedSession(store: InspectedStore, path: string): RepositorySession {
  const session = usePanel().session(store, path)
  useEffect(() => {
    session.open()
    return () => session.close()
  }, [session])
  return session
}
