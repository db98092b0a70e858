import { expect, test } from 'vitest'
import { encodeCertificate } from '../../src/crypto/certificate.js'
import { sessionIdOfKey } from '../../src/crypto/sha256.js'
import { decodeMessage, encodeMessage } from '../../src/sync/message-codec.js'
import { type HelloMessage, type Message, PROTOCOL_VERSION, type WelcomeMessage } from '../../src/sync/messages.js'
import { createMemoryPair } from '../../src/transport/memory.js'
import { type Client, World } from './world.js'

interface Impostor {
  readonly heard: string[]
}

/** From now on whoever connects reaches somebody who shows `authority` and answers a hello as `welcome` says. */
function takePlace(
  world: World,
  authority: Uint8Array | undefined,
  welcome: (hello: HelloMessage) => Promise<Partial<WelcomeMessage>>,
): Impostor {
  const heard: string[] = []
  world.dial = () => {
    const [client, mine] = createMemoryPair(world.surroundings())
    const send = (message: Message): void => mine.send(encodeMessage(message))
    mine.onMessage((bytes) => {
      const message = decodeMessage(bytes)
      heard.push(message.type)
      if (message.type === 'hello') {
        void welcome(message).then((parts) =>
          send({ type: 'welcome', time: world.time.now(), authority, certificate: undefined, ...parts }),
        )
      }
      if (message.type === 'summary') {
        const { repository, heads } = message
        send({ type: 'ack', repository, frontier: heads, voids: [] })
      }
    })
    send({ type: 'nonce', versions: [PROTOCOL_VERSION], nonce: new Uint8Array(32), authority })
    return client
  }
  return { heard }
}

async function begin(): Promise<{ world: World; client: Client }> {
  const world = await new World().start()
  const client = await world.client()
  client.tasks.create({ title: 'known' })
  await world.settle()
  client.store.setOffline(true)
  client.tasks.create({ title: 'unsent' })
  await world.settle()
  return { world, client }
}

test('I-19: a server that shows no key is not the one that was pinned: it is told nothing and believed nothing', async () => {
  const { world, client } = await begin()
  const { heard } = takePlace(world, undefined, async () => ({}))
  client.store.setOffline(false)
  await world.settle(3000)
  expect(heard).toEqual([])
  expect(client.store.status()).toMatchObject({ connection: 'refused', pending: 1, error: { code: 'wrong-authority' } })
})

test('I-19: a server that shows the pinned key, but cannot sign with it, is not believed', async () => {
  const { world, client } = await begin()
  const other = await world.crypto.createKey()
  const { heard } = takePlace(world, world.key.publicKey, async ({ publicKey }) => ({
    certificate: await encodeCertificate(
      {
        session: sessionIdOfKey(publicKey),
        publicKey,
        user: 'admin' as never,
        issued: 0,
        expires: world.time.now() * 2,
      },
      other,
    ),
  }))
  client.store.setOffline(false)
  await world.settle(3000)
  expect(heard).toEqual(['hello'])
  expect(client.store.status()).toMatchObject({ connection: 'refused', pending: 1, error: { code: 'wrong-authority' } })
  // Nor does it without a certificate, or with one of a key that it shows only now.
  const silent = takePlace(world, world.key.publicKey, async () => ({}))
  client.store.setOffline(true)
  client.store.setOffline(false)
  await world.settle(3000)
  expect(silent.heard).toEqual(['hello'])
  expect(client.store.status().pending).toBe(1)
})
