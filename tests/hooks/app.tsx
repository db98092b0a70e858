/** What the tests of the hooks have in common: a schema, a store, renders counted, nothing said in the console. */
import { act, type RenderResult, render } from '@testing-library/react'
import { Component, type ReactNode, useEffect } from 'react'
import { afterEach, beforeEach, expect, onTestFinished, vi } from 'vitest'
import { StoreProvider } from '../../hooks/store-provider.js'
import { field } from '../../src/schema/field.js'
import { defineSchema, type Snapshot } from '../../src/schema/schema.js'
import type { Collection } from '../../src/store/collection-face.js'
import type { History } from '../../src/store/history/face.js'
import { createTestStore, settle } from '../../src/testing/test-store.js'
import { type WatchedStore, watchStore } from './watched-store.js'

export const Task = defineSchema('task', {
  title: field.string(),
  done: field.boolean().default(false),
  tags: field.set(field.string()),
  votes: field.counter(),
})
export type Task = Snapshot<typeof Task>

/** A store with the given tasks, whose ids are their titles. */
export function createTasks(...titles: string[]): WatchedStore & { readonly tasks: Collection<typeof Task> } {
  const watched = watchStore(createTestStore({ schemas: [Task] }))
  const tasks = watched.store.collection(Task)
  for (const title of titles) tasks.create({ title }, { id: title })
  return { ...watched, tasks }
}

/** The history of an app's store, once what was written is in a commit; closed when the test ends. */
export async function historyOf({ store }: WatchedStore): Promise<History> {
  await act(() => settle())
  const history = await store.history()
  onTestFinished(() => history.close())
  return history
}

/** Renders within a provider; `rerender` keeps it. */
export function renderIn(watched: WatchedStore, children: ReactNode): RenderResult {
  const wrap = (inner: ReactNode): ReactNode => (
    <StoreProvider store={watched.store} fallback={<p>Opening…</p>}>
      {inner}
    </StoreProvider>
  )
  const result = render(wrap(children))
  return { ...result, rerender: (next) => result.rerender(wrap(next)) }
}

let renders: string[] = []

/** Notes each render of a component that reaches the screen. */
export function useNote(name: string): void {
  useEffect(() => void renders.push(name))
}

/** The notes since the last call. In StrictMode a component that is mounted notes twice. */
export function takeNotes(): string[] {
  const taken = renders
  renders = []
  return taken
}

export class Boundary extends Component<{ readonly children: ReactNode }, { error?: unknown }> {
  override state: { error?: unknown } = {}

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error }
  }

  override render(): ReactNode {
    const { error } = this.state
    if (error === undefined) return this.props.children
    return <button onClick={() => this.setState({ error: undefined })}>{(error as { code?: string }).code}</button>
  }
}

let said: unknown[] = []

/** What the console was told since the last call. */
export function takeErrors(): unknown[] {
  const taken = said
  said = []
  return taken
}

/** Every test of a file fails that says something in the console, unless the test takes it. */
export function beQuiet(): void {
  beforeEach(() => {
    takeErrors()
    takeNotes()
    for (const method of ['error', 'warn'] as const) {
      vi.spyOn(console, method).mockImplementation((...args: unknown[]) => void said.push(args[0]))
    }
  })
  afterEach(() => {
    vi.restoreAllMocks()
    expect(takeErrors()).toEqual([])
  })
}
