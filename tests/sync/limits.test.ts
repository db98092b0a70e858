/** I-14: what lying, slow and greedy peers can cause. The liar is the test itself, which says what no step would. */
import { describe, expect, test } from 'vitest'
import { commitIdOf, type CommitId } from '../../src/ids.js'
import type { Batch } from '../../src/sync/batch.js'
import { createFilter } from '../../src/sync/bloom.js'
import type { AskMessage, Rejection, SummaryMessage } from '../../src/sync/messages.js'
import { createPeer, type Effects, type Peer } from '../../src/sync/peer.js'
import { admitted, durable, receive, rejected, settled, start, tick } from '../../src/sync/step.js'
import { bytesBy, chanceOf, type FakeCommit, fakeCommit, FakeNode, Fleet, REPOSITORY } from './fleet.js'

const chance = chanceOf(1)
const random = bytesBy(chance)
const newId = (): CommitId => commitIdOf(random(32))
const repository = REPOSITORY
const EMPTY = createFilter([], new Uint8Array(8))

const nodeWith = async (commits: number, padding = 40): Promise<FakeNode> => {
  const node = new FakeNode('honest', random)
  for (let n = 0; n < commits; n++) await node.write(padding)
  return node
}
const summaryOf = (parts: Partial<SummaryMessage>): SummaryMessage => ({
  type: 'summary',
  repository,
  answer: false,
  follows: false,
  heads: [],
  count: 0,
  ladder: [],
  credit: 1024 * 1024,
  ...parts,
})
const batchOf = (commits: readonly FakeCommit[], parts: Partial<Batch> = {}): Batch => ({
  type: 'batch',
  repository,
  round: 0,
  more: false,
  partial: false,
  credentials: [],
  commits: commits.map(({ bytes }) => bytes),
  ...parts,
})
const wantOf = (parts: Partial<AskMessage> = {}): AskMessage => ({
  type: 'want',
  repository,
  round: 1,
  base: [],
  filter: EMPTY,
  ids: [],
  ...parts,
})
const questionIn = (effects: Effects<FakeCommit>): AskMessage | undefined =>
  effects.send.find((message): message is AskMessage => message.type === 'want' || message.type === 'need')
const peerOf = (parts: { authority?: boolean; resume?: CommitId[] } = {}): Peer<FakeCommit> =>
  createPeer<FakeCommit>({ repository, random, ...parts })
/** Takes a batch as a driver does, and gives the effects of the call after which nothing is left to admit. */
const admitAll = (node: FakeNode, peer: Peer<FakeCommit>, first: Effects<FakeCommit>): Effects<FakeCommit> => {
  let effects = first
  while (effects.admit.length) {
    effects.admit.forEach((commit) => node.add(commit))
    effects = settled(peer, node)
  }
  return effects
}

describe('I-14: lying peers are cut off', () => {
  test('a head that does not exist: four fruitless questions', async () => {
    const node = await nodeWith(5)
    const peer = peerOf()
    let effects = receive(peer, node, summaryOf({ heads: [newId()], count: 1 }))
    let questions = 0
    for (let asked; (asked = questionIn(effects)); questions++) {
      effects = receive(peer, node, batchOf([], { round: asked.round }))
    }
    expect(questions).toBe(4)
    expect(effects.violation?.code).toBe('limit')
    expect(receive(peer, node, wantOf())).toEqual({ send: [], credentials: [], admit: [], rejections: [] })
  })

  test('an endless chain, each commit with a parent that must be asked for', async () => {
    const node = await nodeWith(5)
    const peer = peerOf()
    let id = newId()
    let effects = receive(peer, node, summaryOf({ heads: [id], count: 1 }))
    let questions = 0
    for (let asked; (asked = questionIn(effects)); questions++) {
      const parent = newId()
      effects = receive(
        peer,
        node,
        batchOf([fakeCommit(id, [parent], 1e6 - questions, node.session, 10)], { round: asked.round }),
      )
      id = parent
    }
    expect(questions).toBe(4)
    expect(effects.violation?.code).toBe('limit')
  })

  test('always more to come, and nothing comes', async () => {
    const node = await nodeWith(5)
    const peer = peerOf()
    receive(peer, node, summaryOf({ heads: node.graph.heads(), count: 5 }))
    let effects = receive(peer, node, batchOf([], { partial: true }))
    let questions = 0
    for (let asked; (asked = questionIn(effects)); questions++) {
      effects = receive(peer, node, batchOf([], { round: asked.round, partial: true }))
    }
    expect(questions).toBe(4)
    expect(effects.violation?.code).toBe('limit')
  })

  test('a filter of ones', async () => {
    const effects = receive(peerOf(), await nodeWith(5), wantOf({ filter: new Uint8Array(72).fill(255) }))
    expect(effects.violation?.code).toBe('protocol')
    const offered = summaryOf({ heads: [newId()], resume: { frontier: [], filter: new Uint8Array(72).fill(255) } })
    expect(receive(peerOf(), await nodeWith(5), offered).violation?.code).toBe('protocol')
  })

  test('questions without end; a tick allows more', async () => {
    const node = await nodeWith(5)
    const peer = peerOf()
    for (let n = 0; n < 32; n++) expect(receive(peer, node, wantOf({ round: n + 1 })).violation).toBeUndefined()
    tick(peer, node, 0)
    for (let n = 0; n < 32; n++) expect(receive(peer, node, summaryOf({})).violation).toBeUndefined()
    expect(receive(peer, node, wantOf()).violation?.code).toBe('limit')
  })

  test('bytes that are no commit', async () => {
    const batch = { ...batchOf([]), commits: [new Uint8Array(50)] }
    expect(receive(peerOf(), await nodeWith(1), batch).violation?.code).toBe('malformed-bytes')
  })

  test('rejections are believed from the authority only', async () => {
    const node = await nodeWith(1)
    const rejections: Rejection[] = [{ id: node.graph.heads()[0]!, code: 'forbidden', message: '', final: true }]
    expect(rejected(peerOf(), []).send).toEqual([])
    const [message] = rejected(peerOf(), rejections).send
    expect(message).toEqual({ type: 'reject', repository, rejections })
    if (message?.type !== 'reject') throw new Error('unreachable')
    expect(receive(peerOf(), node, message).rejections).toEqual([])
    expect(receive(peerOf({ authority: true }), node, message).rejections).toEqual(rejections)
  })
})

describe('I-14: memory is bounded', () => {
  test('orphans: 2,000 and 4 MiB, the oldest go first', async () => {
    const node = await nodeWith(1)
    const peer = peerOf()
    const orphans = Array.from({ length: 3000 }, (_, n) => fakeCommit(newId(), [newId()], n + 2, node.session, 10))
    receive(peer, node, batchOf(orphans))
    expect([...peer.orphans.keys()]).toEqual(orphans.slice(-2000).map(({ id }) => id))
    const large = Array.from({ length: 60 }, (_, n) => fakeCommit(newId(), [newId()], n + 2, node.session, 100_000))
    for (const orphan of large) receive(peer, node, batchOf([orphan]))
    const bytes = [...peer.orphans.values()].reduce((sum, orphan) => sum + orphan.bytes.length, 0)
    expect(peer.orphanBytes).toBe(bytes)
    expect(bytes).toBeLessThanOrEqual(4 * 1024 * 1024)
    expect(peer.orphans.has(large.at(-1)!.id)).toBe(true)
  })

  test('what is remembered of a peer', async () => {
    const node = await nodeWith(1)
    const peer = peerOf()
    for (let n = 0; n < 6; n++) {
      const heads = Array.from({ length: 2000 }, newId)
      receive(peer, node, summaryOf({ heads, count: 10 }))
      settled(peer, node, heads)
      receive(peer, node, { type: 'ack', repository, frontier: heads, voids: [] })
      receive(peer, node, wantOf({ base: heads }))
    }
    for (const set of [peer.has, peer.unacked, peer.declined]) expect(set.size).toBeLessThanOrEqual(4096)
    expect([...peer.common, ...peer.hints].filter((id) => !node.graph.has(id))).toEqual([])
  })

  test('an answer has 1 MiB at the most, and says that there is more', async () => {
    const node = await nodeWith(300, 10_000)
    const peer = peerOf()
    const sizes = (effects: Effects<FakeCommit>): number =>
      effects.deliver!.ids.reduce((sum, id) => sum + node.stored.get(id)!.bytes.length, 0)
    const cut = receive(peer, node, wantOf())
    expect(sizes(cut)).toBeLessThanOrEqual(1024 * 1024)
    expect(cut.deliver).toMatchObject({ round: 1, partial: true })
    // Named one by one it is no different.
    const all = [...node.stored.keys()]
    const named = receive(peer, node, wantOf({ type: 'need', ids: all.slice(0, 256) }))
    expect(sizes(named)).toBeLessThanOrEqual(1024 * 1024)
    expect(receive(peer, node, summaryOf({ count: 0 })).deliver).toMatchObject({ round: 0, partial: true })
  })
})

test('I-14: whatever messages come, in whatever order, the step answers or cuts off', async () => {
  const node = await nodeWith(300)
  const held = [...node.stored.keys()]
  const pick = (n: number): number => Math.floor(chance() * n)
  const ids = (): CommitId[] => Array.from({ length: pick(4) }, () => (chance() < 0.6 ? held[pick(300)]! : newId()))
  const filter = (): Uint8Array => (chance() < 0.9 ? createFilter(ids(), random(8)) : random(pick(40)))
  const commit = (): FakeCommit => fakeCommit(newId(), ids(), pick(1000), node.session, 10)
  for (let run = 0; run < 200; run++) {
    const peer = peerOf({ resume: ids() })
    if (chance() < 0.5) start(peer, node)
    for (let n = 0; n < 20; n++) {
      const what = pick(7)
      const flags = { answer: chance() < 0.5, follows: chance() < 0.5 }
      const effects = receive(
        peer,
        node,
        what === 0
          ? summaryOf({ ...flags, heads: ids(), credit: pick(2e6), resume: { frontier: ids(), filter: filter() } })
          : what === 1
            ? wantOf({
                type: chance() < 0.5 ? 'want' : 'need',
                round: pick(5),
                base: ids(),
                filter: filter(),
                ids: ids(),
              })
            : what < 4
              ? batchOf([commit(), commit()], { round: pick(4), more: chance() < 0.3, partial: chance() < 0.3 })
              : what === 4
                ? { type: 'ack', repository, frontier: ids(), voids: ids() }
                : what === 5
                  ? { type: 'ping', repository, time: 1, heads: random(8) }
                  : { type: 'credit', repository, bytes: pick(2e6) },
      )
      for (const { id } of effects.admit) expect(node.graph.has(id)).toBe(false)
      for (const id of effects.deliver?.ids ?? []) expect(node.graph.has(id)).toBe(true)
      if (effects.violation) expect(peer.closed).toBe(true)
      // None is admitted: the node stays as it is.
      settled(
        peer,
        node,
        effects.admit.map(({ id }) => id),
      )
    }
  }
})

describe('I-14: back-pressure reaches the sender', () => {
  test('a peer that gives no credit gets 1 MiB, then is only told once that there is more', async () => {
    const node = await nodeWith(1)
    const peer = peerOf()
    receive(peer, node, summaryOf({ heads: node.graph.heads(), count: 1 }))
    let bytes = 0
    let deliveries = 0
    for (let n = 0; n < 100; n++) {
      const commit = await node.write(50_000)
      const { deliver } = admitted(peer, node, [commit.id])
      if (!deliver) continue
      deliveries++
      bytes += deliver.ids.length * commit.bytes.length
      expect(deliver.partial).toBe(peer.phase === 'behind')
    }
    expect(bytes).toBeLessThanOrEqual(1024 * 1024)
    expect(deliveries).toBe(Math.floor((1024 * 1024) / 50_150) + 1)
    // When it has taken what it got, it asks, and has missed nothing.
    const rest = receive(peer, node, wantOf({ base: [[...node.stored.keys()][deliveries - 1]!] }))
    expect(rest.deliver?.ids[0]).toBe([...node.stored.keys()][deliveries])
  })

  test('credit is given as commits are settled', async () => {
    const node = await nodeWith(1)
    const peer = peerOf()
    const sent: number[] = []
    for (let n = 0; n < 20; n++) {
      const commit = fakeCommit(newId(), [], n + 2, node.session, 100_000)
      const effects = admitAll(node, peer, receive(peer, node, batchOf([commit])))
      for (const message of effects.send) if (message.type === 'credit') sent.push(message.bytes)
    }
    expect(sent.length).toBe(6)
    expect(sent.every((bytes) => bytes >= 256 * 1024)).toBe(true)
  })

  test('a slow reader among fast ones catches up', async () => {
    const fleet = new Fleet(chanceOf(3), 3)
    const [server, slow, fast] = fleet.nodes as [FakeNode, FakeNode, FakeNode]
    for (const node of fleet.nodes) node.compression = undefined
    await fleet.connect(slow, server)
    await fleet.connect(fast, server)
    await fleet.settle()
    for (let n = 0; n < 80; n++) await server.write(50_000)
    await fleet.settle()
    expect(fleet.converged()).toBe(true)
    for (const { sent } of server.links) expect(sent.commits).toBe(80)
  })
})

describe('live', () => {
  test('a commit is pushed at once to all but those who have it, and acknowledged when it is durable', async () => {
    const fleet = new Fleet(chanceOf(4), 4)
    const [server, ...clients] = fleet.nodes as [FakeNode, FakeNode, FakeNode, FakeNode]
    for (const client of clients) await fleet.connect(client, server)
    await fleet.settle()
    for (const node of fleet.nodes) for (const link of node.links) link.sent.types = {}
    const { id } = await clients[0].write()
    await fleet.settle()
    expect(server.links.map(({ sent }) => sent.types)).toEqual([{}, { commits: 1 }, { commits: 1 }])
    expect(clients[0].acked.has(id)).toBe(false)
    await server.flush()
    await fleet.settle()
    expect(clients[0].acked.has(id)).toBe(true)
    expect(server.links.map(({ sent }) => sent.types)).toEqual([{ ack: 1 }, { commits: 1 }, { commits: 1 }])
  })

  test('nothing is pushed before it is known what the peer lacks', async () => {
    const node = await nodeWith(3)
    const peer = peerOf()
    expect(start(peer, node).send).toMatchObject([{ type: 'summary', answer: false, follows: false }])
    const { id } = await node.write()
    expect(admitted(peer, node, [id])).toMatchObject({ send: [] })
    // The answer shows that nothing is there yet, so that all goes, the new one too.
    const { deliver, synced } = receive(peer, node, summaryOf({ answer: true, count: 0 }))
    expect(deliver?.ids).toEqual([...node.stored.keys()])
    expect(synced).toBe(true)
  })

  test('on resume what was not acknowledged follows at once', async () => {
    const node = await nodeWith(3)
    const known = node.graph.heads()
    const { id } = await node.write()
    const { send, deliver } = start(peerOf({ resume: known }), node)
    expect(send).toMatchObject([{ follows: true, ladder: [], resume: { frontier: known, filter: undefined } }])
    expect(deliver).toEqual({ ids: [id], round: 0, partial: false })
  })

  test('a resume frontier that was lost here, or is unknown there, falls back to the ladder', async () => {
    const node = await nodeWith(300)
    expect(start(peerOf({ resume: [newId()] }), node).send[0]).toMatchObject({ follows: false, ladder: { length: 8 } })
    const answer = receive(peerOf(), node, summaryOf({ heads: [newId()], count: 500, resume: { frontier: [newId()] } }))
    expect(answer.send).toMatchObject([{ type: 'summary', answer: true, ladder: { length: 8 } }])
  })

  test('what is refused for now is not asked for until the peer speaks of it again', async () => {
    const node = await nodeWith(1)
    const peer = peerOf()
    const commit = fakeCommit(newId(), node.graph.heads(), 9, node.session, 10)
    const first = receive(peer, node, summaryOf({ heads: [commit.id], count: 2 }))
    expect(receive(peer, node, batchOf([commit], { round: questionIn(first)!.round })).admit).toEqual([commit])
    expect(questionIn(settled(peer, node, [commit.id]))).toBeUndefined()
    expect(questionIn(receive(peer, node, batchOf([])))).toBeUndefined()
    expect(questionIn(receive(peer, node, summaryOf({ heads: [commit.id], count: 2 })))).toBeDefined()
  })

  test('an orphan is released by what comes from elsewhere', async () => {
    const node = await nodeWith(1)
    const peer = peerOf()
    const parent = fakeCommit(newId(), node.graph.heads(), 8, node.session, 10)
    const child = fakeCommit(newId(), [parent.id], 9, node.session, 10)
    expect(receive(peer, node, batchOf([child])).admit).toEqual([])
    node.add(parent)
    expect(admitted(peer, node, [parent.id]).admit).toEqual([child])
    expect(peer.orphanBytes).toBe(0)
  })

  test('a keep-alive with equal heads says nothing more; a lost acknowledgement is asked for again', async () => {
    const node = await nodeWith(2)
    const peer = peerOf({ resume: node.graph.heads() })
    const [ping] = tick(peer, node, 5).send
    expect(ping).toMatchObject({ type: 'ping', time: 5, heads: { length: 8 } })
    if (ping?.type !== 'ping') throw new Error('unreachable')
    expect(receive(peer, node, ping)).toMatchObject({ send: [], synced: true })
    const unacked = peerOf()
    expect(receive(unacked, node, ping).send).toMatchObject([{ type: 'summary' }])
    await node.flush()
    expect(durable(unacked, node).send).toEqual([])
  })

  test('a keep-alive with equal heads ends whatever was awaited, and makes good for what was lost', async () => {
    const node = await nodeWith(2)
    const heads = node.graph.heads()
    const peer = peerOf({ resume: heads })
    // Its commits and its credit were lost, and came by another way.
    const lost = fakeCommit(newId(), heads, 8, node.session, 10)
    receive(peer, node, summaryOf({ heads: [lost.id], follows: true, credit: 100, resume: { frontier: heads } }))
    expect(peer).toMatchObject({ expecting: true, phase: 'reconciling', window: 100 })
    node.add(lost)
    const [ping] = tick(peerOf(), node, 0).send
    if (ping?.type !== 'ping') throw new Error('unreachable')
    receive(peer, node, ping)
    receive(peer, node, summaryOf({ answer: true, heads: [lost.id] }))
    expect(peer).toMatchObject({ expecting: false, phase: 'live', window: 1024 * 1024 })
    const next = fakeCommit(newId(), [lost.id], 9, node.session, 10)
    expect(admitAll(node, peer, receive(peer, node, batchOf([next]))).send).toEqual([])
  })
})
