'use client'
/** Chooses a repository for the components below. */
import { type ReactElement, type ReactNode, useMemo } from 'react'
import { ScopeContext, useScope } from './scope.js'

export interface RepositoryProviderProps {
  /** For example `/data/inbox`. */
  readonly path: string
  readonly children?: ReactNode
}

/** Lets the hooks below mean this repository where they name none with `in`. */
export function RepositoryProvider({ path, children }: RepositoryProviderProps): ReactElement {
  const { store } = useScope()
  const scope = useMemo(() => ({ store, path }), [store, path])
  return <ScopeContext.Provider value={scope}>{children}</ScopeContext.Provider>
}
