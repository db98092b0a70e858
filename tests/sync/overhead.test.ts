import { expect, test } from 'vitest'
import { commitIdOf } from '../../src/ids.js'
import { chanceOf, type FakeCommit, type FakeNode, Fleet } from './fleet.js'

const NO_BYTES = new Uint8Array(150)

/** Two nodes with a long past in common, a few heads wide, and 100 commits of their own each. */
async function fleetWithPast(length: number, news = 100): Promise<[Fleet, FakeNode, FakeNode]> {
  const chance = chanceOf(length)
  const fleet = new Fleet(chance, 2)
  const [a, b] = fleet.nodes as [FakeNode, FakeNode]
  const past: FakeCommit[] = []
  for (let n = 0; n < length; n++) {
    const back = n < 2 ? [] : n % 10 === 5 ? [2] : n % 10 === 6 ? [1, 2] : [1]
    const parents = back.map((steps) => past[n - steps]!.id).sort()
    // Nobody will send these, so they need no bytes of their own.
    const header = { kind: 'change', parents, time: { ms: n, counter: 0 }, session: a.session } as const
    past.push({ id: commitIdOf(a.random(32)), header, bytes: NO_BYTES })
  }
  for (const node of fleet.nodes) {
    for (const commit of past) node.add(commit)
    node.known.add(a.session)
    for (let n = 0; n < news; n++) await node.write(100)
    await node.flush()
    node.compression = undefined
  }
  return [fleet, a, b]
}

interface Figures {
  /** Bytes sent both ways, beyond the commits themselves and their lengths. */
  readonly overhead: number
  /** From the first message until both have everything. */
  readonly roundTrips: number
  readonly commits: number
}

async function exchange(fleet: Fleet, from: FakeNode, to: FakeNode): Promise<Figures> {
  const begun = fleet.now
  let done = 0
  await fleet.connect(from, to)
  while (await fleet.step()) {
    if (!fleet.converged()) continue
    done ||= fleet.now
    for (const node of fleet.nodes) await node.flush()
  }
  expect(fleet.converged()).toBe(true)
  const figures = { overhead: 0, roundTrips: (done - begun) / 2, commits: 0 }
  for (const node of fleet.nodes) {
    const { bytes, commitBytes, commits } = node.links[0]!.sent
    figures.overhead += bytes - commitBytes - 2 * commits
    figures.commits += commits
  }
  fleet.disconnect(from, to)
  return figures
}

test('100,000 commits of history, 100 new on each side: 1 kB at first contact, 0.4 kB on resume, 1 to 1.5 round trips', async () => {
  const [fleet, a, b] = await fleetWithPast(100_000)
  const first = await exchange(fleet, a, b)
  expect(first).toMatchObject({ roundTrips: 1.5, commits: 200 })
  expect(first.overhead).toBeLessThan(1150)

  for (const node of fleet.nodes) for (let n = 0; n < 100; n++) await node.write(100)
  for (const node of fleet.nodes) await node.flush()
  const resumed = await exchange(fleet, a, b)
  expect(resumed).toMatchObject({ roundTrips: 1, commits: 200 })
  // Of these, 90 are the two acknowledgements and 64 the keys of the two sessions.
  expect(resumed.overhead).toBeLessThan(420)

  const idle = await exchange(fleet, a, b)
  expect(idle).toMatchObject({ commits: 0 })
  expect(idle.overhead).toBeLessThan(260)
}, 20_000)

test('a thousand new on each side, more than the guess at first contact: nothing is sent twice', async () => {
  const [fleet, a, b] = await fleetWithPast(2000, 1000)
  const figures = await exchange(fleet, a, b)
  expect(figures).toMatchObject({ roundTrips: 2, commits: 2000 })
  expect(figures.overhead).toBeLessThan(5000)
})

test('an empty replica gets all, part by part, each once', async () => {
  const fleet = new Fleet(chanceOf(1), 2)
  const [server, client] = fleet.nodes as [FakeNode, FakeNode]
  for (const node of fleet.nodes) node.compression = undefined
  for (let n = 0; n < 5000; n++) await server.write(1000)
  await server.flush()
  const { commits, overhead } = await exchange(fleet, client, server)
  expect(commits).toBe(5000)
  expect(overhead).toBeLessThan(5000)
})
