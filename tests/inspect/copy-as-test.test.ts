/** "Copy as test" in the panel: what is copied runs as it is, and fails where what it holds is not so. */
import { beforeAll, describe, expect, test } from 'vitest'
import { copyAsTest } from '../../devtools-extension/panel/state/copy-as-test.js'
import { PanelState } from '../../devtools-extension/panel/state/panel-state.js'
import type { RepositorySession } from '../../devtools-extension/panel/state/repository-session.js'
import { toHex } from '../../src/ids.js'
import type { InspectedStore } from '../../src/inspect/face.js'
import { createCell } from '../../src/inspect/live.js'
import { runTests } from '../cli/copied-tests.js'
import { World } from '../server/world.js'
import { copied, createClient, type Looking } from './looking.js'

const MAIN = '/data/main'

/** A panel, and what it has put on the clipboard and into files. */
function panelAt(store: InspectedStore) {
  const clipboard: string[] = []
  const files: Record<string, Uint8Array> = {}
  const stores = createCell([store])
  const panel = new PanelState(
    { pages: createCell([]), stores, close() {} },
    {
      view: () => globalThis as unknown as Window,
      copyText: async (text) => void clipboard.push(text),
      saveFile: (name, bytes) => void (files[name] = bytes),
    },
  )
  return { panel, clipboard, files }
}

async function openSession(panel: PanelState, store: InspectedStore, pass: () => Promise<void>) {
  const session = panel.session(store, MAIN)
  session.open()
  for (let turn = 0; turn < 1000 && session.opening.get().state !== 'open'; turn++) {
    await new Promise((resolve) => setTimeout(resolve, turn < 10 ? 0 : 5))
    await pass()
  }
  expect(session.opening.get()).toMatchObject({ state: 'open' })
  return session
}

const entry = (session: RepositorySession, label: string) =>
  session.opened!.actions.get().find((each) => each.label === label)!

describe('copied from a panel', () => {
  let world: World
  let looking: Looking
  const settle = (ms = 50): Promise<void> => world.settle(ms)
  /** Presses the key, and waits for its word. */
  async function copy({ panel }: ReturnType<typeof panelAt>, session: RepositorySession) {
    panel.notice.set(null)
    void copyAsTest(panel, session)
    for (let turn = 0; turn < 2000 && !panel.notice.get(); turn++) {
      await new Promise((resolve) => setTimeout(resolve, turn < 10 ? 0 : 5))
      await settle()
    }
    return panel.notice.get()
  }

  beforeAll(async () => {
    world = await new World().start()
    looking = await createClient(world)
    const { store, tasks } = looking
    const act = async (label: string, fn: () => unknown): Promise<void> => {
      store.transact(() => void fn(), { label })
      await settle(5000)
    }
    await act('Begin', () => tasks.create({ title: 'Buy milk' }, { id: 'milk' }))
    await act('Rename', () => tasks.update('milk', { title: 'Buy oat milk', due: new Date(86_400_000) }))
    await act('Tag', () => tasks.update('milk', { tags: ['shop'] }))
    looking.join()
    await copied(looking.panel, settle)
  })

  test('an action, and a range: of the app’s store, and of a recording that is looked at', async () => {
    const made = panelAt(looking.panel)
    const { panel, clipboard } = made
    const session = await openSession(panel, looking.panel, settle)
    session.pick(entry(session, 'Rename'))
    expect(await copy(made, session)).toMatchObject({ kind: 'done' })
    session.range.set({ from: entry(session, 'Rename').at, to: entry(session, 'Tag').at })
    expect(await copy(made, session)).toMatchObject({ kind: 'done' })

    const recorded = await record(looking)
    await panel.openRecording(new File([recorded as Uint8Array<ArrayBuffer>], 'all.ibexreplay'))
    const [replay] = panel.recordings.get()
    const second = await openSession(panel, replay!, settle)
    second.pick(entry(second, 'Rename'))
    expect(await copy(made, second)).toMatchObject({ kind: 'done' })
    panel.close()

    const [action, range, part] = clipboard as [string, string, string]
    expect(made.files).toEqual({})
    expect(action).toContain('test("Rename", async () => {')
    expect(range).toContain('test("2 actions until ')
    for (const text of [action, part]) {
      expect(text).toContain('title: "Buy milk"')
      expect(text).toContain('title: "Buy oat milk"')
      expect(text).not.toContain('"shop"')
      expect(text).not.toContain('react')
    }
    expect(range).toContain('"shop"')
    const files = { 'action.test.ts': action, 'part.test.ts': part, 'range.test.ts': range }
    const altered = Object.fromEntries(
      Object.entries(files).map(([name, text]) => [
        `altered-${name}`,
        text.replace('title: "Buy oat milk"', 'title: "Buy soy milk"'),
      ]),
    )
    expect(await runTests({ ...files, ...altered })).toMatchObject({
      passed: Object.keys(files),
      failed: Object.keys(altered),
    })
  })

  test('what is too large for a clipboard is saved beside it', async () => {
    const made = panelAt(looking.panel)
    const session = await openSession(made.panel, looking.panel, settle)
    // Hashes cannot be pressed together.
    const hash = (n: number): string => toHex(world.crypto.sha256(Uint8Array.of(n >> 8, n & 255)))
    const title = (n: number): string => Array.from({ length: 64 }, (_, i) => hash(n * 64 + i)).join('')
    looking.tasks.createMany(Array.from({ length: 120 }, (_, n) => ({ title: title(n) })))
    await settle(5000)
    expect(await copy(made, session)).toMatchObject({ kind: 'done', text: expect.stringContaining('.ibexreplay') })
    const [name] = Object.keys(made.files)
    expect(made.clipboard[0]).toContain(`new URL('./${name}', import.meta.url)`)
    const files = { 'large.test.ts': made.clipboard[0]!, [name!]: made.files[name!]! }
    expect(await runTests(files)).toMatchObject({ passed: ['large.test.ts'], failed: [] })
    made.panel.close()
  })

  test('where there is nothing to copy, it says so', async () => {
    const made = panelAt(looking.panel)
    const session = await openSession(made.panel, looking.panel, settle)
    session.range.set({ from: 5, to: 6 })
    expect(await copy(made, session)).toEqual({ kind: 'failed', text: 'Nothing was done in the chosen range.' })
    session.range.set(null)
    session.shown.set(session.opened!.history.begin)
    expect(await copy(made, session)).toMatchObject({ kind: 'failed', text: expect.stringContaining('no action') })
    expect(made.clipboard).toEqual([])
    made.panel.close()
  })

  async function record({ panel }: Looking): Promise<Uint8Array> {
    const bytes = panel.record({ repository: MAIN, from: null, to: null, title: 'All' })
    let over = false
    bytes.finally(() => (over = true)).catch(() => {})
    for (let turn = 0; turn < 1000 && !over; turn++) {
      await new Promise((resolve) => setTimeout(resolve, turn < 10 ? 0 : 5))
      await settle()
    }
    return bytes
  }
})
