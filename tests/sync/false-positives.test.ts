/** I-13, with ids ground so that the filters of the exchange contain them although nobody there has such commits. */
import { expect, test } from 'vitest'
import { commitIdOf, type CommitId } from '../../src/ids.js'
import { createFilter, readFilter } from '../../src/sync/bloom.js'
import { chanceOf, type Chance, fakeCommit, type FakeNode, Fleet } from './fleet.js'

/** The next eight random bytes that are drawn are these: a salt that the author of ids somehow knows. */
function fixSalt(node: FakeNode, salt: Uint8Array): void {
  const random = node.random
  let fixed = false
  const drawn = (length: number): Uint8Array => {
    if (length !== 8 || fixed) return random(length)
    fixed = true
    return salt
  }
  Object.assign(node, { random: drawn })
}

function grind(chance: Chance, filter: Uint8Array): CommitId {
  const has = readFilter(filter)!
  const hash = Uint8Array.from({ length: 32 }, () => chance() * 256)
  const view = new DataView(hash.buffer)
  for (;;) {
    for (let at = 0; at < 32; at += 4) view.setUint32(at, chance() * 4294967296)
    const id = commitIdOf(hash)
    if (has(id)) return id
  }
}

interface Outcome {
  readonly needs: number
  readonly commits: number
  readonly roundTrips: number
}

/** One exchange from first contact, without a keep-alive. */
async function exchange(fleet: Fleet, a: FakeNode, b: FakeNode): Promise<Outcome> {
  await fleet.connect(a, b)
  await fleet.settle()
  expect(fleet.converged()).toBe(true)
  expect(fleet.nodes.flatMap((node) => node.violations)).toEqual([])
  const sent = [a, b].map((node) => node.links[0]!.sent)
  return {
    needs: sent.reduce((sum, { types }) => sum + (types.need ?? 0), 0),
    commits: sent.reduce((sum, { commits }) => sum + commits, 0),
    roundTrips: fleet.now / 2,
  }
}

/** Two nodes with 10 commits in common, then 20 on b; the filter that b will make of them is known. */
async function prepare(
  seed: number,
): Promise<{ fleet: Fleet; chance: Chance; a: FakeNode; b: FakeNode; ofB: Uint8Array }> {
  const chance = chanceOf(seed)
  const fleet = new Fleet(chance, 2)
  const [a, b] = fleet.nodes as [FakeNode, FakeNode]
  for (let n = 0; n < 10; n++) b.add(await a.write())
  for (let n = 0; n < 20; n++) await b.write()
  const salt = b.random(8)
  fixSalt(b, salt)
  // Fewer than 128 commits at a: it guesses nothing to be common, so b describes all that it has.
  const ofB = createFilter([...b.stored.keys()], salt)
  return { fleet, chance, a, b, ofB }
}

test('I-13: one false positive, anywhere in 20 commits: found and repaired in the same exchange', async () => {
  for (let at = 0; at < 20; at++) {
    const { fleet, chance, a, b, ofB } = await prepare(100 + at)
    for (let n = 0; n < 20; n++) await a.write(40, n === at ? grind(chance, ofB) : undefined)
    const { needs, commits, roundTrips } = await exchange(fleet, a, b)
    // A commit after one that is sent is sent with it; only the first can slip through.
    expect(needs).toBe(at === 0 ? 1 : 0)
    expect(commits).toBe(40)
    expect(roundTrips).toBeLessThanOrEqual(at === 0 ? 3 : 2)
  }
})

test('I-13: all heads are false positives: a question names them, whatever its filter says', async () => {
  const { fleet, chance, a, b, ofB } = await prepare(7)
  const [root] = a.graph.heads()
  const twigs = Array.from({ length: 12 }, () => grind(chance, ofB))
  for (const id of twigs) a.add(fakeCommit(id, [root!], 100, a.session, 40))
  const { needs, commits } = await exchange(fleet, a, b)
  expect(needs).toBe(0)
  expect(commits).toBe(32)
})

test('I-13: a whole chain that the filter contains costs one question, as the next filter has another salt', async () => {
  const { fleet, chance, a, b, ofB } = await prepare(8)
  for (let n = 0; n < 20; n++) await a.write(40, grind(chance, ofB))
  const { needs, commits, roundTrips } = await exchange(fleet, a, b)
  expect(needs).toBe(1)
  expect(commits).toBe(40)
  expect(roundTrips).toBeLessThanOrEqual(3)
})

test('I-13: false positives of the filter in a first summary', async () => {
  const { fleet, chance, a, b } = await prepare(9)
  for (let n = 0; n < 10; n++) await a.write()
  const salt = a.random(8)
  fixSalt(a, salt)
  const ofA = createFilter([...a.stored.keys()], salt)
  for (let n = 0; n < 5; n++) await b.write(40, grind(chance, ofA))
  const { needs } = await exchange(fleet, a, b)
  // They descend from commits that are sent, so they are sent too.
  expect(needs).toBe(0)

  const lone = await prepare(10)
  const saltOfLone = lone.a.random(8)
  fixSalt(lone.a, saltOfLone)
  for (let n = 0; n < 10; n++) await lone.a.write()
  const filter = createFilter([...lone.a.stored.keys()], saltOfLone)
  const past = [...lone.a.stored.keys()][9]!
  lone.b.add(fakeCommit(grind(lone.chance, filter), [past], 50, lone.b.session, 40))
  expect((await exchange(lone.fleet, lone.a, lone.b)).needs).toBe(1)
})

test('I-13: tiny filters, whose chance of a false positive is greatest: 500 exchanges, each complete', async () => {
  let needs = 0
  for (let seed = 1; seed <= 500; seed++) {
    const chance = chanceOf(seed)
    const fleet = new Fleet(chance, 2)
    const [a, b] = fleet.nodes as [FakeNode, FakeNode]
    for (let n = 0; n < 3; n++) b.add(await a.write())
    for (const node of fleet.nodes) for (let n = 1 + Math.floor(chance() * 5); n > 0; n--) await node.write()
    const outcome = await exchange(fleet, a, b)
    needs += outcome.needs
    expect(outcome.roundTrips).toBeLessThanOrEqual(outcome.needs ? 3.5 : 2)
  }
  expect(needs).toBeGreaterThan(0)
}, 20_000)
