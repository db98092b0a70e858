/** Replay files, as the command reads them. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { IbexError } from '../errors.js'
import { nodeCompression } from '../server/node-compression.js'
import { createNodeCrypto } from '../server/node-crypto.js'
import {
  openReplayFile,
  type OpenReplayOptions,
  type Replay,
  type ReplayInside,
  type ReplayPorts,
} from '../store/open-replay.js'
import { platformSurroundings } from '../store/surroundings.js'
import type { Io } from './io.js'

export function replayPorts(): ReplayPorts {
  return {
    crypto: createNodeCrypto({ threads: true }),
    compression: nodeCompression,
    surroundings: platformSurroundings(),
  }
}

/** Throws `bad-option` where it cannot be read. */
export async function readReplay({ cwd }: Io, file: string): Promise<Uint8Array> {
  try {
    return await readFile(resolve(cwd, file))
  } catch (cause) {
    throw new IbexError('bad-option', `${file} cannot be read: ${String(cause)}`, { cause })
  }
}

/** Throws what does not hold. */
export async function openReplay(io: Io, file: string, options: OpenReplayOptions): Promise<Replay & ReplayInside> {
  return openReplayFile(await readReplay(io, file), options, replayPorts())
}
