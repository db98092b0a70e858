/** The authority's root key pair, in a file of its own outside the data. */
import { createPrivateKey } from 'node:crypto'
import { link, open, readFile, rename, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { CryptoPort, SigningKey } from '../crypto/port.js'
import { IbexError } from '../errors.js'
import { toHex } from '../ids.js'
import { attempt } from '../storage/disk.js'
import { makeFolder, syncFolder } from './file-disk.js'
import { keyOfSeed } from './node-crypto.js'

/** PKCS#8 in PEM, as other tools write and read it. */
const FILE = 'root-key.pem'

/**
 * The key in `folder`; at the first start it is made, durably, and readable by nobody else. Whoever has this file is the
 * authority: back it up apart from the data. Throws `storage`, and `storage-damaged` where the file is no Ed25519 key.
 */
export async function openAuthorityKey(
  folder: string,
  crypto: CryptoPort,
  log: (line: string) => void,
): Promise<SigningKey> {
  const path = join(folder, FILE)
  try {
    const key = await readKey(path, log)
    if (key) return key
    await makeFolder(folder)
    await writeKey(folder, await crypto.createKey())
    log(`Made the authority's key: ${path}. Keep a copy of it in a safe place.`)
    // Read back, since another process may have been first.
    return (await readKey(path, log))!
  } catch (error) {
    throw keyFailure(folder, error)
  }
}

/** The key in `folder`, if there is one: none is made. Throws like {@link openAuthorityKey}. */
export async function readAuthorityKey(folder: string, log: (line: string) => void): Promise<SigningKey | undefined> {
  try {
    return await readKey(join(folder, FILE), log)
  } catch (error) {
    throw keyFailure(folder, error)
  }
}

function keyFailure(folder: string, error: unknown): IbexError {
  if (error instanceof IbexError) return error
  return new IbexError('storage', `The authority's key in ${folder} cannot be read or made: ${String(error)}`, {
    cause: error,
  })
}

async function readKey(path: string, log: (line: string) => void): Promise<SigningKey | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  if (process.platform !== 'win32' && ((await stat(path)).mode & 0o077) !== 0) {
    log(`Others on this machine can read the authority's key. Forbid it: chmod 600 ${path}`)
  }
  try {
    const { d } = createPrivateKey(text).export({ format: 'jwk' })
    return keyOfSeed(Buffer.from(d!, 'base64url'))
  } catch (error) {
    throw new IbexError('storage-damaged', `${path} does not hold an Ed25519 private key. Restore it from your copy.`, {
      cause: error,
    })
  }
}

/** Whole or not at all, and never over a key that is there. */
async function writeKey(folder: string, key: SigningKey): Promise<void> {
  const { seed } = key.stored() as { seed: Uint8Array }
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed])
  const pem = `-----BEGIN PRIVATE KEY-----\n${der.toString('base64')}\n-----END PRIVATE KEY-----\n`
  const next = join(folder, `${FILE}.${process.pid}.${toHex(key.publicKey.subarray(0, 4))}`)
  const handle = await open(next, 'wx', 0o600)
  try {
    await handle.writeFile(pem)
    await handle.sync()
  } finally {
    await handle.close()
  }
  const path = join(folder, FILE)
  try {
    await link(next, path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // Some file systems have no hard links.
    if (code === 'EPERM' || code === 'ENOTSUP' || code === 'ENOSYS') await rename(next, path)
    else if (code !== 'EEXIST') throw error
  }
  await attempt(() => unlink(next))
  await syncFolder(folder)
}
