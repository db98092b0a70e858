/** What the tracker stores. The app and its server's rules share this file. */
import { defineSchema, field, type Snapshot } from 'ibex-state'

/** The states of an issue, in the order in which work passes through them. */
export const STATUSES = ['backlog', 'todo', 'doing', 'review', 'done', 'cancelled'] as const
export type Status = (typeof STATUSES)[number]

/** Priorities as numbers, so that they sort: the most urgent first, none last. */
export const PRIORITIES = [0, 1, 2, 3, 4] as const
export type Priority = (typeof PRIORITIES)[number]
export const NO_PRIORITY: Priority = 4

export const Issue = defineSchema('issue', {
  title: field.string(),
  description: field.string().default(''),
  status: field.enum(STATUSES).default('todo'),
  priority: field.number().default(NO_PRIORITY),
  /** A person's id, see `people.ts`. */
  assignee: field.string().optional(),
  /** Ids of labels. */
  tags: field.set(field.string()),
  votes: field.counter(),
  /** Who reported it, and when. */
  author: field.string(),
  opened: field.date(),
  /** Nobody may change a locked issue, except by unlocking it. */
  locked: field.boolean().default(false),
})
export type Issue = Snapshot<typeof Issue>

export const Label = defineSchema('label', {
  name: field.string(),
  /** An angle in degrees on the colour wheel. */
  hue: field.number(),
})
export type Label = Snapshot<typeof Label>

/** That the person at this device voted for the issue whose id this has; kept in a repository that never leaves the device. */
export const Vote = defineSchema('vote', {})

/** Where votes are remembered. */
export const OWN = '/local/own'

export const LONGEST_TITLE = 200
