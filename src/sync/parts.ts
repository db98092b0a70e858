/**
 * Something larger than a message, part by part: a keyframe. Its parts are pulled, one a question, and each says its hash,
 * so that what was changed on the way shows at once; what the whole must be, its receiver knows from elsewhere.
 */
import { IbexError } from '../errors.js'
import type { CommitId, RepositoryPath } from '../ids.js'
import type { Sha256 } from '../graph/body.js'
import { ByteWriter, concatBytes, equalBytes } from '../value/bytes.js'
import { type Compression, pack, readBlobs, unpack } from './batch.js'
import type { KeyframeMessage } from './messages.js'

/** Bytes of a part before it is deflated. */
export const PART_BYTES: number = 192 * 1024
/** More parts than anything honest has: 3 GiB. */
const MAX_PARTS = 16_384

/** What is given in parts. */
export interface Whole {
  readonly at: readonly CommitId[]
  /** The bytes of these commits. */
  readonly commits: readonly Uint8Array[]
  readonly bytes: Uint8Array
}

/** One part as a message. `whole` undefined: there is nothing to give. Of a part that there is not, the last. */
export async function partOf(
  repository: RepositoryPath,
  whole: Whole | undefined,
  wanted: number,
  sha256: Sha256,
  compression: Compression | undefined,
): Promise<KeyframeMessage> {
  const { at, commits, bytes } = whole ?? { at: [], commits: [], bytes: new Uint8Array() }
  const parts = Math.max(1, Math.ceil(bytes.length / PART_BYTES))
  const part = Math.min(wanted, parts - 1)
  const cut = bytes.subarray(part * PART_BYTES, (part + 1) * PART_BYTES)
  return {
    type: 'keyframe',
    repository,
    at,
    commits: part === 0 ? commits : [],
    part,
    parts,
    size: bytes.length,
    hash: sha256(cut),
    ...(await pack(cut, compression)),
  }
}

/** Identity: one for each thing that is being pulled. Bounded by what its first part says of its size. */
export class Intake {
  readonly at: readonly CommitId[]
  readonly commits: readonly Uint8Array[]
  readonly parts: number
  private readonly size: number
  private readonly taken: Uint8Array[] = []
  private bytes = 0

  /** Begins with the first part, which is still to be taken. */
  constructor({ at, commits, parts, size }: KeyframeMessage) {
    if (parts < 1 || parts > MAX_PARTS || commits.length !== at.length) throw wrong()
    this.at = at
    this.commits = commits
    this.parts = parts
    this.size = size
  }

  /** The part to ask for; undefined when all are here. */
  get next(): number | undefined {
    return this.taken.length < this.parts ? this.taken.length : undefined
  }

  /**
   * Takes a part, if it is the next; others were asked for twice, and are passed over. Throws an IbexError for what is not
   * what it says.
   */
  async take(message: KeyframeMessage, sha256: Sha256, compression: Compression | undefined): Promise<void> {
    if (message.part !== this.taken.length) return
    if (message.parts !== this.parts || message.size !== this.size) throw wrong()
    const bytes = await unpack(message, compression)
    if (!equalBytes(sha256(bytes), message.hash)) throw new IbexError('bad-hash', 'A part of a keyframe was changed.')
    this.taken.push(bytes)
    this.bytes += bytes.length
    if (this.bytes > this.size || (this.next === undefined && this.bytes < this.size)) throw wrong()
  }

  /** All that was taken. */
  whole(): Uint8Array {
    return concatBytes(...this.taken)
  }
}

/** A keyframe, and what is to be shown of the sessions that it names: certificates, as in `commits`. */
export interface Gift {
  readonly keyframe: Uint8Array
  readonly credentials: readonly Uint8Array[]
}

export function encodeGift({ keyframe, credentials }: Gift): Uint8Array {
  const writer = new ByteWriter(keyframe.length + 1024)
  for (const blob of [keyframe, ...credentials]) writer.bytes(blob)
  return writer.finish()
}

/** @throws IbexError `malformed-bytes` */
export function decodeGift(bytes: Uint8Array): Gift {
  const [keyframe = new Uint8Array(), ...credentials] = readBlobs(bytes)
  return { keyframe, credentials }
}

function wrong(): IbexError {
  return new IbexError('protocol', 'A keyframe in parts that do not fit together.')
}
