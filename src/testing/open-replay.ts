/** `openReplay`: a recording in a test, to look at, and to go on from. */
import { IbexError } from '../errors.js'
import { keyframeAuthors } from '../history/keyframe.js'
import type { Moment } from '../history/moment.js'
import { HistoryKeeper } from '../repository/history-keeper.js'
import type { Store } from '../store/face.js'
import { createNobleOrWebCrypto } from '../store/crypto-choice.js'
import { type CopyAsTestOptions, type ReplayTest, writeReplayTest } from '../store/copy-as-test.js'
import { openReplayFile, type OpenReplayOptions, type Replay, type ReplayPorts } from '../store/open-replay.js'
import type { RecordRange } from '../store/record-face.js'
import { encodeState } from '../store/record.js'
import { fromBase64 } from '../value/base64.js'
import { isBytes } from '../value/value.js'
import { testCrypto } from './test-crypto.js'
import { forkTestStore, type TestStoreOptions, time } from './test-store.js'
import { seededRandom } from './virtual-time.js'

/** A recording that is open in a test. */
export interface OpenReplay extends Replay {
  /**
   * A test store that goes on from a moment (by default the one that is shown): with its state, ready to be written, without
   * what came before or after.
   */
  fork(moment?: Moment, options?: Omit<TestStoreOptions, 'schemas' | 'repository'>): Store
}

/**
 * Opens a replay file, after checking all that is in it: its bytes, or these in base64. Recordings of test stores open too,
 * unless an authority is asked for: their signatures prove nothing.
 * @throws IbexError `malformed-bytes`, `newer-version`, `bad-signature`, `bad-certificate` and the other codes that say what
 * does not hold
 */
export async function openReplay(
  file: Uint8Array | ArrayBuffer | string,
  options: OpenReplayOptions = {},
): Promise<OpenReplay> {
  const bytes = typeof file === 'string' ? fromBase64(file) : isBytes(file) ? file : new Uint8Array(file)
  const replay = await withPorts((ports) => openReplayFile(bytes, options, ports), options.authority === undefined)
  const { opened, schemas, ...face } = replay
  const keeper = await HistoryKeeper.open(opened.journal)
  return {
    ...face,
    get moment() {
      return replay.moment
    },
    fork(moment = replay.moment, given = {}) {
      const keyframe = encodeState(keeper, keeper.sightOf(moment))
      const known = [...keyframeAuthors(keyframe).sessions].flatMap(
        (id) => opened.journal.options.sessions.get(id) ?? [],
      )
      return forkTestStore({ ...given, schemas, repository: replay.info.repository }, { keyframe, sessions: known })
    },
    close() {
      keeper.close()
      replay.close()
    },
  }
}

/**
 * A range of what happened in a store as a test: it opens the recording, and holds how things were at both ends.
 * @throws IbexError `bad-option`, `unknown-moment`, `history-missing`
 */
export async function copyAsTest(
  store: Store,
  range: RecordRange = {},
  options: CopyAsTestOptions = {},
): Promise<ReplayTest> {
  const file = await store.record(range, options)
  return withPorts((ports) => writeReplayTest(file, store.schemas, options, ports), true)
}

/** Opens with the platform's cryptography; what it does not take for signed, as a recording of a test store. */
async function withPorts<T>(open: (ports: ReplayPorts) => Promise<T>, mayBeTest: boolean): Promise<T> {
  // On the clock of test stores, so that no timer keeps a process from ending.
  const ports: ReplayPorts = {
    crypto: await createNobleOrWebCrypto(),
    surroundings: { clock: time, scheduler: time, random: seededRandom(0) },
  }
  try {
    return await open(ports)
  } catch (error) {
    if (!mayBeTest || !(error instanceof IbexError) || error.code !== 'bad-signature') throw error
    return open({ ...ports, crypto: testCrypto(seededRandom(0)) }).catch(() => {
      throw error
    })
  }
}
