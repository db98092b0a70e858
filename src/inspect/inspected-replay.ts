/** A replay file as a store that a panel looks at: what happened is all here, and there is no page in which to do anything. */
import { IbexError } from '../errors.js'
import type { Moment } from '../history/moment.js'
import { openReplayFile, type Replay, type ReplayPorts } from '../store/open-replay.js'
import type { RepositoryAbout, StoreAbout } from './topics.js'
import { aboutSchema } from './described-schema.js'
import type { InspectedPage, InspectedStore } from './face.js'
import { createCell, type Live } from './live.js'
import { RELEASE } from './release.js'
import { panelPorts, testOfRecording } from './test-of-recording.js'

export interface InspectedReplay {
  readonly store: InspectedStore
  close(): void
}

/**
 * Opens a recording after checking all that is in it. `name`: what it is called where it has no title.
 * @throws IbexError `malformed-bytes`, `newer-version`, `bad-signature`, and the other codes that say what does not hold
 */
export async function inspectReplay(file: Uint8Array, name: string, given?: ReplayPorts): Promise<InspectedReplay> {
  const ports = given ?? (await panelPorts())
  const replay = await openReplayFile(file, {}, ports)
  const { history } = replay
  const momentOf = (text: string | null, otherwise: Moment): Moment =>
    text === null ? otherwise : history.moment(text)
  // Who looks at a file cannot sign for its authority: all of it goes along, and the test is of the part.
  const copyAsTest: InspectedStore['copyAsTest'] = async ({ from, to, title }) =>
    testOfRecording(file, { title, span: { from: momentOf(from, replay.from), to: momentOf(to, replay.to) } }, ports)
  return { store: storeOf(replay, replay.info.title || name, copyAsTest), close: () => replay.close() }
}

let count = 0

function storeOf(
  { info, store, history }: Replay,
  name: string,
  copyAsTest: InspectedStore['copyAsTest'],
): InspectedStore {
  const { repository: path } = info
  const id = `replay ${++count}`
  const page: InspectedPage = { id, url: '', title: name, top: true, state: 'connected' }
  const about: StoreAbout = {
    name,
    release: RELEASE,
    epoch: 0,
    schemas: store.schemas.map(aboutSchema),
    repository: path,
    hasServer: info.authority !== undefined,
    session: '',
    user: info.recordedBy,
    authority: info.authority ?? null,
    redacts: info.redacted > 0,
    drivable: false,
  }
  const { commits } = history
  let bytes = 0
  for (let i = 0; i < commits.count; i++) bytes += commits.at(i).size
  const repository: RepositoryAbout = {
    path,
    state: 'open',
    ready: true,
    complete: true,
    whole: true,
    authority: info.authority === undefined ? 'none' : 'remote',
    commits: commits.count,
    bytes,
    heads: history.place(history.now()).commits,
    seals: info.sealed,
    lastSeal: null,
    lastTime: history.place(history.now()).time,
    items: {},
    pending: 0,
    error: null,
  }
  const progress = still({ commits: commits.count, of: commits.count })
  const refuse = (): Promise<never> =>
    Promise.reject(new IbexError('past-is-read-only', 'A recording shows what was: nothing can be done in it.'))
  return {
    id,
    name,
    page: still(page),
    standing: still({ state: 'recorded', message: '' }),
    about: still(about),
    repositories: still([repository]),
    queries: still([]),
    sync: still(undefined),
    storage: still(undefined),
    troubles: still({ rejected: [], problems: [] }),
    pending: still({ count: 0, actions: [] }),
    driving: still(null),
    events: still([]),
    data: still({
      name,
      schemas: store.schemas,
      repository: path,
      collection: store.collection,
      history: store.history,
      isReady: store.isReady,
      status: store.status,
      subscribeStatus: store.subscribeStatus,
      ready: store.ready,
      schemasIn: () => store.schemas,
      progress: () => progress,
    }),
    command: refuse,
    exportAll: refuse,
    importAll: refuse,
    record: refuse,
    copyAsTest,
  }
}

/** What does not change. */
function still<T>(value: T): Live<T> {
  return createCell(value)
}
