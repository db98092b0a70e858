import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openAuthorityKey } from './authority-key.js'
import { createNodeCrypto } from './node-crypto.js'

const crypto = createNodeCrypto()
let folder: string
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'ibex-key-'))))
afterEach(() => rm(folder, { recursive: true, force: true }))

test('the key is made once, and only its owner can read it', async () => {
  const said: string[] = []
  const place = join(folder, 'deep', 'authority')
  const first = await openAuthorityKey(place, crypto, (line) => said.push(line))
  const again = await openAuthorityKey(place, crypto, (line) => said.push(line))
  expect(again.publicKey).toEqual(first.publicKey)
  expect(said).toHaveLength(1)
  expect(await readdir(place)).toEqual(['root-key.pem'])
  expect((await stat(join(place, 'root-key.pem'))).mode & 0o777).toBe(0o600)
  expect((await stat(place)).mode & 0o777).toBe(0o700)
  const message = Uint8Array.of(1, 2, 3)
  expect(await crypto.verify(first.publicKey, message, await again.sign(message))).toBe(true)
})

test('of several that start at once, all get the same key', async () => {
  const keys = await Promise.all(Array.from({ length: 8 }, () => openAuthorityKey(folder, crypto, () => {})))
  expect(new Set(keys.map(({ publicKey }) => publicKey.join())).size).toBe(1)
  expect(await readdir(folder)).toEqual(['root-key.pem'])
})

test('a damaged key is reported, never replaced; one that others can read is complained of', async () => {
  const path = join(folder, 'root-key.pem')
  await openAuthorityKey(folder, crypto, () => {})
  await chmod(path, 0o644)
  const said: string[] = []
  await openAuthorityKey(folder, crypto, (line) => said.push(line))
  expect(said.join()).toContain('chmod 600')
  const text = await readFile(path, 'utf8')
  await writeFile(path, text.slice(0, 60))
  await expect(openAuthorityKey(folder, crypto, () => {})).rejects.toMatchObject({ code: 'storage-damaged' })
  expect(await readFile(path, 'utf8')).toBe(text.slice(0, 60))
})
