import { expect, test } from 'vitest'
import { encodeCertificate } from '../../src/crypto/certificate.js'
import { rule } from '../../src/repository/rules.js'
import { VALID_MS } from '../../src/server/certificates.js'
import { MAIN, RawClient } from './raw-client.js'
import { Task, titles, World } from './world.js'

/** A server with one honest client, which wrote one thing. */
async function begin(config?: Parameters<World['start']>[0]) {
  const world = await new World().start(config)
  const honest = await world.client()
  honest.tasks.create({ title: 'honest' })
  await world.settle()
  const { journal } = await world.server.repository(MAIN)
  return { world, honest, graph: journal.graph, journal }
}

test('an honest stranger is heard, so that the refusals below prove something', async () => {
  const { world, honest, graph } = await begin()
  const stranger = await RawClient.connect(world)
  const commit = await stranger.commit('hello', { parents: graph.heads() })
  await stranger.push([commit])
  await world.settle(100)
  expect(stranger.refusals()).toEqual([])
  expect(stranger.last('ack')?.frontier).toEqual([commit.id])
  expect(titles(honest)).toEqual(['hello', 'honest'])
})

test('a forged signature is refused with bad-signature, and the connection with it', async () => {
  const { world, honest, graph } = await begin()
  const [forger, other] = [await RawClient.connect(world), await RawClient.connect(world)]
  const commit = await forger.commit('forged', { sign: other.key })
  await forger.push([commit])
  expect(forger.refusals()).toEqual(['bad-signature'])
  expect(forger.closed).toBe('bad-signature')
  // In the name of another, whose certificate everybody can have.
  const liar = await RawClient.connect(world)
  const inNameOf = await liar.commit('forged', { session: other.session })
  await liar.push([inNameOf], { credentials: [other.certificate!] })
  expect(liar.refusals()).toEqual(['bad-signature'])
  expect(graph.has(commit.id) || graph.has(inNameOf.id)).toBe(false)
  expect(titles(honest)).toEqual(['honest'])
})

test('a byte that was tampered with, wherever it is, makes a commit that nobody takes', async () => {
  const { world, honest, graph } = await begin()
  const author = await RawClient.connect(world)
  const { bytes, id } = await author.commit('pristine')
  const codes = new Set<string>()
  const step = 1 + Math.floor(bytes.length / 60)
  for (let at = 0; at < bytes.length; at += step) {
    const tampered = bytes.slice()
    tampered[at]! ^= 1
    const carrier = await RawClient.connect(world)
    await carrier.push([tampered], { credentials: [author.certificate!] })
    for (const code of carrier.refusals()) codes.add(code)
    expect(carrier.refusals()).toHaveLength(1)
  }
  expect(graph.size).toBe(1)
  expect([...codes]).toEqual(expect.arrayContaining(['bad-signature', 'bad-hash']))
  // Whoever carried the damaged bytes is cut off, the commit itself is not to blame.
  await author.push([bytes])
  expect(graph.has(id)).toBe(true)
  await world.settle()
  expect(titles(honest)).toEqual(['honest', 'pristine'])
})

test('a commit of a session that nobody introduced waits for its certificate', async () => {
  const { world, graph } = await begin()
  const carrier = await RawClient.connect(world)
  const { key, session } = await RawClient.connect(await new World().start())
  const commit = await carrier.commit('unknown', { sign: key, session })
  await carrier.push([commit])
  expect(carrier.refusals()).toEqual(['unknown-session for now'])
  expect(carrier.closed).toBeUndefined()
  // A bare key proves nothing about who it is: the authority wants to have met the session.
  await carrier.push([commit], { credentials: [key.publicKey] })
  expect(carrier.refusals().at(-1)).toBe('sign-in for now')
  expect(graph.has(commit.id)).toBe(false)
  const met = await RawClient.connect(world, { key })
  await carrier.push([commit], { credentials: [met.certificate!] })
  expect(graph.has(commit.id)).toBe(true)
})

test("a certificate that is not the authority's is refused with bad-certificate", async () => {
  const { world } = await begin()
  const forger = await RawClient.connect(world)
  const now = world.time.now()
  const certificate = await encodeCertificate(
    {
      session: forger.session,
      publicKey: forger.key.publicKey,
      user: 'admin' as never,
      issued: now,
      expires: now + 2 * VALID_MS,
    },
    forger.key,
  )
  await forger.push([await forger.commit('admin')], { credentials: [certificate] })
  expect(forger.refusals()).toEqual(['bad-certificate'])
  expect(forger.closed).toBe('bad-certificate')
})

test('a commit replayed into another repository is refused with wrong-repository', async () => {
  const { world, honest } = await begin()
  const author = await RawClient.connect(world)
  const commit = await author.commit('main')
  await author.push([commit])
  const thief = await RawClient.connect(world)
  await thief.push([commit], { repository: '/data/other', credentials: [author.certificate!] })
  expect(thief.refusals()).toEqual(['wrong-repository'])
  expect(thief.closed).toBe('wrong-repository')
  const { journal } = await world.server.repository('/data/other')
  expect(journal.graph.size).toBe(0)
  await world.settle()
  expect(titles(honest)).toEqual(['honest', 'main'])
})

test('a time in the future is refused for now with clock-ahead, and taken when it has come', async () => {
  const { world, graph } = await begin()
  const author = await RawClient.connect(world)
  const early = await author.commit('tomorrow', { time: world.time.now() + 61_000 })
  const child = await author.commit('child', { time: world.time.now() + 61_001, parents: [early.id] })
  await author.push([early, child])
  expect(author.refusals()).toEqual(['clock-ahead for now', 'clock-ahead for now'])
  expect(graph.size).toBe(1)
  await world.settle(2000)
  await author.push([early, child])
  expect(graph.has(child.id)).toBe(true)
})

test('back-dating only loses races', async () => {
  const { world, honest, graph } = await begin()
  const author = await RawClient.connect(world)
  await author.push([await author.commit('old', { time: 1000 })])
  await world.settle()
  expect(titles(honest)).toEqual(['honest', 'old'])
  // A child is later than its parents, or a lie.
  await author.push([await author.commit('lie', { time: 1000, parents: graph.heads() })])
  expect(author.closed).toBe('bad-time')
})

test('a client cannot seal', async () => {
  const { world, graph } = await begin()
  const { encodeCommit, signedMessage, withSignature } = await import('../../src/graph/commit.js')
  const author = await RawClient.connect(world)
  const unsigned = encodeCommit(
    {
      kind: 'seal',
      repository: MAIN,
      session: author.session,
      lane: '0011223344556677' as never,
      flush: 1,
      time: { ms: world.time.now() + 1, counter: 0 },
      parents: graph.heads(),
      actions: [],
      chunks: [],
      seal: { count: 1, authorityHead: '', void: [...graph.heads()] },
    },
    world.crypto.sha256,
  )
  const signature = await author.key.sign(signedMessage(MAIN, unsigned.id))
  await author.push([withSignature(unsigned, signature).bytes])
  expect(author.refusals()).toEqual(['bad-signature'])
})

test('a proof for another nonce is refused', async () => {
  const { world } = await begin()
  const thief = await RawClient.connect(world, { forgeProof: true })
  expect(thief.last('welcome')?.refusal?.code).toBe('bad-signature')
  expect(thief.closed).toBe('bad-signature')
})

test('who has not said hello is not answered', async () => {
  const { world } = await begin()
  const { createMemoryPair } = await import('../../src/transport/memory.js')
  const [mine, theirs] = createMemoryPair(world.surroundings())
  world.server.accept(theirs)
  let closed = ''
  mine.onMessage(() => {})
  mine.onClose(({ message }) => (closed = message))
  await world.settle(9000)
  expect(closed).toBe('')
  await world.settle(2000)
  expect(closed).toBe('no handshake')
  expect(world.server.health().connections).toBe(1)
})

test('a user stays with its session', async () => {
  const { world } = await begin({
    schemas: [Task],
    authenticate: ({ token, headers }) => {
      if (token === 'nobody') return undefined
      if (token === 'broken') throw new Error('the database of users is away')
      return token ?? (headers['cookie'] as string | undefined) ?? null
    },
  })
  const ann = await RawClient.connect(world, { token: 'ann' })
  const { key } = ann
  const again = await RawClient.connect(world, { key, token: 'ann' })
  expect(again.certificate).toEqual(ann.certificate)
  for (const token of ['bob', 'nobody', 'broken']) {
    const other = await RawClient.connect(world, { key, token })
    expect(other.last('welcome')?.refusal?.code).toBe('sign-in')
  }
  const cookie = await RawClient.connect(world, { key, headers: { cookie: 'ann' } })
  expect(cookie.certificate).toEqual(ann.certificate)
  // A server that forgot, or was wiped, reads it in the certificate.
  const { createMemoryStorage } = await import('../../src/storage/memory.js')
  world.storage = createMemoryStorage()
  await world.start({ schemas: [Task], authenticate: ({ token }) => token ?? null })
  const forgotten = await RawClient.connect(world, { key, token: 'bob', certificate: ann.certificate! })
  expect(forgotten.last('welcome')?.refusal?.code).toBe('sign-in')
  expect(world.said.join('\n')).toContain('the database of users is away')
})

test('who a session belongs to is remembered over a restart, without its certificate', async () => {
  const config = { schemas: [Task], authenticate: ({ token }: { token: string | undefined }) => token ?? null }
  const { world } = await begin(config)
  const { key } = await RawClient.connect(world, { token: 'ann' })
  await world.start(config)
  const other = await RawClient.connect(world, { key, token: 'bob' })
  expect(other.last('welcome')?.refusal?.code).toBe('sign-in')
  expect((await RawClient.connect(world, { key, token: 'ann' })).certificate).toBeDefined()
})

test('a certificate is renewed when less than half of it is left, and when an anonymous session signs in', async () => {
  const { world } = await begin({ schemas: [Task], authenticate: ({ token }) => token ?? null })
  const first = await RawClient.connect(world)
  const { key } = first
  const signedIn = await RawClient.connect(world, { key, token: 'ann' })
  expect(signedIn.certificate).not.toEqual(first.certificate)
  world.shift = VALID_MS / 2 - 10_000
  expect((await RawClient.connect(world, { key, token: 'ann' })).certificate).toEqual(signedIn.certificate)
  world.shift += 20_000
  expect((await RawClient.connect(world, { key, token: 'ann' })).certificate).not.toEqual(signedIn.certificate)
})

test('rules and spaces decide what a session may open', async () => {
  const authenticate = ({ token }: { token: string | undefined }): string | null => token ?? null
  const { world } = await begin({ schemas: [Task], authenticate })
  const ask = async (client: RawClient, path: string): Promise<string | undefined> => {
    client.received.length = 0
    client.send({
      type: 'summary',
      repository: path as never,
      answer: false,
      follows: false,
      heads: [],
      count: 0,
      ladder: [],
      credit: 1000,
    })
    await world.settle(0)
    return client.last('error')?.code ?? client.last('summary')?.type
  }
  const ann = await RawClient.connect(world, { token: 'ann' })
  expect(await ask(ann, '/data/other')).toBe('summary')
  expect(await ask(ann, '/user/ann/notes')).toBe('summary')
  expect(await ask(ann, '/user/bob/notes')).toBe('forbidden')
  expect(await ask(ann, '/local/main')).toBe('forbidden')
  expect(await ask(ann, '/sys/sessions')).toBe('forbidden')
  world.server.configure({
    schemas: [Task],
    authenticate,
    rules: [
      rule('/user/:id/public', {}),
      rule('/user/:id/*', { read: ({ session, params }) => session.user === params['id'] || 'Not yours.' }),
      rule('/data/main', {
        read: () => {
          throw new Error('bug')
        },
      }),
    ],
  })
  await world.settle(0)
  expect(ann.closed).toBe('configuration changed')
  const bob = await RawClient.connect(world, { token: 'bob' })
  expect(await ask(bob, '/user/ann/public')).toBe('summary')
  expect(await ask(bob, '/user/ann/notes')).toBe('forbidden')
  expect(bob.last('error')?.message).toBe('Not yours.')
  expect(await ask(bob, '/user/bob/notes')).toBe('summary')
  expect(await ask(bob, '/data/other')).toBe('forbidden')
  expect(await ask(bob, '/data/main')).toBe('forbidden')
})

test('data of another authority is not touched', async () => {
  const { world } = await begin()
  world.key = await world.crypto.createKey()
  await expect(world.start()).rejects.toMatchObject({ code: 'wrong-authority' })
})

test('I-14: sessions without commits are not collected', async () => {
  const { world } = await begin()
  const flooder = await RawClient.connect(world)
  const credentials = Array.from({ length: 100 }, (_, i) => new Uint8Array(32).fill(i))
  await flooder.push([await flooder.commit('one')], { credentials })
  expect(flooder.refusals()).toEqual(['limit'])
})
