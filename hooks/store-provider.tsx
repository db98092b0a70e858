'use client'
/** Gives a store to the components below. */
import {
  type ReactElement,
  type ReactNode,
  Suspense,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react'
import { IbexError, type Store } from '../src/index.js'
import { letDrive } from './driver.js'
import { announceProvider, type Scope, ScopeContext } from './scope.js'

export type StoreProviderProps = {
  /** What is shown on the server, and while a repository opens. With `store` it may use `useStore` and `useStatus`. */
  readonly fallback?: ReactNode
  readonly children?: ReactNode
} & (
  | {
      /** The app's own store; whoever made it closes it. */
      readonly store: Store
      readonly create?: undefined
    }
  | {
      /** Makes the store when the provider is mounted, never on the server; the provider closes it when it is unmounted. */
      readonly create: () => Store
      readonly store?: undefined
    }
)

/**
 * Gives a store to the hooks below, and shows `fallback` until the repositories that they read are open. When one cannot be
 * opened the error goes to the nearest error boundary above.
 */
export function StoreProvider(props: StoreProviderProps): ReactElement {
  const { store: given, create, fallback, children } = props
  if (!given && !create) throw new IbexError('bad-option', 'StoreProvider needs `store` or `create`.')
  announceProvider()
  const made = useMadeStore(create)
  const store = given ?? made
  const [driven, setDriven] = useState<Store>()
  useEffect(() => store && letDrive(store, setDriven), [store])
  const scope = useMemo<Scope | undefined>(
    () => store && { store: driven ?? store, path: store.repository },
    [store, driven],
  )
  const onClient = useSyncExternalStore(neverChanges, isClient, isServer)
  return (
    <ScopeContext.Provider value={scope}>
      {scope && onClient ? <Suspense fallback={fallback}>{children}</Suspense> : fallback}
    </ScopeContext.Provider>
  )
}

// Also what a first render that hydrates asks, so that it makes what the server made.
const isServer = (): boolean => false
const isClient = (): boolean => true
const neverChanges = () => () => {}

/** The store that `create` makes, once for each mount; undefined before. */
function useMadeStore(create: (() => Store) | undefined): Store | undefined {
  const [store, setStore] = useState<Store>()
  const life = useRef<{ store?: Store | undefined; closing?: ReturnType<typeof setTimeout> }>(null)
  const makes = create !== undefined
  useEffect(() => {
    if (!create) return
    const own = (life.current ??= {})
    clearTimeout(own.closing)
    setStore((own.store ??= create()))
    return () => {
      // Not yet: StrictMode and fast refresh mount again in the same task.
      own.closing = setTimeout(() => {
        const closed = own.store
        own.store = undefined
        setStore(undefined)
        void closed?.close()
      })
    }
    // Another `create` is no other store.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [makes])
  return store
}
