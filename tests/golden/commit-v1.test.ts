/** What was written once must be read for ever, with the same ids (protocol.md, section 7, fault 34). */
import { createPublicKey, verify } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { decodeCommit, signedMessage, stripCommit } from '../../src/graph/commit.js'
import { createNodeCrypto } from '../../src/server/node-crypto.js'

const folder = new URL('./commit-v1/', import.meta.url)
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.bin'))
  .map((file) => file.slice(0, -4))
const { sha256 } = createNodeCrypto()

const inHex = (_: string, value: unknown): unknown =>
  value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value

test('the files are there', () => {
  expect(names).toHaveLength(10)
})

test.each(names)('commit format 1: %s', (name) => {
  const bytes = new Uint8Array(readFileSync(new URL(`${name}.bin`, folder)))
  const { publicKey, ...told } = JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as {
    publicKey: string
  }
  const commit = decodeCommit(bytes, sha256)
  const { id, header, actions, chunks, signature } = commit
  expect(JSON.parse(JSON.stringify({ id, header, actions, chunks, signature }, inHex))).toEqual(told)
  if (signature) {
    const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(publicKey, 'hex')])
    const key = createPublicKey({ key: spki, format: 'der', type: 'spki' })
    expect(verify(null, signedMessage(header.repository, id), key, signature)).toBe(true)
  }
  expect(decodeCommit(stripCommit(commit, () => false).bytes, sha256).id).toBe(id)
})
