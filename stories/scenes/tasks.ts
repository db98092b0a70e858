/** What the stories' people work on. */
import { defineSchema, field } from 'ibex-state'

export const STATES = ['open', 'doing', 'review', 'done'] as const

export const Task = defineSchema('task', {
  title: field.string(),
  state: field.enum(STATES).default('open'),
  notes: field.string().default(''),
  owner: field.string().optional(),
  due: field.date().optional(),
  estimate: field.number().optional(),
  tags: field.set(field.string()),
  votes: field.counter(),
  links: field.map(field.string()),
  look: field.json<{ colour: string; pinned: boolean; size: { width: number; height: number } }>().optional(),
})

export const Person = defineSchema('person', {
  name: field.string(),
  away: field.boolean().default(false),
})
