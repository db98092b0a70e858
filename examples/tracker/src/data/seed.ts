/** The project that a new repository begins with. */
import { IbexError, type Store } from 'ibex-state'
import { generateIssues } from './generate.js'
import { Issue, Label } from './issue.js'
import { LABELS } from './labels.js'
import { chanceOf } from './random.js'

const SEED = 20_26
const COUNT = 60

/** Ids that do not depend on who seeds: two devices that both do make the same issues, which then are the same. */
const ids = ((): readonly string[] => {
  const chance = chanceOf(SEED)
  const digits = Array.from('0123456789abcdefghjkmnpqrstvwxyz')
  return Array.from(
    { length: COUNT },
    (_, i) => `seed-${i}-${Array.from({ length: 5 }, () => chance.pick(digits)).join('')}`,
  )
})()

/**
 * Fills the repository with a small project, unless there is, or ever was, something in it. To be called once it is
 * complete.
 */
export async function seedOnce(store: Store, today: number): Promise<void> {
  const issues = store.collection(Issue)
  // A deleted issue is no reason to begin anew.
  if (issues.query({ limit: 1 }).count > 0 || issues.statusOf(ids[0]!) !== 'missing') return
  const project = generateIssues(COUNT, SEED, today)
  store.transact(
    () => {
      for (const { id, ...label } of LABELS) unlessThere(() => store.collection(Label).create(label, { id }))
      for (const [i, { votes: _, ...issue }] of project.entries()) {
        unlessThere(() => issues.create(issue, { id: ids[i]! }))
      }
    },
    { label: 'Begin with a sample project' },
  )
  // A counter adds up what all add to it, so only one may count: the device whose issues these are in the end.
  const seeder = issues.get(ids[0]!)?.$createdBy
  await store.synced()
  if (issues.get(ids[0]!)?.$createdBy !== seeder) return
  store.transact(
    () => {
      for (const [i, { votes = 0 }] of project.entries()) {
        if (votes > 0 && issues.get(ids[i]!)) issues.update(ids[i]!, (draft) => draft.votes.increment(votes))
      }
    },
    { label: 'Votes of the sample project' },
  )
}

function unlessThere(create: () => void): void {
  try {
    create()
  } catch (error) {
    if (!(error instanceof IbexError && error.code === 'item-exists')) throw error
  }
}

/** One action holds about two hundred kilobytes, and an issue has some hundred bytes. */
const BATCH = 250

/** Adds `count` issues of a seed, some at a time, so that the window goes on meanwhile. */
export async function addSample(store: Store, count: number, seed: number, today: number): Promise<void> {
  for (const { id, ...label } of LABELS) {
    if (store.collection(Label).statusOf(id) === 'missing') store.collection(Label).create(label, { id })
  }
  const issues = generateIssues(count, seed, today)
  for (let from = 0; from < count; from += BATCH) {
    store.transact(() => void store.collection(Issue).createMany(issues.slice(from, from + BATCH)), {
      label: `Add ${count.toLocaleString('en')} sample issues`,
    })
    await new Promise((resolve) => setTimeout(resolve))
  }
}
