/** A repository on the server that holds the authority: its log, its judge, its seals and checkpoints. */
import type { CryptoPort, SigningKey } from '../crypto/port.js'
import type { Lane, RepositoryPath, SessionId } from '../ids.js'
import type { Surroundings } from '../ports.js'
import { Journal } from '../repository/journal.js'
import { createJudge, type Judge } from '../repository/judge.js'
import { openLog } from '../repository/opening.js'
import { Repository } from '../repository/repository.js'
import type { Config } from '../repository/rules.js'
import type { Sessions } from '../repository/sessions.js'
import type { Storage } from '../storage/port.js'
import { keepCheckpoints, type Rhythm } from './checkpoint-keeper.js'
import { keepKeyframes, type OfferedKeyframe } from './keyframe-keeper.js'
import { keepSealed } from './seal-keeper.js'

export interface HostedRepositoryOptions {
  readonly path: RepositoryPath
  readonly storage: Storage
  readonly crypto: CryptoPort
  /** The authority's. */
  readonly key: SigningKey
  readonly session: SessionId
  readonly lane: Lane
  readonly sessions: Sessions
  readonly surroundings: Surroundings
  readonly config: Config | undefined
  /** When checkpoints are written and keyframes taken. */
  readonly rhythm?: Rhythm | undefined
}

export interface HostedRepository {
  readonly journal: Journal
  /** Follows {@link HostedRepository.configure}. */
  readonly judge: Judge
  /** What was found wrong with the log, in sentences. */
  readonly problems: readonly string[]
  /** What a new replica may start from. */
  readonly keyframe: OfferedKeyframe | undefined
  /** From now on judged by these rules; what was judged stays as it was. */
  configure(config: Config | undefined): void
  /** Seals, and resolves when that is durable. */
  seal(): Promise<void>
  /** Writes what the next start reads first, and lets go of the log. Never rejects: what is not stored was not acknowledged. */
  close(): Promise<void>
}

export async function openHostedRepository(options: HostedRepositoryOptions): Promise<HostedRepository> {
  const { path, storage, crypto, key, session, lane, sessions, surroundings } = options
  const repository = new Repository({ path, schemas: [], surroundings, session, authorOf: sessions.authorOf })
  const journal = new Journal({
    repository,
    crypto,
    key,
    lane,
    sessions,
    authority: 'self',
    follows: () => false,
    clockOffset: () => 0,
  })
  const { problems, tail } = await openLog(journal, await storage.openLog(path))
  let current = createJudge(journal, options.config)
  const seals = keepSealed(journal)
  const keyframes = await keepKeyframes(journal, storage)
  const checkpoints = keepCheckpoints(journal, tail, keyframes, options.rhythm)

  return {
    journal,
    judge: {
      checkTime: (commit) => current.checkTime(commit),
      judge: (commit, chunks) => current.judge(commit, chunks),
    },
    problems,
    get keyframe() {
      return keyframes.offered
    },
    configure(config) {
      current = createJudge(journal, config)
    },
    async seal() {
      await seals.seal()
      await journal.flush().catch(() => {})
    },
    async close() {
      seals.stop()
      await journal.exclusive(async () => {})
      await checkpoints.write()
      checkpoints.stop()
      keyframes.stop()
      await journal.close().catch(() => {})
    },
  }
}
