/** The project that a new repository begins with. */
import { IbexError, type Store } from 'ibex-state'
import { generateIssues, type NewIssue } from './generate.js'
import { Issue, Label, type Status } from './issue.js'
import { LABELS } from './labels.js'
import { chanceOf } from './random.js'
import { STATUS_NAMES } from './terms.js'

const SEED = 20_26
const COUNT = 60

/** What the labels of its actions begin with. */
const SAMPLE = 'Sample: '

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
      for (const { id, ...rest } of LABELS) unlessThere(() => store.collection(Label).create(rest, { id }))
    },
    { label: `${SAMPLE}labels` },
  )
  // Action by action, as it would have come about, so that there is something to see in its history.
  for (const { i, issue, status } of eventsOf(project, today)) {
    const id = ids[i]!
    store.transact(() => (issue ? unlessThere(() => issues.create(issue, { id })) : issues.update(id, { status })), {
      label: SAMPLE + (issue?.title ?? `a move to ${STATUS_NAMES[status]}`),
    })
  }
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
    { label: `${SAMPLE}votes` },
  )
}

/** Whether an action belongs to the beginning of a project, which nobody means to undo. */
export function isSeed({ label }: { readonly label: string | undefined }): boolean {
  return label?.startsWith(SAMPLE) ?? false
}

/** What an issue went through to come where it is. */
const WAYS: Readonly<Record<Status, readonly Status[]>> = {
  backlog: [],
  todo: ['todo'],
  doing: ['todo', 'doing'],
  review: ['todo', 'doing', 'review'],
  done: ['todo', 'doing', 'review', 'done'],
  cancelled: ['cancelled'],
}

interface SeedEvent {
  readonly time: number
  readonly i: number
  readonly status: Status
  /** When it is reported. */
  readonly issue?: NewIssue
}

/** How the project came about: each issue is reported in the backlog, and goes its way until today. */
function eventsOf(project: readonly NewIssue[], today: number): readonly SeedEvent[] {
  const events = project.flatMap(({ votes: _, status: end = 'todo', ...issue }, i): SeedEvent[] => {
    const time = issue.opened.getTime()
    const way = WAYS[end]
    return [
      { time, i, status: 'backlog', issue: { ...issue, status: 'backlog' } },
      ...way.map((status, step) => ({ time: time + ((today - time) * (step + 1)) / (way.length + 1), i, status })),
    ]
  })
  return events.sort((a, b) => a.time - b.time)
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
