import { expect, test } from 'vitest'
import { sha256 } from '../crypto/sha256.js'
import { commitIdOf, requireRepositoryPath } from '../ids.js'
import { seededRandom } from '../testing/virtual-time.js'
import { fflateCompression } from './deflate.js'
import { decodeMessage, encodeMessage } from './message-codec.js'
import { type KeyframeMessage, MAX_FRAME_BYTES } from './messages.js'
import { decodeGift, encodeGift, Intake, PART_BYTES, partOf, type Whole } from './parts.js'

const repository = requireRepositoryPath('/data/main')
const random = seededRandom(3)
const whole: Whole = {
  at: [commitIdOf(random.bytes(32))],
  commits: [random.bytes(200)],
  bytes: random.bytes(PART_BYTES * 2 + 77),
}
const ask = (part: number, given = whole): Promise<KeyframeMessage> =>
  partOf(repository, given, part, sha256, fflateCompression)

/** As it comes over the wire, and within what a message may have. */
function travel(message: KeyframeMessage): KeyframeMessage {
  const frame = encodeMessage(message)
  expect(frame.length).toBeLessThan(MAX_FRAME_BYTES)
  return decodeMessage(frame) as KeyframeMessage
}

async function pull(given: Whole, times = 1): Promise<{ intake: Intake; asked: number }> {
  const first = travel(await ask(0, given))
  const intake = new Intake(first)
  let asked = 1
  await intake.take(first, sha256, fflateCompression)
  for (let next = intake.next; next !== undefined; next = intake.next) {
    const message = travel(await ask(next, given))
    for (let i = 0; i < times; i++) await intake.take(message, sha256, fflateCompression)
    asked++
  }
  return { intake, asked }
}

test('what is larger than a message comes part by part, and is the same in the end', async () => {
  const { intake, asked } = await pull(whole)
  expect(asked).toBe(3)
  expect(intake.at).toEqual(whole.at)
  expect(intake.commits).toEqual(whole.commits)
  expect(intake.whole()).toEqual(whole.bytes)
})

test('what deflates well travels deflated', async () => {
  const given = { ...whole, bytes: new Uint8Array(PART_BYTES + 5) }
  expect((await ask(0, given)).payload.length).toBeLessThan(1000)
  expect((await pull(given)).intake.whole()).toEqual(given.bytes)
})

test('nothing at all is one empty part', async () => {
  const message = travel(await partOf(repository, undefined, 4, sha256, undefined))
  expect(message).toMatchObject({ at: [], commits: [], part: 0, parts: 1, size: 0 })
  expect((await pull({ at: [], commits: [], bytes: new Uint8Array() })).intake.whole()).toHaveLength(0)
})

test('a keyframe travels with the certificates of those whom it names', () => {
  const gift = { keyframe: random.bytes(300), credentials: [random.bytes(5), random.bytes(0), random.bytes(200)] }
  expect(decodeGift(encodeGift(gift))).toEqual(gift)
  expect(() => decodeGift(encodeGift(gift).subarray(0, -1))).toThrow(
    expect.objectContaining({ code: 'malformed-bytes' }),
  )
})

test('parts that come twice, or too early, are passed over', async () => {
  const { intake } = await pull(whole, 2)
  expect(intake.whole()).toEqual(whole.bytes)
  const first = await ask(0)
  const early = new Intake(first)
  await early.take(await ask(2), sha256, fflateCompression)
  expect(early.next).toBe(0)
})

test('a part that was changed, of another size, or of another whole is refused', async () => {
  const first = await ask(0)
  const begun = async (): Promise<Intake> => {
    const intake = new Intake(first)
    await intake.take(first, sha256, fflateCompression)
    return intake
  }
  const second = await ask(1)
  const changed = { ...second, payload: second.payload.slice() }
  changed.payload[5]! ^= 1
  await expect((await begun()).take(changed, sha256, fflateCompression)).rejects.toMatchObject({ code: 'bad-hash' })
  for (const wrong of [{ parts: 4 }, { size: 3 }]) {
    const lie = { ...second, ...wrong }
    await expect((await begun()).take(lie, sha256, fflateCompression)).rejects.toMatchObject({ code: 'protocol' })
  }
  // More than was said, or less in the end.
  for (const size of [PART_BYTES, whole.bytes.length + 1]) {
    const intake = new Intake({ ...first, size })
    await intake.take({ ...first, size }, sha256, fflateCompression)
    const rest = async (): Promise<void> => {
      for (const part of [1, 2]) await intake.take({ ...(await ask(part)), size }, sha256, fflateCompression)
    }
    await expect(rest()).rejects.toMatchObject({ code: 'protocol' })
  }
})

test('I-14: a claim of more than there can be is refused at once', () => {
  const claim: KeyframeMessage = {
    type: 'keyframe',
    repository,
    at: [],
    commits: [],
    part: 0,
    parts: 1e9,
    size: 2 ** 50,
    hash: new Uint8Array(32),
    inflated: 0,
    payload: new Uint8Array(),
  }
  expect(() => new Intake(claim)).toThrow(expect.objectContaining({ code: 'protocol' }))
  expect(() => new Intake({ ...claim, parts: 0 })).toThrow(expect.objectContaining({ code: 'protocol' }))
  const odd = { ...claim, parts: 1, commits: [new Uint8Array(3)] }
  expect(() => new Intake(odd)).toThrow(expect.objectContaining({ code: 'protocol' }))
})
