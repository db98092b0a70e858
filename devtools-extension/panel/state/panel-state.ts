/** What the panel shows: which store, which repository, which view. */
import type { InspectedStore, Inspection } from '../../../src/inspect/face.js'
import { type InspectedReplay, inspectReplay } from '../../../src/inspect/inspected-replay.js'
import { type Cell, createCell, firstOf } from '../../../src/inspect/live.js'
import type { PanelHost } from './host.js'
import { messageOf } from './message-of.js'
import type { MomentLink } from './moment-link.js'
import { RepositorySession } from './repository-session.js'

export const VIEWS = [
  'timeline',
  'graph',
  'items',
  'conflicts',
  'queries',
  'sync',
  'rejected',
  'storage',
  'bisect',
] as const
export type ViewName = (typeof VIEWS)[number]

/** A word to whoever looks: at the bottom, until the next or for some seconds. */
export interface Notice {
  readonly text: string
  readonly kind: 'done' | 'failed'
}

/** What was picked. After a reload the store is another one, which its name finds. */
export interface Chosen {
  readonly store?: { readonly id: string; readonly name: string }
  readonly path?: string
}

/** Identity: one for each panel. */
export class PanelState {
  readonly inspection: Inspection
  readonly host: PanelHost
  readonly view: Cell<ViewName>
  readonly help: Cell<boolean> = createCell(false)
  readonly notice: Cell<Notice | null> = createCell<Notice | null>(null)
  readonly chosen: Cell<Chosen> = createCell<Chosen>({})
  /** Recordings that were opened, the newest last. */
  readonly recordings: Cell<readonly InspectedStore[]> = createCell<readonly InspectedStore[]>([])
  private readonly opened: InspectedReplay[] = []
  private readonly sessions = new Map<string, RepositorySession>()

  constructor(inspection: Inspection, host: PanelHost, view: ViewName = 'timeline') {
    this.inspection = inspection
    this.host = host
    this.view = createCell(view)
  }

  /** The session of a repository; the same for as long as its store lives. */
  session(store: InspectedStore, path: string): RepositorySession {
    const key = `${store.id} ${path}`
    let session = this.sessions.get(key)
    if (!session) {
      this.forgetGone()
      session = new RepositorySession(store, path, () => this.host.view())
      this.sessions.set(key, session)
    }
    return session
  }

  /** Has something done, and says how it went. */
  async act(work: () => Promise<unknown>, done: string): Promise<boolean> {
    try {
      await work()
      this.notice.set({ text: done, kind: 'done' })
      return true
    } catch (error) {
      this.notice.set({ text: messageOf(error), kind: 'failed' })
      return false
    }
  }

  /** Shows the moment that a link names: of the repository that is looked at, or else of another store that is here. */
  async follow({ store: name, path, moment }: MomentLink, from: RepositorySession): Promise<void> {
    const session = name === from.store.name && path === from.path ? from : await this.goTo(name, path)
    session.show(session.history!.moment(moment))
  }

  /** Chooses a repository, and waits until its history is open, or cannot be opened. */
  private async goTo(name: string, path: string): Promise<RepositorySession> {
    const store = [...this.inspection.stores.get(), ...this.recordings.get()].findLast((each) => each.name === name)
    if (!store) throw new Error(`That moment is one of the store “${name}”, which is not in this page.`)
    this.chosen.set({ store: { id: store.id, name }, path })
    const repositories = await firstOf(store.repositories, ({ length }) => length > 0)
    if (!repositories.some((each) => each.path === path))
      throw new Error(`That moment is one of ${path}, which “${name}” has not opened.`)
    const session = this.session(store, path)
    const opening = await firstOf(session.opening, ({ state }) => state === 'open' || state === 'failed')
    if (opening.state === 'failed') throw new Error(opening.message)
    return session
  }

  /** Opens a replay file beside the stores of the page, and shows it. */
  async openRecording(file: File): Promise<void> {
    const replay = await inspectReplay(new Uint8Array(await file.arrayBuffer()), file.name)
    this.opened.push(replay)
    const { store } = replay
    this.recordings.set([...this.recordings.get(), store])
    this.chosen.set({ store: { id: store.id, name: store.name } })
    this.view.set('timeline')
  }

  /** Lets go of everything; whoever gave the inspection ends it. */
  close(): void {
    for (const session of this.sessions.values()) session.close()
    this.sessions.clear()
    for (const replay of this.opened.splice(0)) replay.close()
    this.recordings.set([])
  }

  private forgetGone(): void {
    const stores = new Set([...this.inspection.stores.get(), ...this.recordings.get()])
    for (const [key, session] of this.sessions) {
      if (stores.has(session.store)) continue
      session.close()
      this.sessions.delete(key)
    }
  }
}
