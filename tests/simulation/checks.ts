/** What must be true when everything has healed and come to rest. */
import { isDeepStrictEqual } from 'node:util'
import { type Commit, decodeCommit } from '../../src/graph/commit.js'
import { since } from '../../src/graph/ancestry.js'
import type { CommitId } from '../../src/ids.js'
import { baseOf } from '../../src/repository/clone.js'
import { foldAccepted } from '../../src/history/fold.js'
import { encodeItems, encodeKeyframe } from '../../src/history/keyframe.js'
import { RepositoryState, visibleItems } from '../../src/history/state.js'
import { existence } from '../../src/item/fields/existence.js'
import { readField } from '../../src/item/state.js'
import type { Journal } from '../../src/repository/journal.js'
import { equalBytes } from '../../src/value/bytes.js'
import { equalValues } from '../../src/value/order.js'
import type { Value } from '../../src/value/value.js'
import type { AnySnapshot } from '../../src/schema/schema.js'
import type { Tab } from './device.js'
import { type Oracle, replay } from './oracle.js'
import { Account, MOST_RATING, MOST_VOTES, Thing } from './things.js'
import { sha256 } from './hash.js'
import type { World } from './world.js'

/** One name for what is wrong, or undefined. */
export type Finding = string | undefined

/** Cheap: whether everybody has the same commits, and nobody waits for anything. */
export function unrest(server: Journal, tabs: readonly Tab[]): Finding {
  const heads = server.graph.heads().join()
  if (server.storage.error) return `the server does not store: ${server.storage.error.message}`
  for (const tab of tabs) {
    const { process, journal, store } = tab
    if (!journal) return `process ${process} has not opened the repository: ${store.status().error?.message}`
    if (journal.storage.error) return `process ${process} does not store: ${journal.storage.error.message}`
    const { connection, complete, error } = store.status()
    if (connection !== 'online' || !complete) {
      return `process ${process} is ${connection}, complete: ${complete}; ${error?.message}`
    }
    if (journal.graph.heads().join() !== heads) {
      return `process ${process} has other heads (${journal.graph.size} commits) than the server (${server.graph.size})`
    }
    const { boundary, unchecked = 0 } = journal
    if (tab.device.options.history === 'full' && journal.storage.log && (boundary || unchecked > 0)) {
      return `process ${process} lacks some of the past, or has not checked it: ${unchecked}`
    }
    if (journal.pendingActions > 0) return `process ${process} waits for ${journal.pendingActions} actions`
    if (journal.repository.state.provisional.size > 0) return `process ${process} holds something provisional`
  }
  return undefined
}

/** All commits of a replica, with their bytes. */
export async function commitsOf(journal: Journal): Promise<Commit[]> {
  const commits: Commit[] = []
  for (let n = 0; n < journal.graph.size; n++) {
    commits.push(decodeCommit(await journal.storage.bytesOf(journal.graph.idAt(n)), sha256))
  }
  return commits
}

/** Everything that must hold at rest; the first thing that does not. */
export async function check(world: World, server: Journal, tabs: readonly Tab[]): Promise<Finding> {
  const commits = await commitsOf(server)
  const isVoid = ({ id }: Commit): boolean => server.fates.of(id) === 'void'
  const accepted = commits.filter((commit) => !isVoid(commit))
  return (
    checkStates(server, accepted) ??
    checkReplicas(server, tabs) ??
    (await checkBytes(server, tabs)) ??
    checkDeeds(world, commits, isVoid, tabs) ??
    checkCounters(world, server, accepted)
  )
}

/** A state that is not what a fold of its commits from the beginning gives, as far as their bytes are here. */
export async function findDivergence(journal: Journal): Promise<Finding> {
  const { state } = journal.repository
  const { boundary, storage } = journal
  if (!storage.log || storage.error) return undefined
  const base = boundary && (await baseOf(journal))
  if (boundary && !base) return undefined
  const accepted = base ?? new RepositoryState()
  for (const commit of await commitsOf(journal)) {
    if (journal.fates.of(commit.id) === 'accepted') foldAccepted(accepted, commit)
  }
  const same = equalBytes(encodeKeyframe(state), encodeItems(visibleItems(accepted)))
  return same ? undefined : 'what is accepted differs from a fold of the accepted commits'
}

/** (a) The server's state is what a naive replay of the accepted commits says, and a fold of them in another order. */
function checkStates(server: Journal, accepted: readonly Commit[]): Finding {
  const { state } = server.repository
  const backwards = new RepositoryState()
  for (const commit of accepted.slice().reverse()) foldAccepted(backwards, commit)
  const kept = encodeKeyframe(state)
  if (!equalBytes(kept, encodeItems(visibleItems(backwards)))) return 'I-6: a fold in another order gives other bytes'
  if (!equalBytes(kept, encodeItems(visibleItems(state)))) return 'the server shows other than what it accepted'
  return compareWithOracle(state, replay(accepted))
}

function compareWithOracle(state: RepositoryState, oracle: Oracle): Finding {
  let items = 0
  for (const item of visibleItems(state)) {
    items++
    const name = `${item.layout.schema}/${item.id}`
    const wanted = oracle.get(name)
    if (!wanted) return `there is an item ${name} that nobody touched`
    if (existence(item) !== wanted.existence) return `${name} is ${existence(item)}, and should be ${wanted.existence}`
    const schema = item.layout.schema === 'thing' ? Thing : Account
    for (const [field, { merge }] of Object.entries(schema.fields)) {
      const value = wanted.fields.get(`${merge} ${field}`)
      const held = readField(item, merge, field, 1)
      // A set or map that holds nothing any more may have held something or not.
      const empty = merge === 'set' ? [] : merge === 'map' ? {} : null
      if (!equalValues(held ?? empty, value ?? empty)) {
        return `${name} has ${field} ${text(held)}, and should have ${text(value)}`
      }
    }
    if (wanted.existence !== 'present') continue
    const title = (readField(item, 'register', 'title', 1) ?? '') as string
    const votes = (readField(item, 'counter', 'votes', 1) ?? 0) as number
    const rating = (readField(item, 'register', 'rating', 1) ?? 0) as number
    if (/^(evil|bang)/.test(title) || votes > MOST_VOTES || rating > MOST_RATING) {
      return `${name} shows what is forbidden: ${title}, ${votes} votes, rating ${rating}`
    }
  }
  return items === oracle.size ? undefined : `there are ${items} items, and should be ${oracle.size}`
}

/** (b) Everybody holds and shows the same. */
function checkReplicas(server: Journal, tabs: readonly Tab[]): Finding {
  const kept = encodeKeyframe(server.repository.state)
  const shown = new Map<string, AnySnapshot>()
  for (const [i, { process, journal, store }] of tabs.entries()) {
    const { graph, repository } = journal!
    const frontier = journal!.boundary?.frontier ?? []
    const wanted = since(server.graph, frontier).length + frontier.length
    if (graph.size !== wanted) return `process ${process} has ${graph.size} commits of ${wanted}`
    for (let n = 0; n < graph.size; n++) {
      const id = graph.idAt(n)
      const [here, there] = [journal!.fates.of(id), server.fates.of(id)]
      if (here !== there) return `I-9: ${id} is ${here} in process ${process}, and ${there} at the server`
    }
    if (!equalBytes(encodeKeyframe(repository.state), kept)) return `I-6: process ${process} has accepted another state`
    for (const { id, layer } of visibleItems(repository.state)) {
      if (layer) return `process ${process} shows something of ${id} that is not accepted`
    }
    let rows = 0
    for (const schema of [Thing, Account]) {
      for (const row of repository.table(schema).all()) {
        rows++
        if (i === 0) shown.set(row.$path, row)
        const other = shown.get(row.$path)
        if (row !== other && !isDeepStrictEqual(row, other)) {
          return `process ${process} shows ${JSON.stringify(row)}, and process ${tabs[0]!.process} ${JSON.stringify(other)}`
        }
      }
    }
    if (rows !== shown.size)
      return `process ${process} shows ${rows} items, and process ${tabs[0]!.process} ${shown.size}`
    const { problems } = store.status()
    if (problems.some(({ kind }) => kind === 'invalid-item')) return `process ${process} has items it cannot show`
  }
  return undefined
}

/** (c) and (d): what was promised of each action was kept, nothing happened twice, and who was refused knows. */
/** (e) Whoever began from a keyframe and has taken what is below has it as it is. */
async function checkBytes(server: Journal, tabs: readonly Tab[]): Promise<Finding> {
  for (const { process, journal, device } of tabs) {
    if (!device.options.history || !journal!.storage.log) continue
    for (let n = 0; n < journal!.graph.size; n++) {
      const id = journal!.graph.idAt(n)
      const names = ({ graph }: Journal): string =>
        `${graph
          .get(id)!
          .parents.map((parent) => graph.idAt(parent))
          .sort()}`
      if (!journal!.boundary && names(journal!) !== names(server))
        return `process ${process} has other parents of ${id}`
      if (!equalBytes(await journal!.bytesOf(id), await server.bytesOf(id)))
        return `process ${process} has another ${id}`
    }
  }
  return undefined
}

function checkDeeds(
  world: World,
  commits: readonly Commit[],
  isVoid: (commit: Commit) => boolean,
  tabs: readonly Tab[],
): Finding {
  const { ledger } = world
  const places = new Map<string, Commit[]>()
  for (const commit of commits) {
    for (const label of new Set(commit.actions.map((action) => action.label))) {
      if (label !== undefined) places.set(label, [...(places.get(label) ?? []), commit])
    }
  }
  const living = new Set(tabs.map(({ process }) => process))
  const forbidden = new Set(ledger.deeds.filter((deed) => deed.forbidden).map(({ label }) => label))
  for (const { label, device, process, promise } of ledger.deeds) {
    const [place, ...more] = places.get(label) ?? []
    if (more.length > 0) return `${label} was done ${more.length + 1} times: ${place!.id}, ${more[0]!.id}`
    const mustBe = promise === 'server' || ((promise !== 'none' || living.has(process)) && !ledger.lost.has(device))
    if (!place) {
      if (mustBe) return `${label} of process ${process} is lost, promised: ${promise}`
      continue
    }
    if (promise === 'server' && isVoid(place)) return `${label} was said to be accepted, and is void`
    if (promise === 'refused' && !isVoid(place)) return `${label} was said to be refused, and stands`
    if (!isVoid(place)) continue
    if (!place.actions.some((action) => forbidden.has(action.label ?? ''))) {
      return `I-11: honest work was refused: ${label} in ${place.id}`
    }
    const owners = tabs.filter((tab) => tab.device.options.number === device)
    if (owners.length > 0 && !owners.some((tab) => knows(tab, place.id))) {
      return `I-11: nobody on device ${device} knows that ${label} was refused (${place.id})`
    }
  }
  for (const [told, times] of ledger.told) if (times > 1) return `process ${told} was told ${times} times of a refusal`
  return undefined
}

function knows({ store }: Tab, commit: CommitId): boolean {
  return store.status().rejected.some((rejection) => rejection.commit === commit)
}

/** Counters are the sums of what was added by actions that stand: nothing is lost there, and nothing counts twice. */
function checkCounters({ ledger }: World, server: Journal, accepted: readonly Commit[]): Finding {
  const standing = new Set(accepted.flatMap(({ actions }) => actions.map(({ label }) => label)))
  const sums = new Map<string, number>()
  for (const { label, counted } of ledger.deeds) {
    if (standing.has(label)) for (const [key, by] of counted) sums.set(key, (sums.get(key) ?? 0) + by)
  }
  for (const item of visibleItems(server.repository.state)) {
    for (const name of ['votes', 'balance']) {
      const held = readField(item, 'counter', name, 1) ?? 0
      const wanted = sums.get(`${item.layout.schema}/${item.id} ${name}`) ?? 0
      if (held !== wanted) return `${item.layout.schema}/${item.id} counts ${text(held)} ${name}, and should ${wanted}`
    }
  }
  return undefined
}

function text(value: Value | undefined): string {
  return value === undefined ? 'nothing' : JSON.stringify(value)
}
