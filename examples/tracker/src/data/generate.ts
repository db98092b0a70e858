/** Plausible issues out of a seed: the same seed and day give the same issues. */
import type { CreateInput } from 'ibex-state'
import type { Issue, Priority, Status } from './issue.js'
import { LABELS } from './labels.js'
import { TEAM } from './people.js'
import { chanceOf, type Chance } from './random.js'
import { ACTIONS, AREAS, CONDITIONS, NEW_THINGS, SYMPTOMS, THINGS, WHYS } from './words.js'

export type NewIssue = CreateInput<typeof Issue>

const DAY = 86_400_000

const STATUS_WEIGHTS: readonly (readonly [Status, number])[] = [
  ['backlog', 30],
  ['todo', 22],
  ['doing', 9],
  ['review', 6],
  ['done', 27],
  ['cancelled', 6],
]
const PRIORITY_WEIGHTS: readonly (readonly [Priority, number])[] = [
  [0, 4],
  [1, 16],
  [2, 32],
  [3, 24],
  [4, 24],
]

/** `count` issues; the oldest half a year before `today` (milliseconds), which is cut to a day. */
export function generateIssues(count: number, seed: number, today: number): NewIssue[] {
  const chance = chanceOf(seed)
  const midnight = today - (today % DAY)
  const seen = new Set<string>()
  return Array.from({ length: count }, () => {
    let sketch = sketchOf(chance)
    for (let tries = 0; tries < 20 && seen.has(sketch.title); tries++) sketch = sketchOf(chance)
    seen.add(sketch.title)
    const status = chance.weighted(STATUS_WEIGHTS)
    const isOpen = status !== 'done' && status !== 'cancelled'
    // Old issues tend to be done, and few are very old.
    const age = Math.floor(chance.next() ** 2 * 180 * DAY * (isOpen ? 0.7 : 1)) + (isOpen ? 0 : 3 * DAY)
    const isAssigned = chance.next() < (status === 'backlog' ? 0.25 : 0.85)
    return {
      ...sketch,
      status,
      priority: chance.weighted(PRIORITY_WEIGHTS),
      votes: chance.next() < 0.45 ? Math.floor(chance.next() ** 3 * 40) : 0,
      author: chance.pick(TEAM).id,
      opened: new Date(midnight - age + chance.below(DAY / 60_000) * 60_000 - DAY),
      ...(isAssigned && { assignee: chance.pick(TEAM).id }),
    }
  })
}

function sketchOf(chance: Chance): { title: string; description: string; tags: string[] } {
  const area = chance.pick(AREAS)
  const tags = new Set<string>()
  const tag = (name: string): void => void tags.add(LABELS.find((label) => label.name === name)!.id)
  if (chance.next() < 0.5) tag(area.label)
  let title: string
  let description = ''
  const kind = chance.next()
  if (kind < 0.5) {
    const [symptom, label] = chance.pick(SYMPTOMS)
    title = `${chance.pick(area.things)} ${symptom} ${chance.pick(CONDITIONS)}`
    tag(label)
    if (chance.next() < 0.7) description = `${chance.pick(WHYS)}\n\nSeen ${chance.pick(CONDITIONS)} too.`
  } else if (kind < 0.8) {
    title = `${chance.pick(ACTIONS)} ${chance.pick(area.things).toLowerCase()} ${chance.pick(CONDITIONS)}`
    if (chance.next() < 0.4) tag('refactor')
    if (chance.next() < 0.5) description = chance.pick(WHYS)
  } else {
    title = `${chance.pick(NEW_THINGS)} ${chance.pick(THINGS)}`
    tag('feature')
    if (chance.next() < 0.5) description = chance.pick(WHYS)
  }
  if (tags.size === 0 || chance.next() < 0.12) tags.add(chance.pick(LABELS).id)
  return { title: title[0]!.toUpperCase() + title.slice(1), description, tags: [...tags] }
}
