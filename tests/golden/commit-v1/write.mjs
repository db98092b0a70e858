// Writes the golden files of commit format 1:  node tests/golden/commit-v1/write.mjs
// Each `<name>.bin` is a stored commit, `<name>.json` what decoding it must tell. Files that exist are left alone: a
// released format never changes. A new format gets a folder of its own, with this script copied and adapted.
import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** @import { Commit, CommitParts } from '../../../src/graph/commit.js' */
/** @import { Value } from '../../../src/value/value.js' */

const path = (/** @type {string} */ relative) => fileURLToPath(new URL(relative, import.meta.url))
const { outputFiles } = await build({
  stdin: {
    contents: `export * from './src/graph/commit.ts'; export * from './src/value/bytes.ts'`,
    resolveDir: path('../../..'),
  },
  bundle: true,
  format: 'esm',
  write: false,
})
/** @type {typeof import('../../../src/graph/commit.js') & typeof import('../../../src/value/bytes.js')} */
const { encodeCommit, stripCommit, signedMessage, withSignature, ByteWriter } = await import(
  `data:text/javascript;base64,${Buffer.from(outputFiles[0]?.contents ?? []).toString('base64')}`
)

const sha256 = (/** @type {Uint8Array | readonly Uint8Array[]} */ bytes) =>
  new Uint8Array(
    createHash('sha256')
      .update(bytes instanceof Uint8Array ? bytes : Buffer.concat(bytes))
      .digest(),
  )
const hash = (/** @type {string} */ text) => sha256(new TextEncoder().encode(text))
const hex = (/** @type {Uint8Array} */ bytes) => Buffer.from(bytes).toString('hex')
const ids = (/** @type {string[]} */ ...names) => names.map((name) => hex(hash(name))).sort()

// A key for these files alone: its seed is SHA-256 of "golden". 16 bytes of ASN.1 make a seed a PKCS #8 key.
const seed = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), hash('golden')])
const privateKey = createPrivateKey({ key: seed, format: 'der', type: 'pkcs8' })
const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-32)

/** @type {(item: string, fields: Record<string, Value>) => Uint8Array} */
function chunk(item, fields) {
  const writer = new ByteWriter()
  writer.raw(hash(`random of ${item}`).subarray(0, 16))
  writer.string(item)
  writer.string('task')
  writer.varuint(1)
  writer.varuint(Object.keys(fields).length)
  for (const [field, value] of Object.entries(fields)) {
    writer.varuint(0)
    writer.string(field)
    writer.u8(3)
    writer.value(value)
  }
  return writer.finish()
}

const change = {
  kind: 'change',
  repository: '/data/main',
  session: hex(sha256(publicKey).subarray(0, 16)),
  lane: hex(hash('lane').subarray(0, 8)),
  flush: 1,
  time: { ms: 1_764_000_000_000, counter: 0 },
  parents: [],
  actions: [{ offset: 0 }],
  chunks: [chunk('first', { title: 'Buy milk', done: false })],
}
const later = { ...change, flush: 300, time: { ms: 1_764_000_000_333, counter: 65_535 } }
const large = {
  ...later,
  repository: '/user/ann@example.org/notes',
  parents: ids('a', 'b', 'c'),
  actions: [{ label: 'Rename “Äpfel” 🍎', offset: 0 }, { offset: 0 }, { label: 'Tick', offset: 12_345 }],
  chunks: [
    chunk('first', { title: 'Äpfel 🍎', rank: 1.5, parent: null }),
    chunk('second', { done: true, count: -7, hash: hash('x') }),
    chunk('third', { tags: ['a', 'b'], meta: { depth: { of: 2 } } }),
  ],
}
const empty = { actions: [], chunks: [] }
const seal = { ...later, ...empty, kind: 'seal' }
const files = {
  first: signed(change),
  several: signed(large),
  unsigned: unsigned(large),
  withheld: stripCommit(signed(large), (/** @type {number} */ index) => index === 1),
  erased: stripCommit(unsigned(change), () => false),
  'most-parents': signed({ ...later, parents: ids(...Array.from({ length: 32 }, (_, n) => `${n}`)) }),
  'far-time': signed({ ...change, flush: Number.MAX_SAFE_INTEGER, time: { ms: 2 ** 48 - 1, counter: 1 } }),
  join: signed({ ...later, ...empty, kind: 'join', parents: ids('a', 'b') }),
  seal: signed({ ...seal, parents: ids('a'), seal: { count: 1, authorityHead: '', void: [] } }),
  'seal-with-everything': signed({
    ...seal,
    parents: ids(...Array.from({ length: 256 }, (_, n) => `${n}`)),
    seal: { count: 100_000, authorityHead: hex(hash('log')), void: ids('v', 'w'), keyframe: hash('keyframe') },
  }),
}

/** @type {(parts: object) => Commit} */
function unsigned(parts) {
  return encodeCommit(/** @type {CommitParts} */ (parts), sha256)
}

/** @type {(parts: object) => Commit} */
function signed(parts) {
  const commit = unsigned(parts)
  return withSignature(
    commit,
    new Uint8Array(sign(null, signedMessage(commit.header.repository, commit.id), privateKey)),
  )
}

for (const [name, commit] of Object.entries(files)) {
  const to = path(`./${name}.bin`)
  if (existsSync(to)) {
    console.log(`${name}: exists, left alone`)
    continue
  }
  const { id, header, actions, chunks, signature, bytes } = commit
  // Byte arrays as hexadecimal.
  const plain = (/** @type {string} */ _, /** @type {unknown} */ value) =>
    value instanceof Uint8Array ? hex(value) : value
  const told = { id, publicKey: hex(publicKey), header, actions, chunks, signature }
  writeFileSync(to, bytes)
  writeFileSync(path(`./${name}.json`), `${JSON.stringify(told, plain, 2)}\n`)
  console.log(`${name}: ${bytes.length} bytes`)
}
