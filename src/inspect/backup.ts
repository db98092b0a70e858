/**
 * Export and import: what a store keeps on its device, as JSON, in the format of `store.export()` and with the keys of all
 * sessions that wrote, so that whoever imports can verify it.
 */
import { decodeCertificate } from '../crypto/certificate.js'
import { sha256 } from '../crypto/sha256.js'
import { IbexError } from '../errors.js'
import { type Commit, decodeCommit } from '../graph/commit.js'
import { type RepositoryPath, requireRepositoryPath, type SessionId } from '../ids.js'
import { admit } from '../repository/admission.js'
import type { Sessions } from '../repository/sessions.js'
import type { AppStore } from '../store/store.js'
import { fromBase64, toBase64 } from '../value/base64.js'
import { decodeUtf8, encodeUtf8 } from '../value/utf8.js'
import { isPlainObject } from '../value/value.js'

/** Commits that are taken in at once. */
const BATCH = 200
/** Bytes of an import. */
export const MAX_IMPORT_BYTES: number = 512 * 1024 * 1024

/** Everything that a store has opened, with the keys of who wrote it. Rejects where commits cannot be had from where they lie. */
export async function exportStore(store: AppStore): Promise<Uint8Array> {
  const whole = await store.export()
  const sessions = store.engine?.replica.options.sessions
  const authors = new Set<SessionId>()
  for (const { opened } of store.slots.values()) {
    const graph = opened?.journal.graph
    for (let n = 0; graph && n < graph.size; n++) authors.add(graph.sessionAt(n))
  }
  const credentials = [...authors].flatMap((id) => {
    const known = sessions?.get(id)
    return known ? [toBase64(known.certificate ?? known.publicKey)] : []
  })
  return encodeUtf8(JSON.stringify({ ...whole, sessions: credentials }))
}

/**
 * Takes the commits of an export in. They are checked as those of any other peer are, and where there is a server it judges
 * them. Throws `invalid` for what is no export.
 */
export async function importStore(store: AppStore, bytes: Uint8Array): Promise<{ commits: number; refused: number }> {
  const { repositories, sessions: credentials } = parse(bytes)
  // All of it is looked at before any of it is taken.
  const whole = repositories.map(({ path, commits }) => ({
    path,
    commits: commits.map((each) => decodeFor(path, each)),
  }))
  const total = { commits: 0, refused: 0 }
  for (const { path, commits } of whole) {
    await store.ready(path)
    const opened = store.slots.get(path)?.opened
    if (!opened) throw new IbexError('not-ready', `The repository ${path} is not open.`)
    const { journal } = opened
    // Nobody could tell what of it lies below, where all is folded already.
    if (journal.boundary) await (await opened.descent()).complete()
    await introduce(journal.options.sessions, credentials)
    for (let from = 0; from < commits.length; from += BATCH) {
      const batch = commits.slice(from, from + BATCH)
      const { admitted, turned } = await journal.exclusive(() =>
        admit(journal, batch, { trusted: false, session: undefined }),
      )
      total.commits += admitted.length
      total.refused += turned.length
    }
    await journal.flush()
  }
  return total
}

async function introduce(sessions: Sessions, credentials: readonly Uint8Array[]): Promise<void> {
  for (const credential of credentials) {
    if (credential.length === 32) sessions.addKey(credential)
    else await sessions.add(decodeCertificate(credential).publicKey, credential)
  }
}

function decodeFor(path: RepositoryPath, bytes: Uint8Array): Commit {
  const commit = decodeCommit(bytes, sha256)
  if (commit.header.repository === path) return commit
  throw new IbexError('wrong-repository', `A commit of ${commit.header.repository} stands among those of ${path}.`)
}

interface Parsed {
  readonly sessions: readonly Uint8Array[]
  readonly repositories: readonly { readonly path: RepositoryPath; readonly commits: readonly Uint8Array[] }[]
}

function parse(bytes: Uint8Array): Parsed {
  try {
    const given: unknown = JSON.parse(decodeUtf8(bytes))
    if (!isPlainObject(given)) throw new Error('no object')
    return {
      sessions: texts(given['sessions']).map(fromBase64),
      repositories: list(given['repositories']).map((each) => {
        if (!isPlainObject(each)) throw new Error('no repository')
        return { path: requireRepositoryPath(String(each['path'])), commits: texts(each['commits']).map(fromBase64) }
      }),
    }
  } catch (cause) {
    throw new IbexError('invalid', 'This is no export of a store: it should be the JSON that an export has made.', {
      cause,
    })
  }
}

function list(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new Error('no list')
  return value
}

function texts(value: unknown): string[] {
  return list(value).map((each) => {
    if (typeof each !== 'string') throw new Error('no text')
    return each
  })
}
