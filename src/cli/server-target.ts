/** A running server as a target: the command joins as a replica, in memory. */
import { IbexError } from '../errors.js'
import { decodeCommit } from '../graph/commit.js'
import { requireRepositoryPath } from '../ids.js'
import type { Journal } from '../repository/journal.js'
import type { AnySchema } from '../schema/schema.js'
import { connectSocket } from '../server/socket-client.js'
import type { Io } from './io.js'
import { buildTarget, type Target, type TargetOptions } from './replica-target.js'

/** Throws `unreachable`, and what the server refuses with. */
export async function openServer(
  io: Io,
  options: TargetOptions,
  schemas: AnySchema[],
  server: string,
): Promise<Target> {
  const address = addressOf(server)
  const path = requireRepositoryPath(options.in ?? '/data/main')
  const token = options.token ?? io.env['IBEX_TOKEN']
  let failure = ''
  const { replica, store, finish } = await buildTarget({
    schemas,
    path,
    server: {
      connect: () => connectSocket(address, (message) => (failure = message)),
      token: async () => token,
    },
  })
  try {
    const done = new Promise<void>((resolve, reject) => {
      replica.onChange.subscribe(() => {
        const { refusal } = replica
        const opened = replica.get(path)
        const error = refusal ?? opened?.refusal
        if (error) reject(error)
        else if (opened?.complete) resolve()
        else if (replica.connection === 'waiting') {
          reject(new IbexError('unreachable', `No server answers at ${address}${failure && `: ${failure}`}.`))
        }
      })
    })
    await replica.lead(undefined)
    await done
    await believe(replica.get(path)!.journal)
    return await finish()
  } catch (error) {
    await store.close()
    throw error
  }
}

/**
 * A server hands on nothing that it has not judged, although it says so to whoever wrote it, and to others only by its next
 * seal; and of what it refused, it hands on only that it was.
 */
async function believe(journal: Journal): Promise<void> {
  const { graph, options } = journal
  for (let n = 0; n < graph.size; n++) {
    const { id, kind } = graph.at(n)
    if (kind !== 'change' || journal.fates.of(id) !== 'provisional') continue
    const { chunks } = decodeCommit(await journal.storage.bytesOf(id), options.crypto.sha256)
    if (chunks.every(({ bytes }) => !bytes))
      journal.verdicts.doom({ id, code: 'forbidden', message: 'The server refused it.' })
  }
  journal.verdicts.accept(graph.heads())
}

/** `localhost:8080`, `http://…`, `ws://…`; without a path, where `ibex serve` answers. */
function addressOf(server: string): string {
  let url: URL
  try {
    url = new URL(/^\w+:\/\//.test(server) ? server : `ws://${server}`)
  } catch (cause) {
    throw new IbexError('bad-option', `--server: '${server}' is no address. Write ws://localhost:8080/ibex.`, { cause })
  }
  url.protocol = url.protocol.replace('http', 'ws')
  if (url.pathname === '/') url.pathname = '/ibex'
  return url.href
}
